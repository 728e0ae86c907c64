import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings, TestHarness } from '../harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

/** Cancels a run some time after its first call of an operation; returns the state that it saved for the post step. */
const cancelRun = async (inputs: Readonly<Record<string, string>>, operation = 'ExecuteChangeSet', seconds = 1) => {
  const controller = new AbortController();
  const before = harness.aws.calls().length;
  const running = harness.deploy(inputs, { signal: controller.signal });
  const hasStarted = () =>
    harness.aws
      .calls()
      .slice(before)
      .some((call) => call.operation === operation);
  while (!hasStarted()) await new Promise((resolve) => setImmediate(resolve));
  await harness.wait(seconds);
  controller.abort('the job was cancelled');
  const run = await running;
  expect(run.failure).toContain('cancelled');
  return { run, post: () => harness.post(run.host.recorded.state) };
};

const readStatus = async (): Promise<string | undefined> =>
  (await harness.deploy({ mode: 'wait' })).outputs['stack-status'];

describe('the post step after several stacks were cancelled', () => {
  it('applies on-cancel to each of them', async () => {
    const template = harness.write('two.json', renderThings({ A: 'good' }));
    const stacks = JSON.stringify([
      { name: 'a', template },
      { name: 'b', template, 'on-cancel': 'leave' },
      { name: 'c', template, needs: ['a', 'b'] },
    ]);
    const { post, run } = await cancelRun({ name: '', stacks, 'on-cancel': 'rollback' });
    expect(run.failure).toContain('3 stacks: 2 failed, 1 skipped');
    const after = await post();
    expect(after.writes).toEqual(['DeleteStack']);
    expect(after.log).toMatch(/^a: Cleanup done: /mu);
    expect(after.log).toMatch(/^b: Cleanup done: .*mode: wait/mu);
    expect(after.log).not.toMatch(/^c: /mu);
  });

  it('has nothing to do after a completed run', async () => {
    const template = harness.writeTemplate({ A: 'good' });
    const run = await harness.deploy({
      name: '',
      stacks: JSON.stringify([
        { name: 'a', template },
        { name: 'b', template },
      ]),
    });
    expect(run.savedStates.at(-1)).toBe('');
    expect((await harness.post(run.host.recorded.state)).log).toBe('');
  });
});

describe('the post step after a cancelled update', () => {
  it('leaves the update running by default', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const { post } = await cancelRun({ template: harness.writeTemplate({ A: 'better' }) });
    const after = await post();
    expect(after.writes).toEqual([]);
    expect(after.log).toContain('mode: wait');
    expect(await readStatus()).toBe('UPDATE_COMPLETE');
  });

  it.each(['cancel-update', 'rollback'])('cancels the update with on-cancel %s', async (policy) => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const { post } = await cancelRun({ template: harness.writeTemplate({ A: 'better' }), 'on-cancel': policy });
    const after = await post();
    expect(after.writes).toEqual(['CancelUpdateStack']);
    expect(await readStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});

describe('the post step after a cancelled creation', () => {
  it('reports that a creation cannot be cancelled', async () => {
    const { post } = await cancelRun({ template: harness.writeTemplate({ A: 'good' }), 'on-cancel': 'cancel-update' });
    const after = await post();
    expect(after.writes).toEqual([]);
    expect(await readStatus()).toBe('CREATE_COMPLETE');
  });

  it('deletes the stack to roll the creation back', async () => {
    const { post } = await cancelRun({ template: harness.writeTemplate({ A: 'good' }), 'on-cancel': 'rollback' });
    const after = await post();
    expect(after.writes).toEqual(['DeleteStack']);
    await harness.wait(20);
    expect((await harness.deploy({ mode: 'drift' })).failure).toContain('does not exist');
  });
});

describe('the post step after a run cancelled before a retry', () => {
  it('rolls the preserved failure back', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const flaky = {
      template: harness.writeTemplate({ A: 'good', B: 'flaky' }),
      'retry-attempts': '3',
      'retry-pause': '5m',
    };
    const { run, post } = await cancelRun({ ...flaky, 'on-cancel': 'rollback' }, 'ExecuteChangeSet', 60);
    expect(run.writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
    const after = await post();
    expect(after.writes).toEqual(['RollbackStack']);
    expect(await readStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});

describe('the post step after a run cancelled while its change set is created', () => {
  it('deletes the change set and its stack', async () => {
    const { run, post } = await cancelRun(
      { template: harness.writeTemplate({ A: 'good' }), mode: 'preview' },
      'CreateChangeSet',
    );
    expect(run.writes).toEqual(['CreateChangeSet']);
    const after = await post();
    expect(after.writes).toEqual(['DeleteChangeSet', 'DeleteStack']);
    expect((await harness.deploy({ mode: 'drift' })).failure).toContain('does not exist');
  });
});

describe('the post step', () => {
  it('does nothing after a completed run', async () => {
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), 'on-cancel': 'rollback' });
    const after = await harness.post(run.host.recorded.state);
    expect(after.calls).toEqual([]);
  });

  it('does not stop an operation of another run', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const { run } = await cancelRun({ template: harness.writeTemplate({ A: 'better' }), 'on-cancel': 'rollback' });
    await harness.wait(10);
    await harness.deploy({ template: harness.writeTemplate({ A: 'best' }), wait: 'false' });
    const after = await harness.post(run.host.recorded.state);
    expect(after.writes).toEqual([]);
  });
});

