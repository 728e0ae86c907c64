import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings, TestHarness } from '../harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

const writeTemplate = (modes: Parameters<typeof renderThings>[0]): string =>
  harness.write('template.json', renderThings(modes));

/** A run that is cancelled some time after its first call of an operation, and what it left for the post step. */
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

describe('a cancelled update', () => {
  it('is left as it is by default', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    const { post } = await cancelRun({ template: writeTemplate({ A: 'better' }) });
    const after = await post();
    expect(after.writes).toEqual([]);
    expect(after.log).toContain('mode wait');
    expect(await readStatus()).toBe('UPDATE_COMPLETE');
  });

  it.each(['cancel-update', 'rollback'])('is cancelled by %s', async (policy) => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    const { post } = await cancelRun({ template: writeTemplate({ A: 'better' }), 'on-cancel': policy });
    const after = await post();
    expect(after.writes).toEqual(['CancelUpdateStack']);
    expect(await readStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});

describe('a cancelled creation', () => {
  it('cannot be cancelled, and says so', async () => {
    const { post } = await cancelRun({ template: writeTemplate({ A: 'good' }), 'on-cancel': 'cancel-update' });
    const after = await post();
    expect(after.writes).toEqual([]);
    expect(await readStatus()).toBe('CREATE_COMPLETE');
  });

  it('is rolled back by deleting the stack', async () => {
    const { post } = await cancelRun({ template: writeTemplate({ A: 'good' }), 'on-cancel': 'rollback' });
    const after = await post();
    expect(after.writes).toEqual(['DeleteStack']);
    await harness.wait(20);
    expect((await harness.deploy({ mode: 'drift' })).failure).toContain('does not exist');
  });
});

describe('a run cancelled in the pause before a retry', () => {
  it('is rolled back from its preserved failure', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    const flaky = { template: writeTemplate({ A: 'good', B: 'flaky' }), 'retry-attempts': '3', 'retry-pause': '5m' };
    const { run, post } = await cancelRun({ ...flaky, 'on-cancel': 'rollback' }, 'ExecuteChangeSet', 60);
    expect(run.writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
    const after = await post();
    expect(after.writes).toEqual(['RollbackStack']);
    expect(await readStatus()).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});

describe('a run cancelled while its change set is made', () => {
  it('leaves neither the change set nor its stack', async () => {
    const { run, post } = await cancelRun(
      { template: writeTemplate({ A: 'good' }), mode: 'preview' },
      'CreateChangeSet',
    );
    expect(run.writes).toEqual(['CreateChangeSet']);
    const after = await post();
    expect(after.writes).toEqual(['DeleteChangeSet', 'DeleteStack']);
    expect((await harness.deploy({ mode: 'drift' })).failure).toContain('does not exist');
  });
});

describe('the post step', () => {
  it('has nothing to do after a run that came to its end', async () => {
    const run = await harness.deploy({ template: writeTemplate({ A: 'good' }), 'on-cancel': 'rollback' });
    const after = await harness.post(run.host.recorded.state);
    expect(after.calls).toEqual([]);
  });

  it('touches no operation of somebody else', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    const { run } = await cancelRun({ template: writeTemplate({ A: 'better' }), 'on-cancel': 'rollback' });
    await harness.wait(10);
    await harness.deploy({ template: writeTemplate({ A: 'best' }), wait: 'false' });
    const after = await harness.post(run.host.recorded.state);
    expect(after.writes).toEqual([]);
  });
});

describe('a post step that may not read the events', () => {
  it('does not take the operation for one that did not begin', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    const { run, post } = await cancelRun({ template: writeTemplate({ A: 'better' }), 'on-cancel': 'rollback' });
    expect(run.writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
    const code = 'AccessDenied';
    harness.aws.setFaults([
      { fault: 'error', operation: 'DescribeStackEvents', code, message: 'not allowed', status: 403 },
    ]);
    const after = await post();
    harness.aws.setFaults([]);
    expect(after.log).toContain('clean-up did not finish: DescribeStackEvents: AccessDenied');
    expect(after.writes).toEqual([]);
  });
});

describe('an operation of an earlier attempt', () => {
  it('is this run’s own when the run is cancelled', async () => {
    const env = { GITHUB_RUN_ID: '7' };
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    await harness.deploy({ template: writeTemplate({ A: 'better' }), wait: 'false' }, { env });
    const controller = new AbortController();
    const running = harness.deploy(
      { template: writeTemplate({ A: 'better' }), 'on-cancel': 'cancel-update' },
      { env: { ...env, GITHUB_RUN_ATTEMPT: '2' }, signal: controller.signal },
    );
    await harness.wait(1);
    controller.abort('the job was cancelled');
    const run = await running;
    expect(run.failure).toContain('cancelled');
    expect((await harness.post(run.host.recorded.state)).writes).toEqual(['CancelUpdateStack']);
  });
});

describe('a timeout', () => {
  it('is a failure that leaves the operation as it is', async () => {
    const run = await harness.deploy({ template: writeTemplate({ A: 'good' }), timeout: '3' });
    expect(run.failure).toContain('waited');
    expect(run.failure).toContain('mode wait');
    expect(run.outputs['stack-status']).toBe('CREATE_IN_PROGRESS');
    const after = await harness.post(run.host.recorded.state);
    expect(after.calls).toEqual([]);
  });

  it('cancels the update where asked to', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    const inputs = { template: writeTemplate({ A: 'better' }), 'timeout-in-minutes': '0', timeout: '' };
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
