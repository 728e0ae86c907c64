import * as crypto from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { compareGolden, formatCalls, formatRun, type Replacement } from '@aws-delivery/action-kit/testing/golden';
import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import type { Harness, HarnessOptions, RunOptions, RunResult } from './harness.js';

// Run marks and pauses have chance in them.
jest.unstable_mockModule('node:crypto', () => ({ ...crypto, randomInt: (max: number) => Math.floor(max / 2) }));
const { withHarness, TREE } = await import('./harness.js');

const directory = fileURLToPath(new URL('golden', import.meta.url));
const FAST = { strategy: 'AppConfig.AllAtOnce' };
/** Without concurrency the order of calls is fixed. */
const ONE = { ...FAST, tenants: 'acme', environments: 'dev', concurrency: '1' };

beforeAll(() => void jest.spyOn(Math, 'random').mockReturnValue(0.5));
afterAll(() => void jest.restoreAllMocks());

/** Compares outputs, log, summary, state and calls of a run with its golden files. */
const pin = (harness: Harness, scenario: string, step: RunResult): void => {
  const replacements: readonly Replacement[] = [[harness.directory, '<workspace>']];
  const files = { ...formatRun(step), 'calls.jsonl': formatCalls(step.calls, { replacements, sort: true }) };
  compareGolden({ directory, scenario, files, replacements });
};

const runPinned = async (harness: Harness, scenario: string, options: RunOptions): Promise<RunResult> => {
  const step = await harness.run(options);
  pin(harness, scenario, step);
  return step;
};

/** Runs the post step after a run, and compares its log and calls with the golden files. */
const pinPost = async (harness: Harness, scenario: string, { recorded }: RunResult): Promise<void> => {
  const from = harness.aws.calls().length;
  const log = await harness.post(recorded.state);
  const files = { log, 'calls.jsonl': formatCalls(harness.aws.calls().slice(from)) };
  compareGolden({ directory, scenario, files, replacements: [[harness.directory, '<workspace>']] });
};

describe('a rollout', () => {
  it('creates missing resources, deploys, and changes nothing the second time', () =>
    withHarness(async (harness) => {
      await runPinned(harness, 'preview-new', { inputs: { ...ONE, mode: 'preview' } });
      await runPinned(harness, 'rollout', { inputs: ONE });
      await runPinned(harness, 'unchanged', { inputs: ONE, env: { GITHUB_RUN_ID: '101' } });
      await harness.write({ 'config/template/Limits.json': '{"burst": 5, "rate": 30}' });
      await runPinned(harness, 'preview-changed', { inputs: { ...ONE, mode: 'preview' } });
      await runPinned(harness, 'revert', { inputs: { mode: 'revert', tenants: 'acme', environments: 'dev' } });
    }));

  it('rolls out waves and rings with an inline strategy, settings and tags', () =>
    withHarness(async (harness) => {
      await harness.write({
        'config/appconfig.yml': 'profiles:\n  Limits:\n    validators: []\n',
      });
      const inputs = {
        concurrency: '1',
        profiles: 'Limits',
        strategy: '{ name: quick, duration: 2m, bake: 1m, growth: 50% }',
        waves: 'dev\nqa',
        rings: 'globex\n*',
        pause: '1m',
        tags: 'team=shop',
        'wait-for': 'deployed',
      };
      await runPinned(harness, 'waves', { inputs });
    }));

  it('deploys feature flags from a single file', () =>
    withHarness(async (harness) => {
      const flags = {
        version: '1',
        flags: { beta: { name: 'beta', attributes: { rate: { constraints: { type: 'number' } } } } },
        values: { beta: { enabled: true, rate: 5 } },
      };
      await harness.write({ 'flags.json': JSON.stringify(flags) });
      const inputs = {
        ...FAST,
        tree: '',
        application: 'shop',
        environment: 'dev',
        profile: 'Flags',
        'profile-type': 'AWS.AppConfig.FeatureFlags',
        file: 'flags.json',
      };
      await runPinned(harness, 'feature-flags', { inputs });
    }));
});