describe('the post step without permission to read events', () => {
  it('does not report the operation as not started', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const { run, post } = await cancelRun({
      template: harness.writeTemplate({ A: 'better' }),
      'on-cancel': 'rollback',
    });
    expect(run.writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
    const code = 'AccessDenied';
    harness.aws.setFaults([
      { fault: 'error', operation: 'DescribeStackEvents', code, message: 'not allowed', status: 403 },
    ]);
    const after = await post();
    harness.aws.setFaults([]);
    expect(after.log).toContain('Cleanup failed: DescribeStackEvents: AccessDenied');
    expect(after.writes).toEqual([]);
  });
});

describe('a run that follows an operation of an earlier attempt', () => {
  it('applies on-cancel to the operation', async () => {
    const env = { GITHUB_RUN_ID: '7' };
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await harness.deploy({ template: harness.writeTemplate({ A: 'better' }), wait: 'false' }, { env });
    const controller = new AbortController();
    const running = harness.deploy(
      { template: harness.writeTemplate({ A: 'better' }), 'on-cancel': 'cancel-update' },
      { env: { ...env, GITHUB_RUN_ATTEMPT: '2' }, signal: controller.signal },
    );
    await harness.wait(1);
    controller.abort('the job was cancelled');
    const run = await running;
    expect(run.failure).toContain('cancelled');
    expect((await harness.post(run.host.recorded.state)).writes).toEqual(['CancelUpdateStack']);
  });
});

describe('a run that reaches its timeout', () => {
  it('fails and leaves the operation running', async () => {
    const run = await harness.deploy({ template: harness.writeTemplate({ A: 'good' }), timeout: '3' });
    expect(run.failure).toContain('timed out after');
    expect(run.failure).toContain('mode: wait');
    expect(run.outputs['stack-status']).toBe('CREATE_IN_PROGRESS');
    const after = await harness.post(run.host.recorded.state);
    expect(after.calls).toEqual([]);
  });

  it('cancels the update with on-timeout cancel-update', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const inputs = { template: harness.writeTemplate({ A: 'better' }), 'timeout-in-minutes': '0', timeout: '' };
    const run = await harness.deploy({
      ...inputs,
      'timeout-in-minutes': '',
      timeout: '4s',
      'on-timeout': 'cancel-update',
    });
    expect(run.writes).toContain('CancelUpdateStack');
    expect(run.failure).toContain('cancelled');
  });
});
