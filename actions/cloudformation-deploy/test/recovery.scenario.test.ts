import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Stage, things } from './stage.js';

const stage = await Stage.open();
afterAll(() => stage.close());
beforeEach(() => stage.aws.reset());

const template = (modes: Parameters<typeof things>[0]): string => stage.write('template.json', things(modes));
const preserve = { 'on-failure': 'preserve' };

describe('mode retry', () => {
  it('goes on from the point of failure, unchanged', async () => {
    await stage.deploy({ template: template({ A: 'good', B: 'flaky' }), ...preserve });
    const second = await stage.deploy({ mode: 'retry', ...preserve });
    expect(second.failure).toContain('Rate exceeded');
    expect(second.writes).toEqual(['UpdateStack']);
    const third = await stage.deploy({ mode: 'retry', ...preserve });
    expect(third.failure).toBeUndefined();
    expect(third.outputs['was-resumed']).toBe('true');
    expect(third.log).not.toContain('A Test::Thing');
  });

  it('refuses to go on unguarded where a guard is wanted', async () => {
    await stage.deploy({ template: template({ A: 'good', B: 'flaky' }), ...preserve });
    const run = await stage.deploy({ mode: 'retry', protect: 'stateful' });
    expect(run.failure).toContain('run mode deploy with the same template');
    expect(run.writes).toEqual([]);
  });

  it('refuses where nothing was preserved', async () => {
    const absent = await stage.deploy({ mode: 'retry' });
    expect(absent.failure).toContain('does not exist');
    await stage.deploy({ template: template({ A: 'good' }) });
    const complete = await stage.deploy({ mode: 'retry' });
    expect(complete.failure).toBeUndefined();
    expect(complete.writes).toEqual([]);
  });
});

