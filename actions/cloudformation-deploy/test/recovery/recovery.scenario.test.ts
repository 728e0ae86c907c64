import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings, TestHarness } from '../harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

const writeTemplate = (modes: Parameters<typeof renderThings>[0]): string =>
  harness.write('template.json', renderThings(modes));
const preserve = { 'on-failure': 'preserve' };

describe('mode retry', () => {
  it('goes on from the point of failure, unchanged', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good', B: 'flaky' }), ...preserve });
    const second = await harness.deploy({ mode: 'retry', ...preserve });
    expect(second.failure).toContain('Rate exceeded');
    expect(second.writes).toEqual(['UpdateStack']);
    const third = await harness.deploy({ mode: 'retry', ...preserve });
    expect(third.failure).toBeUndefined();
    expect(third.outputs['was-resumed']).toBe('true');
    expect(third.log).not.toContain('A Test::Thing');
  });

  it('refuses to go on unguarded where a guard is wanted', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good', B: 'flaky' }), ...preserve });
    const run = await harness.deploy({ mode: 'retry', protect: 'stateful' });
    expect(run.failure).toContain('run mode deploy with the same template');
    expect(run.writes).toEqual([]);
  });

  it('refuses where nothing was preserved', async () => {
    const absent = await harness.deploy({ mode: 'retry' });
    expect(absent.failure).toContain('does not exist');
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    const complete = await harness.deploy({ mode: 'retry' });
    expect(complete.failure).toBeUndefined();
    expect(complete.writes).toEqual([]);
  });
});

describe('a preserved failure', () => {
  it('is retried by a deploy that changes nothing, and is no success while it fails', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good', B: 'flaky' }), ...preserve });
    const second = await harness.deploy({ template: writeTemplate({ A: 'good', B: 'flaky' }), ...preserve });
    expect(second.failure).toContain('Rate exceeded');
    const third = await harness.deploy({ template: writeTemplate({ A: 'good', B: 'flaky' }), ...preserve });
    expect(third.failure).toBeUndefined();
  });

  it('is rolled back first where the policy says so', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    await harness.deploy({ template: writeTemplate({ A: 'good', B: 'bad' }), ...preserve });
    const run = await harness.deploy({ template: writeTemplate({ A: 'good', B: 'good' }), 'on-preserved': 'rollback' });
    expect(run.failure).toBeUndefined();
    expect(run.writes).toEqual(['RollbackStack', 'CreateChangeSet', 'ExecuteChangeSet']);
  });

  it('stays where the policy is to fail', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'bad' }), ...preserve });
    const run = await harness.deploy({ template: writeTemplate({ A: 'good' }), 'on-preserved': 'fail' });
    expect(run.writes).toEqual([]);
    expect(run.failure).toContain('on-preserved resume');
  });

  it('is taken back by mode rollback', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    await harness.deploy({ template: writeTemplate({ A: 'good', B: 'bad' }), ...preserve });
    const run = await harness.deploy({ mode: 'rollback' });
    expect(run.failure).toBeUndefined();
    expect(run.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
    const again = await harness.deploy({ mode: 'rollback' });
    expect(again.failure).toBeUndefined();
    expect(again.writes).toEqual([]);
  });
});

describe('a stuck rollback', () => {
  const makeRollbackStuck = async () => {
    await harness.deploy({ template: writeTemplate({ A: 'stuck', C: 'good' }) });
    return harness.deploy({ template: writeTemplate({ A: 'other', C: 'bad' }) });
  };

  it('is continued before a deploy', async () => {
    const stuck = await makeRollbackStuck();
    expect(stuck.outputs['stack-status']).toBe('UPDATE_ROLLBACK_FAILED');
    expect(stuck.failure).toContain('mode rollback');
    const run = await harness.deploy({ template: writeTemplate({ A: 'third', C: 'good' }) });
    expect(run.failure).toBeUndefined();
    expect(run.writes).toEqual(['ContinueUpdateRollback', 'CreateChangeSet', 'ExecuteChangeSet']);
  });

  it('is continued by mode rollback, without the resources to skip', async () => {
    await makeRollbackStuck();
    const run = await harness.deploy({ mode: 'rollback', 'resources-to-skip': 'A' });
    expect(run.failure).toBeUndefined();
    const call = run.calls.find(({ operation }) => operation === 'ContinueUpdateRollback');
    expect(call?.input['ResourcesToSkip']).toEqual(['A']);
  });

  it('fails a deploy where the policy says so', async () => {
    await makeRollbackStuck();
    const run = await harness.deploy({
      template: writeTemplate({ A: 'third', C: 'good' }),
      'on-rollback-failed': 'fail',
    });
    expect(run.writes).toEqual([]);
    expect(run.failure).toContain('could not be rolled back');
  });
});

