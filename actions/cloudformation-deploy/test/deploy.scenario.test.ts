import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestHarness } from './harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

describe('a deployment', () => {
  it('creates a stack, logs its progress and returns its outputs', async () => {
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'good' }) });
    expect(run.failure).toBeUndefined();
    expect(run.outputs['stack-status']).toBe('CREATE_COMPLETE');
    expect(run.outputs['AName']).toMatch(/^shop-A-/u);
    expect(run.log).toContain('CREATE_COMPLETE      A Test::Thing');
    expect(run.writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
  });

  it('passes without changes, and leaves no change set', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    expect(run.failure).toBeUndefined();
    expect(run.outputs['has-changes']).toBe('false');
    expect(run.writes).toEqual(['CreateChangeSet', 'DeleteChangeSet']);
    const strict = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), 'fail-on-empty': 'true' });
    expect(strict.failure).toContain('fail-on-empty');
  });

  it('rolls back by default, and reports the root cause with its line and a hint', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'bad' }) });
    expect(run.failure).toContain('Mode bad is not good');
    expect(run.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(run.outputs['root-cause']).toContain('B (Test::Thing) CREATE_FAILED');
    expect(run.summary).toContain('template.json:9');
    expect(run.summary).toContain('Correct the property');
  });

  it('preserves successful resources, and resumes with the corrected template', async () => {
    const first = await harness.deploy({
      template: harness.writeTemplate({ A: 'good', B: 'bad' }),
      'on-failure': 'preserve',
    });
    expect(first.failure).toContain('Successful resources were kept');
    expect(first.outputs['stack-status']).toBe('CREATE_FAILED');
    const second = await harness.deploy({
      template: harness.writeTemplate({ A: 'good', B: 'good' }),
      'on-failure': 'preserve',
    });
    expect(second.failure).toBeUndefined();
    expect(second.outputs['was-resumed']).toBe('true');
    expect(second.log).not.toContain('A Test::Thing');
    expect(second.outputs['stack-status']).toBe('UPDATE_COMPLETE');
  });

  it('retries a transient failure from the point of failure', async () => {
    const run = await harness.deploy({
      template: harness.writeTemplate({ A: 'good', B: 'flaky' }),
      'retry-attempts': '3',
    });
    expect(run.failure).toBeUndefined();
    expect(run.outputs['retry-count']).toBe('2');
    expect(run.writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet', 'UpdateStack', 'UpdateStack']);
    expect(run.summary).toContain('Throttling');
  });

  it('rolls a permanent failure back without a retry', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const run = await harness.deploy({
      template: harness.writeTemplate({ A: 'good', B: 'bad' }),
      'retry-attempts': '3',
    });
    expect(run.outputs['retry-count']).toBe('0');
    expect(run.writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet', 'RollbackStack']);
    expect(run.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(run.failure).toContain('rolled back to its last stable state');
  });

  it('deletes a stack whose creation failed, with on-failure delete', async () => {
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }), 'on-failure': 'delete' });
    expect(run.failure).toContain('Mode bad is not good');
    expect(run.failure).toContain('deleted');
    expect(run.writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
  });

  it('recreates a stack whose creation was rolled back', async () => {
    const first = await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }) });
    expect(first.outputs['stack-status']).toBe('ROLLBACK_COMPLETE');
    const rejected = await harness.deploy({
      template: harness.writeTemplate({ A: 'good' }),
      'on-rollback-complete': 'fail',
    });
    expect(rejected.writes).toEqual([]);
    expect(rejected.failure).toContain('can only be deleted');
    const second = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    expect(second.failure).toBeUndefined();
    expect(second.writes).toEqual(['DeleteStack', 'CreateChangeSet', 'ExecuteChangeSet']);
  });
});

describe('a preview', () => {
  it('of a new stack leaves no stack', async () => {
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), mode: 'preview' });
    expect(run.failure).toBeUndefined();
    expect(run.outputs['changes-count']).toBe('1');
    expect(run.writes).toEqual(['CreateChangeSet', 'DeleteChangeSet', 'DeleteStack']);
    const drift = await harness.deploy({ mode: 'drift' });
    expect(drift.failure).toContain('does not exist');
  });

  it('of a stack whose creation was rolled back changes nothing', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }) });
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), mode: 'preview' });
    expect(run.writes).toEqual([]);
    expect(run.failure).toBeDefined();
  });
});
