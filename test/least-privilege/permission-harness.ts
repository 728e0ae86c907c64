import type { Definition } from '@aws-delivery/action-kit/inputs/definition';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { describe, expect, it } from '@jest/globals';

/** Every IAM permission that an action's definition names. */
export type PermissionOf<D extends Definition> = D['permissions'][keyof D['permissions']][number]['actions'][number];

/** The IAM policy of a scenario's credentials. */
export interface Grant {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }[];
}

/** The outcome of a scenario. */
export interface ScenarioOutcome {
  readonly failed: boolean;
  /** Errors, log and summary. */
  readonly output: string;
  /** IAM actions of the calls that succeeded (`listUsedActions`). */
  readonly usedActions: readonly string[];
}

/** Runs the action with the permissions of a policy in a new account. */
export type PermissionScenario = (grant: Grant) => Promise<ScenarioOutcome>;

/** A scenario that shows that an action needs a permission, or the reason why none can. */
export type PermissionCase =
  | {
      readonly kind: 'failure' | 'continues';
      readonly permissionScenario: PermissionScenario;
      readonly output: RegExp | undefined;
    }
  | { readonly kind: 'unobservable'; readonly reason: string };

/**
 * The scenario fails without the permission, with an error that names it. `output` replaces this check where AWS's
 * error does not name the permission (a HEAD response has no body).
 */
export const expectFailure = (permissionScenario: PermissionScenario, output?: RegExp): PermissionCase => ({
  kind: 'failure',
  permissionScenario,
  output,
});

/** The scenario ends without the permission as with it, but `output` matches: what is missing, or what was left out. */
export const expectContinuation = (permissionScenario: PermissionScenario, output: RegExp): PermissionCase => ({
  kind: 'continues',
  permissionScenario,
  output,
});

/** No scenario can show the need: local AWS does not check the permission or does not model the operation. */
export const explainUnobservable = (reason: string): PermissionCase => ({ kind: 'unobservable', reason });

/** The IAM actions of the action's calls that succeeded. */
export const listUsedActions = (calls: readonly CallRecord[]): readonly string[] =>
  calls.filter(({ via, error }) => via === undefined && error === undefined).flatMap(({ actions }) => actions);

export interface ArnContext {
  readonly region: string;
  readonly account: string;
}

/** The policy from an action's definition for one account and Region, optionally without one permission. */
const buildGrant = ({ permissions }: Definition, { region, account }: ArnContext, withoutAction?: string): Grant => {
  const fill = (resource: string): string =>
    resource.replace('${Partition}', 'aws').replace('${Region}', region).replace('${Account}', account);
  const statements = Object.values(permissions)
    .flat()
    .map(({ actions, resources, conditions }) => ({
      Effect: 'Allow' as const,
      Action: actions.filter((action) => action !== withoutAction),
      Resource: resources.map(fill),
      ...(conditions !== undefined && { Condition: conditions }),
    }));
  return { Version: '2012-10-17', Statement: statements.filter(({ Action }) => Action.length > 0) };
};

/** Matches AWS's error message for a denied permission. */
const createDeniedPattern = (permission: string): RegExp => new RegExp(`not authorized to perform: ${permission}\\b`);

/** Caches outcomes: each scenario runs once with all permissions, as the reference for the runs without one. */
const createRunner = (): ((permissionScenario: PermissionScenario, grant: Grant) => Promise<ScenarioOutcome>) => {
  const outcomes = new Map<PermissionScenario, Promise<ScenarioOutcome>>();
  return (permissionScenario, grant) => {
    const outcome = outcomes.get(permissionScenario) ?? permissionScenario(grant);
    outcomes.set(permissionScenario, outcome);
    return outcome;
  };
};

/** The policies of one definition, and the cached runs with all permissions. */
interface PermissionTest {
  readonly fullGrant: Grant;
  readonly grantWithout: (permission: string) => Grant;
  readonly runScenario: (permissionScenario: PermissionScenario, grant: Grant) => Promise<ScenarioOutcome>;
}

/**
 * Expects that no scenario uses a permission that is declared unobservable. Scenarios run one after the other, since
 * they may share this process's environment.
 */
const verifyReason = async (
  { fullGrant, runScenario }: PermissionTest,
  permission: string,
  cases: readonly PermissionCase[],
): Promise<void> => {
  for (const permissionCase of cases) {
    if (permissionCase.kind !== 'unobservable')
      expect((await runScenario(permissionCase.permissionScenario, fullGrant)).usedActions).not.toContain(permission);
  }
};

const verifyScenario = async (
  { fullGrant, grantWithout, runScenario }: PermissionTest,
  permission: string,
  {
    kind,
    permissionScenario,
    output = createDeniedPattern(permission),
  }: Exclude<PermissionCase, { kind: 'unobservable' }>,
): Promise<void> => {
  const before = await runScenario(permissionScenario, fullGrant);
  if (kind === 'failure') expect(before.failed ? before.output : 'passes').toBe('passes');
  expect(before.output).not.toMatch(output);
  const after = await permissionScenario(grantWithout(permission));
  const actualKind = after.failed === before.failed ? 'continues' : 'failure';
  expect(`${actualKind}: ${after.output}`).toMatch(new RegExp(`^${kind}: `));
  expect(after.output).toMatch(output);
};

/** Declares a test for each permission, which removes it. Permissions and cases must match. */
export const verifyPermissions = <D extends Definition>(
  definition: D,
  arnContext: ArnContext,
  cases: Readonly<Record<PermissionOf<D>, PermissionCase>>,
): void => {
  const fullGrant = buildGrant(definition, arnContext);
  const permissionTest = {
    fullGrant,
    grantWithout: (permission: string) => buildGrant(definition, arnContext, permission),
    runScenario: createRunner(),
  };
  const rows = Object.entries<PermissionCase>(cases);

  describe(`each permission of ${definition.name}`, () => {
    it('has a test case', () => {
      const permissions = new Set(fullGrant.Statement.flatMap(({ Action }) => Action));
      expect(rows.map(([permission]) => permission).sort()).toEqual([...permissions].sort());
    });

    it.each(rows)('%s', async (permission, permissionCase) => {
      if (permissionCase.kind !== 'unobservable') return verifyScenario(permissionTest, permission, permissionCase);
      expect(permissionCase.reason).toMatch(/\w+ \w+/);
      const others = rows.map(([, otherCase]) => otherCase);
      return verifyReason(permissionTest, permission, others);
    });
  });
};
