import {
  type DeploymentSummary,
  ListApplicationsCommand,
  ListDeploymentsCommand,
  ListEnvironmentsCommand,
} from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { type Harness, type KilledRun, type KillPoint, MINUTE, withHarness } from '../harness.js';

const TREE = {
  'config/template/A.json': '{"at": 0}',
  'config/template/B.json': '{"at": 0}',
  'config/tenants/t/e/C.txt': 'c',
};
const FAST = { strategy: '{ name: quick, duration: 1m, growth: 50 }', profiles: 'A, B' };

const listDeployments = async ({ foreignClient }: Harness): Promise<readonly DeploymentSummary[]> => {
  const { Items: applications = [] } = await foreignClient.send(new ListApplicationsCommand({}));
  const ApplicationId = applications[0]?.Id;
  const { Items: environments = [] } = await foreignClient.send(new ListEnvironmentsCommand({ ApplicationId }));
  const { Items = [] } = await foreignClient.send(
    new ListDeploymentsCommand({ ApplicationId, EnvironmentId: environments[0]?.Id }),
  );
  return Items;
};

const readServed = (harness: Harness): Promise<readonly string[]> =>
  Promise.all(['A', 'B'].map((profile) => harness.readServed('t', 'e', profile)));

/** Checks the environment after the post step of a killed run. */
type PolicyCheck = (after: {
  readonly harness: Harness;
  readonly ownDeployments: readonly DeploymentSummary[];
  readonly before: readonly string[];
}) => Promise<void>;

const listStates = (ownDeployments: readonly DeploymentSummary[]) => ownDeployments.map(({ State }) => State);

const policyChecks: Readonly<Record<'stop' | 'revert' | 'leave', PolicyCheck>> = {
  stop: async ({ ownDeployments }) => {
    for (const state of listStates(ownDeployments)) expect(state).toMatch(/^(?:COMPLETE|ROLLED_BACK)$/);
    // Profiles are deployed in sequence: only the last deployment can have been running.
    expect(listStates(ownDeployments).slice(1)).not.toContain('ROLLED_BACK');
  },
  revert: async ({ harness, ownDeployments, before }) => {
    for (const state of listStates(ownDeployments)) expect(state).toMatch(/^(?:REVERTED|ROLLED_BACK)$/);
    expect(await readServed(harness)).toEqual(before);
  },
  leave: async ({ harness, ownDeployments }) => {
    await harness.clock.advance(2 * MINUTE);
    for (const state of listStates(ownDeployments)) expect(state).not.toMatch(/BACK|REVERTED/);
  },
};

type Policy = keyof typeof policyChecks;

interface KillCase {
  readonly policy: Policy;
  readonly killPoint: KillPoint;
  /** Unique in its harness: makes the content differ. */
  readonly ordinal: number;
}

/** Kills a run that deploys new content, runs its post step and checks the policy. */
const killAndRunPost = async (
  harness: Harness,
  { policy, killPoint, ordinal }: KillCase,
): Promise<KilledRun | undefined> => {
  const [old, before] = [(await listDeployments(harness)).length, await readServed(harness)];
  for (const profile of ['A', 'B']) await harness.write({ [`config/template/${profile}.json`]: `{"at": ${ordinal}}` });
  const env = { GITHUB_RUN_ID: String(1000 + ordinal) };
  const killedRun = await harness.kill({ inputs: { ...FAST, 'on-cancel': policy }, env }, killPoint);
  if (killedRun === undefined) return undefined;
  const from = harness.aws.calls().length;
  expect(await harness.post(killedRun.state)).not.toContain('cannot apply on-cancel');
  const writes = harness.aws
    .calls()
    .slice(from)
    .filter(({ write }) => write);
  const all = await listDeployments(harness);
  await policyChecks[policy]({ harness, ownDeployments: all.slice(0, all.length - old), before });
  if (policy === 'leave') expect(writes).toEqual([]);
  // Running deployments end before the next run.
  await harness.clock.advance(5 * MINUTE);
  return killedRun;
};

/** Few enough that the deployments of a harness stay on one page, so that all runs make the same calls. */
const KILLS = 12;

/** Kills a run at each of the next calls and returns their operations. */
const killEachCall = async (policy: Policy, when: KillPoint['when'], from: number): Promise<readonly string[]> => {
  const operations: string[] = [];
  await withHarness(
    async (harness) => {
      await harness.run({ inputs: FAST });
      for (let call = from; call < from + KILLS; call += 1) {
        const killedRun = await killAndRunPost(harness, { policy, killPoint: { call, when }, ordinal: call });
        if (killedRun !== undefined) operations.push(killedRun.operation);
        // The run ended by itself.
        else expect(await readServed(harness)).toEqual(Array(2).fill(`{"at": ${call}}`));
        if (killedRun === undefined) break;
      }
    },
    { appconfig: { rollback: '20s' } },
    TREE,
  );
  return operations;
};

describe('a run that is killed at any call', () => {
  it.each<[KillPoint['when'], Policy]>([
    ['after', 'stop'],
    ['before', 'revert'],
    ['after', 'revert'],
    ['after', 'leave'],
  ])(
    '%s the call is handled by its post step with on-cancel: %s',
    async (when, policy) => {
      const operations: string[] = [];
      for (let from = 1; operations.length === from - 1; from += KILLS) {
        operations.push(...(await killEachCall(policy, when, from)));
      }
      expect(operations.length).toBeGreaterThan(25);
      expect(operations.filter((path) => /^POST .*\/deployments$/.test(path))).toHaveLength(2);
      expect(operations.filter((path) => /^POST .*\/hostedconfigurationversions$/.test(path))).toHaveLength(2);
    },
    120_000,
  );
});

describe('the post step of a run killed after StartDeployment', () => {
  it('finds the deployment although reads are stale', () =>
    withHarness(
      async (harness) => {
        await harness.run({ inputs: FAST });
        harness.aws.setFaults([{ fault: 'stale', operation: 'GetDeployment', by: '4s' }]);
        const isStart = (path: string) => /^POST .*\/deployments$/.test(path);
        let killedRun: KilledRun | undefined;
        for (let call = 5; killedRun === undefined || !isStart(killedRun.operation); call += 1) {
          await harness.write({ 'config/template/A.json': `{"at": ${call}}` });
          killedRun = await harness.kill({ inputs: { ...FAST, profiles: 'A' } }, { call, when: 'after' });
        }
        expect(await harness.post(killedRun.state)).toMatch(/t\/e A: deployment \d was stopped and rolled back/);
        expect(await harness.readServed('t', 'e', 'A')).toBe('{"at": 0}');
      },
      {},
      TREE,
    ));
});
