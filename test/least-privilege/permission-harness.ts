import type { Definition } from '@aws-delivery/action-kit/inputs/definition';
import type { CallRecord } from '@aws-delivery/local-aws/call-log';
import { describe, expect, it } from '@jest/globals';

/** Every IAM permission that an action's definition names. */
export type PermissionOf<D extends Definition> = D['permissions'][keyof D['permissions']][number]['actions'][number];

/** What a story's credentials may do. */
export interface Grant {
  readonly Version: '2012-10-17';
  readonly Statement: readonly {
    readonly Effect: 'Allow';
    readonly Action: readonly string[];
    readonly Resource: readonly string[];
  }[];
}

/** How a story ended. */
export interface ScenarioOutcome {
  readonly failed: boolean;
  /** Errors, log and summary. */
  readonly output: string;
  /** IAM actions behind the answers it got (`usedIn`). */
  readonly usedActions: readonly string[];
}

/** Runs the action with these permissions, on an account of its own. */
export type PermissionScenario = (grant: Grant) => Promise<ScenarioOutcome>;

/** What shows that an action needs a permission, or why nothing does. */
export type PermissionCase =
  | {
      readonly kind: 'failure' | 'continues';
      readonly permissionScenario: PermissionScenario;
      readonly output: RegExp | undefined;
    }
  | { readonly kind: 'unobservable'; readonly reason: string };

/** The story fails without it, by an error that names it; `said` where AWS gives no name (HEAD has no body). */
export const expectFailure = (permissionScenario: PermissionScenario, output?: RegExp): PermissionCase => ({
  kind: 'failure',
  permissionScenario,
  output,
});

/** The story ends without it as it ends with it, but says `said`: what is missing, or without what it does. */
export const expectContinuation = (permissionScenario: PermissionScenario, output: RegExp): PermissionCase => ({
  kind: 'continues',
  permissionScenario,
  output,
});

/** No story can show it here: local AWS does not ask for it, or has no answer to what needs it. */
export const explainUnobservable = (reason: string): PermissionCase => ({ kind: 'unobservable', reason });

/** The IAM actions that calls needed and were granted, where they had an answer. */
export const listUsedActions = (calls: readonly CallRecord[]): readonly string[] =>
  calls.filter(({ via, error }) => via === undefined && error === undefined).flatMap(({ actions }) => actions);

export interface ArnContext {
  readonly region: string;
  readonly account: string;
}

/** The policy an action comes with, for one account and Region; without one permission where it is named. */
export const buildGrant = (
  { permissions }: Definition,
  { region, account }: ArnContext,
  withoutAction?: string,
): Grant => {
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

/** The regular expression for the refusal of a permission, in AWS's words. */
const createDeniedPattern = (permission: string): RegExp => new RegExp(`not authorized to perform: ${permission}\\b`);

/** Runs each story once with everything it may need: what it says then is what the rest is held against. */
const createRunner = (): ((permissionScenario: PermissionScenario, grant: Grant) => Promise<ScenarioOutcome>) => {
  const outcomes = new Map<PermissionScenario, Promise<ScenarioOutcome>>();
  return (permissionScenario, grant) => {
    const outcome = outcomes.get(permissionScenario) ?? permissionScenario(grant);
    outcomes.set(permissionScenario, outcome);
    return outcome;
  };
};

/** What one definition is judged with. */
interface PermissionTest {
  readonly fullGrant: Grant;
  readonly grantWithout: (permission: string) => Grant;
  readonly runScenario: (permissionScenario: PermissionScenario, grant: Grant) => Promise<ScenarioOutcome>;
}

/** A reason that a story disproves is none. One after the other: stories may share this process's environment. */
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

/** Takes each permission away in turn. A permission without a case, and a case without its permission, fail. */
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
    it('has a case', () => {
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
