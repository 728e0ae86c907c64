import {
  type DeploymentSummary,
  ListApplicationsCommand,
  ListDeploymentsCommand,
  ListEnvironmentsCommand,
} from '@aws-sdk/client-appconfig';
import { describe, expect, it } from '@jest/globals';
import { MINUTE, type Moment, onStage, type Remains, type Stage } from './helpers/stage.js';

const TREE = {
  'config/template/A.json': '{"at": 0}',
  'config/template/B.json': '{"at": 0}',
  'config/tenants/t/e/C.txt': 'c',
};
const FAST = { strategy: '{ name: quick, duration: 1m, growth: 50 }', profiles: 'A, B' };

const deployments = async ({ other }: Stage): Promise<readonly DeploymentSummary[]> => {
  const { Items: applications = [] } = await other.send(new ListApplicationsCommand({}));
  const ApplicationId = applications[0]?.Id;
  const { Items: environments = [] } = await other.send(new ListEnvironmentsCommand({ ApplicationId }));
  const { Items = [] } = await other.send(
    new ListDeploymentsCommand({ ApplicationId, EnvironmentId: environments[0]?.Id }),
  );
  return Items;
};

const served = (stage: Stage): Promise<readonly string[]> =>
  Promise.all(['A', 'B'].map((profile) => stage.served('t', 'e', profile)));

/** What an environment is after the post of a killed run, given what it was before. */
type Rule = (after: {
  readonly stage: Stage;
  readonly own: readonly DeploymentSummary[];
  readonly before: readonly string[];
}) => Promise<void>;

const states = (own: readonly DeploymentSummary[]) => own.map(({ State }) => State);

const rules: Readonly<Record<'stop' | 'revert' | 'leave', Rule>> = {
  stop: async ({ own }) => {
    for (const state of states(own)) expect(state).toMatch(/^(?:COMPLETE|ROLLED_BACK)$/);
    // Profiles go one after another: only the last one can have been under way.
    expect(states(own).slice(1)).not.toContain('ROLLED_BACK');
  },
  revert: async ({ stage, own, before }) => {
    for (const state of states(own)) expect(state).toMatch(/^(?:REVERTED|ROLLED_BACK)$/);
    expect(await served(stage)).toEqual(before);
  },
  leave: async ({ stage, own }) => {
    await stage.clock.advance(2 * MINUTE);
    for (const state of states(own)) expect(state).not.toMatch(/BACK|REVERTED/);
  },
};

type Policy = keyof typeof rules;

interface Kill {
  readonly policy: Policy;
  readonly moment: Moment;
  /** Unlike any other's of this stage. */
  readonly ordinal: number;
}

/** Kills a run of new content at a moment, runs its post, and holds what is left to the policy. */
const killAndClean = async (stage: Stage, { policy, moment, ordinal }: Kill): Promise<Remains | undefined> => {
  const [old, before] = [(await deployments(stage)).length, await served(stage)];
  for (const profile of ['A', 'B']) await stage.write({ [`config/template/${profile}.json`]: `{"at": ${ordinal}}` });
  const variables = { GITHUB_RUN_ID: String(1000 + ordinal) };
  const remains = await stage.kill({ inputs: { ...FAST, 'on-cancel': policy }, variables }, moment);
  if (remains === undefined) return undefined;
  const from = stage.aws.calls().length;
  expect(await stage.post(remains.state)).not.toContain('could not be settled');
  const stops = stage.aws
    .calls()
    .slice(from)
    .filter(({ write }) => write);
  const all = await deployments(stage);
  await rules[policy]({ stage, own: all.slice(0, all.length - old), before });
  if (policy === 'leave') expect(stops).toEqual([]);
  // Whatever is left is done by the next run.
  await stage.clock.advance(5 * MINUTE);
  return remains;
};

/** Few enough kills that the deployments of a stage stay on one page: then runs make the same calls. */
const KILLS = 12;

/** Kills runs at one call after the other, as many as a stage bears; the operations at which it did. */
const sweep = async (policy: Policy, when: Moment['when'], from: number): Promise<readonly string[]> => {
  const operations: string[] = [];
  await onStage(
    async (stage) => {
      await stage.run({ inputs: FAST });
      for (let call = from; call < from + KILLS; call += 1) {
        const remains = await killAndClean(stage, { policy, moment: { call, when }, ordinal: call });
        if (remains !== undefined) operations.push(remains.operation);
        // It came to its own end.
        else expect(await served(stage)).toEqual(Array(2).fill(`{"at": ${call}}`));
        if (remains === undefined) break;
      }
    },
    { appconfig: { rollback: '20s' } },
    TREE,
  );
  return operations;
};

describe('a run that is killed at any call', () => {
  it.each<[Moment['when'], Policy]>([
    ['after', 'stop'],
    ['before', 'revert'],
    ['after', 'revert'],
    ['after', 'leave'],
  ])(
    '%s it, with on-cancel %s, leaves with its post what the policy says',
    async (when, policy) => {
      const operations: string[] = [];
      for (let from = 1; operations.length === from - 1; from += KILLS) {
        operations.push(...(await sweep(policy, when, from)));
      }
      expect(operations.length).toBeGreaterThan(25);
      expect(operations.filter((path) => /^POST .*\/deployments$/.test(path))).toHaveLength(2);
      expect(operations.filter((path) => /^POST .*\/hostedconfigurationversions$/.test(path))).toHaveLength(2);
    },
    120_000,
  );
});

describe('a run that is killed right after a start', () => {
  it('is found out about by its post, though reads are behind', () =>
    onStage(
      async (stage) => {
        await stage.run({ inputs: FAST });
        stage.aws.setFaults([{ fault: 'stale', operation: 'GetDeployment', by: '4s' }]);
        const isStart = (path: string) => /^POST .*\/deployments$/.test(path);
        let remains: Remains | undefined;
        for (let call = 5; remains === undefined || !isStart(remains.operation); call += 1) {
          await stage.write({ 'config/template/A.json': `{"at": ${call}}` });
          remains = await stage.kill({ inputs: { ...FAST, profiles: 'A' } }, { call, when: 'after' });
        }
        expect(await stage.post(remains.state)).toMatch(/t\/e A: deployment \d was stopped and rolled back/);
        expect(await stage.served('t', 'e', 'A')).toBe('{"at": 0}');
      },
      {},
      TREE,
    ));
});
