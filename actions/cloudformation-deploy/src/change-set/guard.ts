import { matchesWildcard } from '@aws-delivery/action-kit/util/wildcard';
import type { ProtectionOptions } from '../inputs/request.js';
import type { Outcome } from '../result.js';
import { type Change, type ChangeImpact, mayReplace } from './change.js';
import type { ChangeSet } from './change-set.js';
import { statefulTypes } from './stateful-types.js';

const NESTED_STACK_TYPE = 'AWS::CloudFormation::Stack';

const impactLabels: Readonly<Record<ChangeImpact, string>> = {
  added: 'added',
  modified: 'modified',
  replaced: 'replaced',
  'maybe-replaced': 'may be replaced',
  removed: 'removed',
  imported: 'imported',
  unknown: 'unknown change',
};

const isCovered = ({ type }: Change, { level, protectedTypes }: ProtectionOptions): boolean => {
  if (level === 'none') return false;
  // A nested stack takes its resources with it; a resource whose type is unknown may be of any type.
  const isContainer = type === NESTED_STACK_TYPE || type === '?';
  return (
    level === 'all' ||
    isContainer ||
    [...statefulTypes, ...protectedTypes].some((pattern) => matchesWildcard(type, pattern))
  );
};

const isAllowed = ({ path }: Change, { allowedReplacements }: ProtectionOptions): boolean =>
  allowedReplacements.some((name) => path === name || path.startsWith(`${name}.`));

// An updated nested stack is always Dynamic or Conditional: its own change set has the changes of its resources.
const hasReadableNestedChangeSet = (change: Change): boolean =>
  change.type === NESTED_STACK_TYPE && change.nestedChangeSetId !== undefined && change.impact === 'maybe-replaced';

/** The changes that `protect` forbids. */
export const findViolations = (protection: ProtectionOptions, changes: readonly Change[]): readonly Change[] =>
  changes.filter(
    (change) =>
      (change.impact === 'removed' || (mayReplace(change) && !hasReadableNestedChangeSet(change))) &&
      isCovered(change, protection) &&
      !isAllowed(change, protection),
  );

const hasUnreadNestedStacks = ({ includesNestedStacks, changes }: ChangeSet): boolean =>
  changes.some(
    ({ type, action, nestedChangeSetId }) =>
      type === NESTED_STACK_TYPE &&
      action !== 'Add' &&
      nestedChangeSetId === undefined &&
      (!includesNestedStacks || action === 'Modify'),
  );

/** The rejection of a change set that `protect` forbids; undefined if all its changes are allowed. */
export const checkProtection = (protection: ProtectionOptions, changeSet: ChangeSet): Outcome | undefined => {
  if (protection.level === 'none') return undefined;
  const forbidden = findViolations(protection, changeSet.changes);
  if (forbidden.length > 0) {
    const names = forbidden.map(({ path, type, impact }) => `${path} (${type}, ${impactLabels[impact]})`).join(', ');
    const line = `allow-replacement: ${forbidden.map(({ path }) => path).join(', ')}`;
    const reason = `protect: ${protection.level} rejects the changes to ${names}. To allow them in this run, add '${line}'`;
    return { kind: 'rejected', reason };
  }
  if (!hasUnreadNestedStacks(changeSet)) return undefined;
  const reason = `protect: ${protection.level} cannot check the nested stacks of this change set: create it with include-nested-stacks: true`;
  return { kind: 'rejected', reason };
};