describe('mode delete', () => {
  it('deletes a stack, and has nothing to do for one that is gone', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    const run = await harness.deploy({ mode: 'delete' });
    expect(run.failure).toBeUndefined();
    expect(run.outputs['stack-status']).toBe('DELETE_COMPLETE');
    const again = await harness.deploy({ mode: 'delete' });
    expect(again.failure).toBeUndefined();
    expect(again.writes).toEqual([]);
  });

  it('says what hinders it, and leaves behind what it may', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'sticky', B: 'good' }) });
    const stuck = await harness.deploy({ mode: 'delete' });
    expect(stuck.failure).toContain('still in use');
    const run = await harness.deploy({ mode: 'delete', 'retain-resources': 'A' });
    expect(run.failure).toBeUndefined();
    const call = run.calls.find(({ operation }) => operation === 'DeleteStack');
    expect(call?.input['RetainResources']).toEqual(['A']);
  });

  it('respects termination protection', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }), 'termination-protection': 'true' });
    const run = await harness.deploy({ mode: 'delete' });
    expect(run.failure).toContain('termination protection');
    expect(run.writes).toEqual([]);
  });
});

describe('another operation on the stack', () => {
  it('is waited for, then the deploy goes on', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    await harness.deploy({ template: writeTemplate({ A: 'better' }), wait: 'false' });
    const run = await harness.deploy({ template: writeTemplate({ A: 'best' }) });
    expect(run.failure).toBeUndefined();
    expect(run.log).toContain('operation under way');
    expect(run.outputs['stack-status']).toBe('UPDATE_COMPLETE');
  });

  it('is a failure where the policy says so', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }), wait: 'false' });
    const run = await harness.deploy({ template: writeTemplate({ A: 'good' }), 'on-conflict': 'fail' });
    expect(run.failure).toContain('is at work');
    expect(run.writes).toEqual([]);
  });

  it('is waited for only so long', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }), wait: 'false' });
    const run = await harness.deploy({ template: writeTemplate({ A: 'good' }), 'conflict-timeout': '2' });
    expect(run.failure).toContain('waited 2s');
  });

  it('started by an earlier attempt of this job is followed even where others are not', async () => {
    const env = { GITHUB_RUN_ID: '7' };
    await harness.deploy({ template: writeTemplate({ A: 'good' }), wait: 'false' }, { env });
    const again = { env: { ...env, GITHUB_RUN_ATTEMPT: '2' } };
    const run = await harness.deploy({ template: writeTemplate({ A: 'good' }), 'on-conflict': 'fail' }, again);
    expect(run.failure).toBeUndefined();
    expect(run.writes).toEqual(['CreateChangeSet', 'DeleteChangeSet']);
  });
});

describe('mode wait', () => {
  it('attaches to what runs and has its result', async () => {
    const started = await harness.deploy({ template: writeTemplate({ A: 'good' }), wait: 'false' });
    expect(started.failure).toBeUndefined();
    const good = await harness.deploy({ mode: 'wait' });
    expect(good.failure).toBeUndefined();
    expect(good.outputs['AName']).toMatch(/^shop-A-/u);
    await harness.deploy({ template: writeTemplate({ A: 'bad' }), wait: 'false' });
    const bad = await harness.deploy({ mode: 'wait' });
    expect(bad.failure).toContain('Mode bad is not good');
    const later = await harness.deploy({ mode: 'wait' });
    expect(later.failure).toBeDefined();
  });
});
