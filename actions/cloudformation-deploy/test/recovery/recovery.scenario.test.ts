import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestHarness } from '../harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

const preserve = { 'on-failure': 'preserve' };

describe('mode retry', () => {
  it('continues from the point of failure without changes', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'flaky' }), ...preserve });
    const second = await harness.deploy({ mode: 'retry', ...preserve });
    expect(second.failure).toContain('Rate exceeded');
    expect(second.writes).toEqual(['UpdateStack']);
    const third = await harness.deploy({ mode: 'retry', ...preserve });
    expect(third.failure).toBeUndefined();
    expect(third.outputs['was-resumed']).toBe('true');
    expect(third.log).not.toContain('A Test::Thing');
  });

  it('is rejected with protect', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'flaky' }), ...preserve });
    const run = await harness.deploy({ mode: 'retry', protect: 'stateful' });
    expect(run.failure).toContain('run mode: deploy with the same template');
    expect(run.writes).toEqual([]);
  });

  it('is rejected without a preserved failure', async () => {
    const absent = await harness.deploy({ mode: 'retry' });
    expect(absent.failure).toContain('does not exist');
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const complete = await harness.deploy({ mode: 'retry' });
    expect(complete.failure).toBeUndefined();
    expect(complete.writes).toEqual([]);
  });
});

describe('a preserved failure', () => {
  it('is retried by a deployment without changes, which fails while the cause persists', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'flaky' }), ...preserve });
    const second = await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'flaky' }), ...preserve });
    expect(second.failure).toContain('Rate exceeded');
    const third = await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'flaky' }), ...preserve });
    expect(third.failure).toBeUndefined();
  });

  it('is rolled back first with on-preserved rollback', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'bad' }), ...preserve });
    const run = await harness.deploy({
      template: harness.writeTemplate({ A: 'good', B: 'good' }),
      'on-preserved': 'rollback',
    });
    expect(run.failure).toBeUndefined();
    expect(run.writes).toEqual(['RollbackStack', 'CreateChangeSet', 'ExecuteChangeSet']);
  });

  it('is kept with on-preserved fail', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }), ...preserve });
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), 'on-preserved': 'fail' });
    expect(run.writes).toEqual([]);
    expect(run.failure).toContain('on-preserved: resume');
  });

  it('is rolled back by mode rollback', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'bad' }), ...preserve });
    const run = await harness.deploy({ mode: 'rollback' });
    expect(run.failure).toBeUndefined();
    expect(run.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
    const again = await harness.deploy({ mode: 'rollback' });
    expect(again.failure).toBeUndefined();
    expect(again.writes).toEqual([]);
  });
});

describe('a failed rollback', () => {
  const makeRollbackStuck = async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'stuck', C: 'good' }) });
    return harness.deploy({ template: harness.writeTemplate({ A: 'other', C: 'bad' }) });
  };

  it('is continued before a deployment', async () => {
    const stuck = await makeRollbackStuck();
    expect(stuck.outputs['stack-status']).toBe('UPDATE_ROLLBACK_FAILED');
    expect(stuck.failure).toContain('mode: rollback');
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'third', C: 'good' }) });
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

  it('fails a deployment with on-rollback-failed fail', async () => {
    await makeRollbackStuck();
    const run = await harness.deploy({
      template: harness.writeTemplate({ A: 'third', C: 'good' }),
      'on-rollback-failed': 'fail',
    });
    expect(run.writes).toEqual([]);
    expect(run.failure).toContain('Its rollback failed');
  });
});

describe('mode delete', () => {
  it('deletes a stack, and does nothing for a missing stack', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const run = await harness.deploy({ mode: 'delete' });
    expect(run.failure).toBeUndefined();
    expect(run.outputs['stack-status']).toBe('DELETE_COMPLETE');
    const again = await harness.deploy({ mode: 'delete' });
    expect(again.failure).toBeUndefined();
    expect(again.writes).toEqual([]);
  });

  it('reports resources that cannot be deleted, and retains listed ones', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'sticky', B: 'good' }) });
    const stuck = await harness.deploy({ mode: 'delete' });
    expect(stuck.failure).toContain('still in use');
    const run = await harness.deploy({ mode: 'delete', 'retain-resources': 'A' });
    expect(run.failure).toBeUndefined();
    const call = run.calls.find(({ operation }) => operation === 'DeleteStack');
    expect(call?.input['RetainResources']).toEqual(['A']);
  });

  it('respects termination protection', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), 'termination-protection': 'true' });
    const run = await harness.deploy({ mode: 'delete' });
    expect(run.failure).toContain('termination protection');
    expect(run.writes).toEqual([]);
  });
});

describe('a running operation on the stack', () => {
  it('is awaited before the deployment', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await harness.deploy({ template: harness.writeTemplate({ A: 'better' }), wait: 'false' });
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'best' }) });
    expect(run.failure).toBeUndefined();
    expect(run.log).toContain('Operation in progress');
    expect(run.outputs['stack-status']).toBe('UPDATE_COMPLETE');
  });

  it('fails the run with on-conflict fail', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), wait: 'false' });
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), 'on-conflict': 'fail' });
    expect(run.failure).toContain('An operation is in progress');
    expect(run.writes).toEqual([]);
  });

  it('is awaited for at most conflict-timeout', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), wait: 'false' });
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), 'conflict-timeout': '2' });
    expect(run.failure).toContain('timed out after 2s');
  });

  it('of an earlier attempt of the job is followed even with on-conflict fail', async () => {
    const env = { GITHUB_RUN_ID: '7' };
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), wait: 'false' }, { env });
    const again = { env: { ...env, GITHUB_RUN_ATTEMPT: '2' } };
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), 'on-conflict': 'fail' }, again);
    expect(run.failure).toBeUndefined();
    expect(run.writes).toEqual(['CreateChangeSet', 'DeleteChangeSet']);
  });
});

describe('mode wait', () => {
  it('attaches to the running operation and reports its result', async () => {
    const started = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), wait: 'false' });
    expect(started.failure).toBeUndefined();
    const good = await harness.deploy({ mode: 'wait' });
    expect(good.failure).toBeUndefined();
    expect(good.outputs['AName']).toMatch(/^shop-A-/u);
    await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }), wait: 'false' });
    const bad = await harness.deploy({ mode: 'wait' });
    expect(bad.failure).toContain('Mode bad is not good');
    const later = await harness.deploy({ mode: 'wait' });
    expect(later.failure).toBeDefined();
  });
});
