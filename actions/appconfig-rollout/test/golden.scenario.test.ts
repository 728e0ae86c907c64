import * as crypto from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { compareGolden, formatCalls, formatRun, type Replacement } from '@aws-delivery/action-kit/testing/golden';
import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import type { Stage, StageOptions, Step, StepOptions } from './helpers/stage.js';

// Run marks and pauses have chance in them.
jest.unstable_mockModule('node:crypto', () => ({ ...crypto, randomInt: (max: number) => Math.floor(max / 2) }));
const { onStage, TREE } = await import('./helpers/stage.js');

const directory = fileURLToPath(new URL('golden', import.meta.url));
const FAST = { strategy: 'AppConfig.AllAtOnce' };
/** One deployment after another: nothing in the order of calls is left to chance. */
const ONE = { ...FAST, tenants: 'acme', environments: 'dev', concurrency: '1' };

beforeAll(() => void jest.spyOn(Math, 'random').mockReturnValue(0.5));
afterAll(() => void jest.restoreAllMocks());

/** Compares all that left a run. */
const pin = (stage: Stage, scenario: string, step: Step): void => {
  const replacements: readonly Replacement[] = [[stage.folder, '<workspace>']];
  const files = { ...formatRun(step), 'calls.jsonl': formatCalls(step.calls, { replacements, sort: true }) };
  compareGolden({ directory, scenario, files, replacements });
};

const runPinned = async (stage: Stage, scenario: string, options: StepOptions): Promise<Step> => {
  const step = await stage.run(options);
  pin(stage, scenario, step);
  return step;
};

/** The post step after a step: what it printed and requested. */
const pinPost = async (stage: Stage, scenario: string, { memory }: Step): Promise<void> => {
  const from = stage.aws.calls().length;
  const log = await stage.post(memory.state);
  const files = { log, 'calls.jsonl': formatCalls(stage.aws.calls().slice(from)) };
  compareGolden({ directory, scenario, files, replacements: [[stage.folder, '<workspace>']] });
};

describe('a rollout', () => {
  it('creates what is missing, deploys, and has nothing to do the second time', () =>
    onStage(async (stage) => {
      await runPinned(stage, 'preview-new', { inputs: { ...ONE, mode: 'preview' } });
      await runPinned(stage, 'rollout', { inputs: ONE });
      await runPinned(stage, 'unchanged', { inputs: ONE, variables: { GITHUB_RUN_ID: '101' } });
      await stage.write({ 'config/template/Limits.json': '{"burst": 5, "rate": 30}' });
      await runPinned(stage, 'preview-changed', { inputs: { ...ONE, mode: 'preview' } });
      await runPinned(stage, 'revert', { inputs: { mode: 'revert', tenants: 'acme', environments: 'dev' } });
    }));

  it('goes through waves and rings with a strategy, settings and tags of its own', () =>
    onStage(async (stage) => {
      await stage.write({
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
      await runPinned(stage, 'waves', { inputs });
    }));

  it('deploys one file to one profile, and feature flags', () =>
    onStage(async (stage) => {
      const flags = {
        version: '1',
        flags: { beta: { name: 'beta', attributes: { rate: { constraints: { type: 'number' } } } } },
        values: { beta: { enabled: true, rate: 5 } },
      };
      await stage.write({ 'flags.json': JSON.stringify(flags) });
      const inputs = {
        ...FAST,
        tree: '',
        application: 'shop',
        environment: 'dev',
        profile: 'Flags',
        'profile-type': 'AWS.AppConfig.FeatureFlags',
        file: 'flags.json',
      };
      await runPinned(stage, 'feature-flags', { inputs });
    }));
});

describe('a deployment that fails', () => {
  const alarm = 'arn:aws:cloudwatch:eu-west-1:123456789012:alarm:errors';
  const ringing = (at: string): StageOptions => ({
    cloudwatch: { alarms: { errors: { changes: [{ at, state: 'ALARM' }] } } },
  });
  const monitored = { ...FAST, tenants: 'acme', concurrency: '1', monitors: alarm, waves: 'dev\nqa' };

  it('by an alarm stops the rest', () =>
    onStage((stage) => runPinned(stage, 'alarm', { inputs: monitored }).then(() => undefined), ringing('5m')));

  it('takes back what the run has deployed', () => {
    const inputs = { ...monitored, 'on-failure': 'revert' };
    return onStage((stage) => runPinned(stage, 'reverted', { inputs }).then(() => undefined), ringing('25m'));
  });

  it('by a schema is refused before anything begins', () =>
    onStage(async (stage) => {
      await stage.write({ 'config/schemas/Limits.schema.json': '{"properties": {"rate": {"maximum": 5}}}' });
      await runPinned(stage, 'schema', { inputs: ONE });
    }));

  it('by a validator of the service stops only its tenant', () => {
    const check = 'arn:aws:lambda:eu-west-1:123456789012:function:check';
    return onStage(
      async (stage) => {
        await stage.write({ 'config/appconfig.yml': `profiles:\n  Limits:\n    validators: [${check}]\n` });
        const inputs = { ...FAST, environments: 'dev', concurrency: '1', 'on-failure': 'stop-tenant' };
        await runPinned(stage, 'validator', { inputs });
      },
      { appconfig: { validators: { [check]: [{ contains: '20', reason: 'too fast' }] } } },
    );
  });
});

describe('a run that is cancelled', () => {
  const cancel = async (stage: Stage, count: number, policy: string): Promise<Step> => {
    const controller = new AbortController();
    const running = stage.run({ inputs: { ...ONE, 'on-cancel': policy }, signal: controller.signal });
    const started = () => stage.aws.calls().filter(({ operation }) => operation === 'StartDeployment').length;
    while (started() < count) await new Promise(setImmediate);
    await stage.clock.sleep(60_000);
    controller.abort(new Error('the job was cancelled'));
    return running;
  };

  it.each([
    ['stop', 1],
    ['leave', 1],
    ['revert', 2],
  ] as const)('has its deployments handled by the post step: %s', (policy, count) =>
    onStage(async (stage) => {
      const step = await cancel(stage, count, policy);
      pin(stage, `cancelled-${policy}`, step);
      await pinPost(stage, `cancelled-${policy}-post`, step);
    }),
  );
});

describe('a cleanup', () => {
  it('shows what would go, then removes it', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: ONE });
      const inputs = { mode: 'cleanup', cleanup: 'all', tenants: 'acme' };
      await runPinned(stage, 'cleanup-planned', { inputs });
      await runPinned(stage, 'cleanup', { inputs: { ...inputs, confirm: 'all' } });
    }));

  it('removes what the tree has no more', () =>
    onStage(async (stage) => {
      await stage.run({ inputs: { ...FAST, tenants: 'acme', concurrency: '1' } });
      await stage.remove('config/tenants/acme/qa');
      await runPinned(stage, 'cleanup-absent', { inputs: { mode: 'cleanup', confirm: 'absent', tenants: 'acme' } });
    }));

  it('prunes versions that nothing needs any more', () =>
    onStage(
      async (stage) => {
        const inputs = { ...FAST, tenants: 'globex', environments: 'dev', 'keep-versions': '1' };
        for (const rate of [1, 2]) {
          await stage.write({ 'config/tenants/globex/dev/Limits.json': `{"rate": ${rate}}` });
          await stage.run({ inputs });
        }
        await stage.clock.advance(80 * 60 * 60_000);
        await runPinned(stage, 'prune', { inputs });
      },
      {},
      TREE,
    ));
});