describe('a preserved failure', () => {
  it('is retried by a deploy that changes nothing, and is no success while it fails', async () => {
    await stage.deploy({ template: template({ A: 'good', B: 'flaky' }), ...preserve });
    const second = await stage.deploy({ template: template({ A: 'good', B: 'flaky' }), ...preserve });
    expect(second.failure).toContain('Rate exceeded');
    const third = await stage.deploy({ template: template({ A: 'good', B: 'flaky' }), ...preserve });
    expect(third.failure).toBeUndefined();
  });

  it('is rolled back first where the policy says so', async () => {
    await stage.deploy({ template: template({ A: 'good' }) });
    await stage.deploy({ template: template({ A: 'good', B: 'bad' }), ...preserve });
    const run = await stage.deploy({ template: template({ A: 'good', B: 'good' }), 'on-preserved': 'rollback' });
    expect(run.failure).toBeUndefined();
    expect(run.writes).toEqual(['RollbackStack', 'CreateChangeSet', 'ExecuteChangeSet']);
  });

  it('stays where the policy is to fail', async () => {
    await stage.deploy({ template: template({ A: 'bad' }), ...preserve });
    const run = await stage.deploy({ template: template({ A: 'good' }), 'on-preserved': 'fail' });
    expect(run.writes).toEqual([]);
    expect(run.failure).toContain('on-preserved resume');
  });

  it('is taken back by mode rollback', async () => {
    await stage.deploy({ template: template({ A: 'good' }) });
    await stage.deploy({ template: template({ A: 'good', B: 'bad' }), ...preserve });
    const run = await stage.deploy({ mode: 'rollback' });
    expect(run.failure).toBeUndefined();
    expect(run.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
    const again = await stage.deploy({ mode: 'rollback' });
    expect(again.failure).toBeUndefined();
    expect(again.writes).toEqual([]);
  });
});

describe('a stuck rollback', () => {
  const getStuck = async () => {
    await stage.deploy({ template: template({ A: 'stuck', C: 'good' }) });
    return stage.deploy({ template: template({ A: 'other', C: 'bad' }) });
  };

  it('is continued before a deploy', async () => {
    const stuck = await getStuck();
    expect(stuck.outputs['stack-status']).toBe('UPDATE_ROLLBACK_FAILED');
    expect(stuck.failure).toContain('mode rollback');
    const run = await stage.deploy({ template: template({ A: 'third', C: 'good' }) });
    expect(run.failure).toBeUndefined();
    expect(run.writes).toEqual(['ContinueUpdateRollback', 'CreateChangeSet', 'ExecuteChangeSet']);
  });

  it('is continued by mode rollback, without the resources to skip', async () => {
    await getStuck();
    const run = await stage.deploy({ mode: 'rollback', 'resources-to-skip': 'A' });
    expect(run.failure).toBeUndefined();
    const call = run.calls.find(({ operation }) => operation === 'ContinueUpdateRollback');
    expect(call?.input['ResourcesToSkip']).toEqual(['A']);
  });

  it('fails a deploy where the policy says so', async () => {
    await getStuck();
    const run = await stage.deploy({ template: template({ A: 'third', C: 'good' }), 'on-rollback-failed': 'fail' });
    expect(run.writes).toEqual([]);
    expect(run.failure).toContain('could not be rolled back');
  });
});

describe('mode delete', () => {
  it('deletes a stack, and has nothing to do for one that is gone', async () => {
    await stage.deploy({ template: template({ A: 'good' }) });
    const run = await stage.deploy({ mode: 'delete' });
    expect(run.failure).toBeUndefined();
    expect(run.outputs['stack-status']).toBe('DELETE_COMPLETE');
    const again = await stage.deploy({ mode: 'delete' });
    expect(again.failure).toBeUndefined();
    expect(again.writes).toEqual([]);
  });

  it('says what hinders it, and leaves behind what it may', async () => {
    await stage.deploy({ template: template({ A: 'sticky', B: 'good' }) });
    const stuck = await stage.deploy({ mode: 'delete' });
    expect(stuck.failure).toContain('still in use');
    const run = await stage.deploy({ mode: 'delete', 'retain-resources': 'A' });
    expect(run.failure).toBeUndefined();
    const call = run.calls.find(({ operation }) => operation === 'DeleteStack');
    expect(call?.input['RetainResources']).toEqual(['A']);
  });

  it('respects termination protection', async () => {
    await stage.deploy({ template: template({ A: 'good' }), 'termination-protection': 'true' });
    const run = await stage.deploy({ mode: 'delete' });
    expect(run.failure).toContain('termination protection');
    expect(run.writes).toEqual([]);
  });
});

describe('another operation on the stack', () => {
  it('is waited for, then the deploy goes on', async () => {
    await stage.deploy({ template: template({ A: 'good' }) });
    await stage.deploy({ template: template({ A: 'better' }), wait: 'false' });
    const run = await stage.deploy({ template: template({ A: 'best' }) });
    expect(run.failure).toBeUndefined();
    expect(run.log).toContain('operation under way');
    expect(run.outputs['stack-status']).toBe('UPDATE_COMPLETE');
  });

  it('is a failure where the policy says so', async () => {
    await stage.deploy({ template: template({ A: 'good' }), wait: 'false' });
    const run = await stage.deploy({ template: template({ A: 'good' }), 'on-conflict': 'fail' });
    expect(run.failure).toContain('is at work');
    expect(run.writes).toEqual([]);
  });

  it('is waited for only so long', async () => {
    await stage.deploy({ template: template({ A: 'good' }), wait: 'false' });
    const run = await stage.deploy({ template: template({ A: 'good' }), 'conflict-timeout': '2' });
    expect(run.failure).toContain('waited 2s');
  });

  it('started by an earlier attempt of this job is followed even where others are not', async () => {
    const variables = { GITHUB_RUN_ID: '7' };
    await stage.deploy({ template: template({ A: 'good' }), wait: 'false' }, { variables });
    const again = { variables: { ...variables, GITHUB_RUN_ATTEMPT: '2' } };
    const run = await stage.deploy({ template: template({ A: 'good' }), 'on-conflict': 'fail' }, again);
    expect(run.failure).toBeUndefined();
    expect(run.writes).toEqual(['CreateChangeSet', 'DeleteChangeSet']);
  });
});

describe('mode wait', () => {
  it('attaches to what runs and has its result', async () => {
    const started = await stage.deploy({ template: template({ A: 'good' }), wait: 'false' });
    expect(started.failure).toBeUndefined();
    const good = await stage.deploy({ mode: 'wait' });
    expect(good.failure).toBeUndefined();
    expect(good.outputs['AName']).toMatch(/^shop-A-/u);
    await stage.deploy({ template: template({ A: 'bad' }), wait: 'false' });
    const bad = await stage.deploy({ mode: 'wait' });
    expect(bad.failure).toContain('Mode bad is not good');
    const later = await stage.deploy({ mode: 'wait' });
    expect(later.failure).toBeDefined();
  });
});
