import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Stage, things } from './stage.js';

const stage = await Stage.open();
afterAll(() => stage.close());
beforeEach(() => stage.aws.reset());

const template = (modes: Parameters<typeof things>[0]): string => stage.write('template.json', things(modes));

/** A run that is cancelled some time after its first call of an operation, and what it left for the post step. */
const cancelled = async (inputs: Readonly<Record<string, string>>, operation = 'ExecuteChangeSet', seconds = 1) => {
  const controller = new AbortController();
  const before = stage.aws.calls().length;
  const running = stage.deploy(inputs, { signal: controller.signal });
  const hasBegun = () =>
    stage.aws
      .calls()
      .slice(before)
      .some((call) => call.operation === operation);
  while (!hasBegun()) await new Promise((resolve) => setImmediate(resolve));
  await stage.wait(seconds);
  controller.abort('the job was cancelled');
  const run = await running;
  expect(run.failure).toContain('cancelled');
  return { run, post: () => stage.post(run.host.memory.state) };
};

const statusNow = async (): Promise<string | undefined> =>
  (await stage.deploy({ mode: 'wait' })).outputs['stack-status'];

describe('a cancelled update', () => {
  it('is left as it is by default', async () => {
    await stage.deploy({ template: template({ A: 'good' }) });
    const { post } = await cancelled({ template: template({ A: 'better' }) });
    const after = await post();
    expect(after.writes).toEqual([]);
    expect(after.log).toContain('mode wait');
    expect(await statusNow()).toBe('UPDATE_COMPLETE');
  });

  it.each(['cancel-update', 'rollback'])('is cancelled by %s', async (policy) => {
    await stage.deploy({ template: template({ A: 'good' }) });
    const { post } = await cancelled({ template: template({ A: 'better' }), 'on-cancel': policy });
    const after = await post();
    expect(after.writes).toEqual(['CancelUpdateStack']);
    expect(await statusNow()).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});

describe('a cancelled creation', () => {
  it('cannot be cancelled, and says so', async () => {
    const { post } = await cancelled({ template: template({ A: 'good' }), 'on-cancel': 'cancel-update' });
    const after = await post();
    expect(after.writes).toEqual([]);
    expect(await statusNow()).toBe('CREATE_COMPLETE');
  });

  it('is rolled back by deleting the stack', async () => {
    const { post } = await cancelled({ template: template({ A: 'good' }), 'on-cancel': 'rollback' });
    const after = await post();
    expect(after.writes).toEqual(['DeleteStack']);
    await stage.wait(20);
    expect((await stage.deploy({ mode: 'drift' })).failure).toContain('does not exist');
  });
});

describe('a run cancelled in the pause before a retry', () => {
  it('is rolled back from its preserved failure', async () => {
    await stage.deploy({ template: template({ A: 'good' }) });
    const flaky = { template: template({ A: 'good', B: 'flaky' }), 'retry-attempts': '3', 'retry-pause': '5m' };
    const { run, post } = await cancelled({ ...flaky, 'on-cancel': 'rollback' }, 'ExecuteChangeSet', 60);
    expect(run.writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
    const after = await post();
    expect(after.writes).toEqual(['RollbackStack']);
    expect(await statusNow()).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});

describe('a run cancelled while its change set is made', () => {
  it('leaves neither the change set nor its stack', async () => {
    const { run, post } = await cancelled({ template: template({ A: 'good' }), mode: 'preview' }, 'CreateChangeSet');
    expect(run.writes).toEqual(['CreateChangeSet']);
    const after = await post();
    expect(after.writes).toEqual(['DeleteChangeSet', 'DeleteStack']);
    expect((await stage.deploy({ mode: 'drift' })).failure).toContain('does not exist');
  });
});

describe('the post step', () => {
  it('has nothing to do after a run that came to its end', async () => {
    const run = await stage.deploy({ template: template({ A: 'good' }), 'on-cancel': 'rollback' });
    const after = await stage.post(run.host.memory.state);
    expect(after.calls).toEqual([]);
  });

  it('touches no operation of somebody else', async () => {
    await stage.deploy({ template: template({ A: 'good' }) });
    const { run } = await cancelled({ template: template({ A: 'better' }), 'on-cancel': 'rollback' });
    await stage.wait(10);
    await stage.deploy({ template: template({ A: 'best' }), wait: 'false' });
    const after = await stage.post(run.host.memory.state);
    expect(after.writes).toEqual([]);
  });
});

describe('a post step that may not read the events', () => {
  it('does not take the operation for one that did not begin', async () => {
    await stage.deploy({ template: template({ A: 'good' }) });
    const { run, post } = await cancelled({ template: template({ A: 'better' }), 'on-cancel': 'rollback' });
    expect(run.writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
    const code = 'AccessDenied';
    stage.aws.setFaults([
      { fault: 'error', operation: 'DescribeStackEvents', code, message: 'not allowed', status: 403 },
    ]);
    const after = await post();
    stage.aws.setFaults([]);
    expect(after.log).toContain('clean-up did not finish: DescribeStackEvents: AccessDenied');
    expect(after.writes).toEqual([]);
  });
});

describe('an operation of an earlier attempt', () => {
  it('is this run’s own when the run is cancelled', async () => {
    const variables = { GITHUB_RUN_ID: '7' };
    await stage.deploy({ template: template({ A: 'good' }) });
    await stage.deploy({ template: template({ A: 'better' }), wait: 'false' }, { variables });
    const controller = new AbortController();
    const running = stage.deploy(
      { template: template({ A: 'better' }), 'on-cancel': 'cancel-update' },
      { variables: { ...variables, GITHUB_RUN_ATTEMPT: '2' }, signal: controller.signal },
    );
    await stage.wait(1);
    controller.abort('the job was cancelled');
    const run = await running;
    expect(run.failure).toContain('cancelled');
    expect((await stage.post(run.host.memory.state)).writes).toEqual(['CancelUpdateStack']);
  });
});

describe('a timeout', () => {
  it('is a failure that leaves the operation as it is', async () => {
    const run = await stage.deploy({ template: template({ A: 'good' }), timeout: '3' });
    expect(run.failure).toContain('waited');
    expect(run.failure).toContain('mode wait');
    expect(run.outputs['stack-status']).toBe('CREATE_IN_PROGRESS');
    const after = await stage.post(run.host.memory.state);
    expect(after.calls).toEqual([]);
  });

  it('cancels the update where asked to', async () => {
    await stage.deploy({ template: template({ A: 'good' }) });
    const inputs = { template: template({ A: 'better' }), 'timeout-in-minutes': '0', timeout: '' };
    const run = await stage.deploy({
      ...inputs,
      'timeout-in-minutes': '',
      timeout: '4s',
      'on-timeout': 'cancel-update',
    });
    expect(run.writes).toContain('CancelUpdateStack');
    expect(run.failure).toContain('cancelled');
  });
});
