import { collectGrants, coversGrant, formatGrant, type Grant, type SecurityResource } from './grant.js';

/** Access that is wider after a change. */
export interface WidenedPermission {
  /** Logical ID of the resource; in nested stacks `Nested.LogicalId`. */
  readonly path: string;
  readonly type: string;
  /** The statement, rule or setting in one line. */
  readonly text: string;
}

/** Statements that allow nothing, and settings that only restrict. */
const isRestriction = (grant: Grant): boolean =>
  grant.kind === 'restriction' || (grant.kind === 'statement' && grant.statement.effect === 'Deny');

/** Whether a removed restriction matters: one that goes with the resource that it protects does not. */
const isStillNeeded = ({ resource }: Grant, after: readonly SecurityResource[]): boolean =>
  resource.type.endsWith('Policy') || after.some(({ path }) => path === resource.path);

const toWidened = (grant: Grant, prefix: string): WidenedPermission => ({
  path: grant.resource.path,
  type: grant.resource.type,
  text: `${prefix}${formatGrant(grant)}`,
});

const listUncovered = (grants: readonly Grant[], others: readonly Grant[]): readonly Grant[] =>
  grants.filter((grant) => !others.some((other) => coversGrant(other, grant)));

/**
 * Compares the resources before and after a change: what is allowed after it and was not before, and what was denied
 * before it and is not after it. A statement that moves to another policy of the same role widens nothing.
 */
export const findWidenedPermissions = (
  before: readonly SecurityResource[],
  after: readonly SecurityResource[],
): readonly WidenedPermission[] => {
  const [grantsBefore, grantsAfter] = [before.flatMap(collectGrants), after.flatMap(collectGrants)];
  const added = listUncovered(
    grantsAfter.filter((grant) => !isRestriction(grant)),
    grantsBefore,
  );
  const lost = listUncovered(grantsBefore.filter(isRestriction), grantsAfter).filter((grant) =>
    isStillNeeded(grant, after),
  );
  const widened = [
    ...added.map((grant) => toWidened(grant, '')),
    ...lost.map((grant) => toWidened(grant, 'removed: ')),
  ];
  return [...new Map(widened.map((each) => [`${each.path} ${each.text}`, each])).values()];
};