describe('a failed deployment', () => {
  const alarm = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors';
  const ringing = (at: string): HarnessOptions => ({
    cloudwatch: { alarms: { errors: { changes: [{ at, state: 'ALARM' }] } } },
  });
  const monitored = { ...FAST, tenants: 'acme', concurrency: '1', monitors: alarm, waves: 'dev\nqa' };

  it('stops the rollout after a rollback by an alarm', () =>
    withHarness((harness) => runPinned(harness, 'alarm', { inputs: monitored }).then(() => undefined), ringing('5m')));

  it('reverts the deployments of the run', () => {
    const inputs = { ...monitored, 'on-failure': 'revert' };
    return withHarness((harness) => runPinned(harness, 'reverted', { inputs }).then(() => undefined), ringing('25m'));
  });

  it('that violates a schema is rejected before anything starts', () =>
    withHarness(async (harness) => {
      await harness.write({ 'config/schemas/Limits.schema.json': '{"properties": {"rate": {"maximum": 5}}}' });
      await runPinned(harness, 'schema', { inputs: ONE });
    }));

  it('that a validator rejects stops its tenant with on-failure: stop-tenant', () => {
    const check = 'arn:aws:lambda:eu-west-1:123456789012:function:check';
    return withHarness(
      async (harness) => {
        await harness.write({ 'config/appconfig.yml': `profiles:\n  Limits:\n    validators: [${check}]\n` });
        const inputs = { ...FAST, environments: 'dev', concurrency: '1', 'on-failure': 'stop-tenant' };
        await runPinned(harness, 'validator', { inputs });
      },
      { appconfig: { validators: { [check]: [{ contains: '20', reason: 'too fast' }] } } },
    );
  });
});

describe('the post step of a cancelled run', () => {
  const cancel = async (harness: Harness, count: number, policy: string): Promise<RunResult> => {
    const controller = new AbortController();
    const running = harness.run({ inputs: { ...ONE, 'on-cancel': policy }, signal: controller.signal });
    const started = () => harness.aws.calls().filter(({ operation }) => operation === 'StartDeployment').length;
    while (started() < count) await new Promise(setImmediate);
    await harness.clock.sleep(60_000);
    controller.abort(new Error('the job was cancelled'));
    return running;
  };

  it.each([
    ['stop', 1],
    ['leave', 1],
    ['revert', 2],
  ] as const)('applies on-cancel: %s', (policy, count) =>
    withHarness(async (harness) => {
      const step = await cancel(harness, count, policy);
      pin(harness, `cancelled-${policy}`, step);
      await pinPost(harness, `cancelled-${policy}-post`, step);
    }),
  );
});

describe('a cleanup', () => {
  it('lists resources, then deletes them after confirmation', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: ONE });
      const inputs = { mode: 'cleanup', cleanup: 'all', tenants: 'acme' };
      await runPinned(harness, 'cleanup-planned', { inputs });
      await runPinned(harness, 'cleanup', { inputs: { ...inputs, confirm: 'all' } });
    }));

  it('deletes what the tree no longer contains', () =>
    withHarness(async (harness) => {
      await harness.run({ inputs: { ...FAST, tenants: 'acme', concurrency: '1' } });
      await harness.remove('config/tenants/acme/qa');
      await runPinned(harness, 'cleanup-absent', { inputs: { mode: 'cleanup', confirm: 'absent', tenants: 'acme' } });
    }));

  it('prunes versions that are no longer needed', () =>
    withHarness(
      async (harness) => {
        const inputs = { ...FAST, tenants: 'globex', environments: 'dev', 'keep-versions': '1' };
        for (const rate of [1, 2]) {
          await harness.write({ 'config/tenants/globex/dev/Limits.json': `{"rate": ${rate}}` });
          await harness.run({ inputs });
        }
        await harness.clock.advance(80 * 60 * 60_000);
        await runPinned(harness, 'prune', { inputs });
      },
      {},
      TREE,
    ));
});
