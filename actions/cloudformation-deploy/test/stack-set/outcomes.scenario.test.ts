import { afterEach, describe, expect, it } from '@jest/globals';
import type { TestHarness } from '../harness.js';
import { ACCOUNTS, deploySet, getInstances, openStackSets, REGIONS, renderTemplate } from './stack-set-harness.js';

const [first, second] = ACCOUNTS;
const missingRole = { reason: "Account should have 'AWSCloudFormationStackSetExecutionRole' role" };
let harness: TestHarness;
const open = async (stackSets: Parameters<typeof openStackSets>[0]): Promise<TestHarness> => {
  harness = await openStackSets(stackSets);
  return harness;
};
afterEach(() => harness.close());

const tolerant = { 'operation-preferences': 'FailureToleranceCount: 1\nMaxConcurrentCount: 3' };
const strict = { 'operation-preferences': 'FailureToleranceCount: 0\nMaxConcurrentCount: 1' };

describe('an operation with failed instances', () => {
  it('is partial within the tolerance: a warning, or a failure with fail-on-partial', async () => {
    await open({ rules: [{ on: { account: second }, ...missingRole }] });
    const run = await deploySet(harness, tolerant);
    expect(run.failure).toBeUndefined();
    expect(run.log).toContain('warning: guard: partially complete, 2 instances failed');
    expect(getInstances(run)).toMatchObject({ [`${first}/us-east-1`]: 'SUCCEEDED', [`${second}/us-east-1`]: 'FAILED' });
    expect(run.summary).toContain('| 2 | Account should have');
    expect(run.summary).toContain('Create the execution role');
    const again = await deploySet(harness, { ...tolerant, 'fail-on-partial': 'true' });
    expect(again.failure).toContain('2 × Account should have');
    expect(again.writes).toEqual(['UpdateStackInstances']);
  });

  it('fails beyond the tolerance, and cancels the rest', async () => {
    await open({ rules: [{ on: { account: first, region: 'eu-central-1' }, reason: 'Bad', gate: 'FAILED' }] });
    const run = await deploySet(harness, strict);
    expect(run.failure).toContain('Creation of instances (6) FAILED');
    expect(getInstances(run)).toMatchObject({
      [`${first}/eu-central-1`]: 'FAILED',
      [`${second}/eu-central-1`]: 'CANCELLED',
      [`${first}/us-east-1`]: 'CANCELLED',
    });
    expect(run.summary).toContain('AWSCloudFormationStackSetAccountGate');
  });

  it('is retried on the failed instances if the cause is transient', async () => {
    const on = { account: first, action: 'CREATE' as const, attempts: [1] };
    const rule = { on, reason: 'Rate exceeded (HandlerErrorCode: Throttling)' };
    await open({ rules: [rule] });
    const run = await deploySet(harness, { ...tolerant, 'retry-attempts': '2' });
    expect(run.failure).toBeUndefined();
    expect([run.writes, run.outputs['retry-count']]).toEqual([
      ['CreateStackSet', 'CreateStackInstances', 'UpdateStackInstances'],
      '1',
    ]);
    expect(getInstances(run)[`${first}/us-east-1`]).toBe('SUCCEEDED');
    expect(run.log).not.toContain('warning');
  });

  it('is not retried if the cause is permanent', async () => {
    await open({ rules: [{ on: { account: first, action: 'CREATE', attempts: [1] }, ...missingRole }] });
    const run = await deploySet(harness, { ...strict, 'retry-attempts': '2' });
    expect(run.outputs['retry-count']).toBe('0');
    expect(run.failure).toContain('should have');
  });

  it('is repaired by mode retry, which changes nothing else', async () => {
    await open({ rules: [{ on: { account: first, action: 'CREATE', attempts: [1] }, ...missingRole }] });
    await deploySet(harness, strict);
    const run = await deploySet(harness, { mode: 'retry', template: '' });
    expect([run.failure, run.writes]).toEqual([undefined, ['UpdateStackInstances']]);
    expect(new Set(Object.values(getInstances(run)))).toEqual(new Set(['SUCCEEDED']));
    expect((await deploySet(harness, { mode: 'retry', template: '' })).writes).toEqual([]);
  });

  it('skips suspended accounts', async () => {
    await open({ suspended: [second] });
    const run = await deploySet(harness);
    expect(run.failure).toBeUndefined();
    expect((await deploySet(harness)).writes).toEqual([]);
  });

  it('reports inoperable instances with their remedy', async () => {
    await open({ inoperable: [`${first}/us-east-1`] });
    await deploySet(harness);
    const run = await deploySet(harness);
    expect([run.failure, run.writes]).toEqual([undefined, []]);
    expect(run.log).toContain('partially complete, 1 instance failed');
    expect(run.summary).toContain('retain-stacks: true');
  });
});

describe('another operation on the set', () => {
  const startOther = async (): Promise<void> => {
    await deploySet(harness, { wait: 'false' });
  };

  it('is awaited', async () => {
    await open({});
    await startOther();
    const run = await deploySet(harness, { template: renderTemplate(14) });
    expect([run.failure, run.writes]).toEqual([undefined, ['UpdateStackSet']]);
  });

  it('is refused with on-conflict fail', async () => {
    await open({});
    await startOther();
    const run = await deploySet(harness, { template: renderTemplate(14), 'on-conflict': 'fail' });
    expect(run.failure).toContain('is in progress on the stack set: wait for it with mode: wait');
    expect(run.writes).toEqual([]);
  });

  it('is stopped with on-conflict stop', async () => {
    await open({ duration: '300s' });
    await startOther();
    const run = await deploySet(harness, { template: renderTemplate(14), 'on-conflict': 'stop' });
    expect(run.failure).toBeUndefined();
    expect(run.writes.slice(0, 2)).toEqual(['StopStackSetOperation', 'UpdateStackSet']);
  });

  it('that starts concurrently makes the run plan again', async () => {
    await open({});
    await deploySet(harness);
    const error = { fault: 'error', code: 'StaleRequestException', status: 409, calls: 1 } as const;
    const run = await harness.withFaults([{ ...error, operation: 'UpdateStackSet' }], () =>
      deploySet(harness, { template: renderTemplate(14) }),
    );
    expect([run.failure, run.log]).toEqual([undefined, expect.stringContaining('Stack set changed concurrently')]);
  });

  it('is followed by mode wait', async () => {
    await open({});
    await startOther();
    const run = await deploySet(harness, { mode: 'wait', template: '' });
    expect([run.failure, run.writes]).toEqual([undefined, []]);
    expect(Object.values(getInstances(run))).toHaveLength(6);
    expect((await deploySet(harness, { mode: 'wait', template: '' })).log).toContain('no operation in progress');
  });
});

describe('modes without a deployment', () => {
  it('preview lists what would be done and changes nothing', async () => {
    await open({});
    const fresh = await deploySet(harness, { mode: 'preview' });
    expect([fresh.failure, fresh.writes]).toEqual([undefined, []]);
    expect(fresh.summary).toContain('would be created');
    await deploySet(harness, { accounts: first });
    const run = await deploySet(harness, { mode: 'preview', accounts: `${first},${second}` });
    expect([run.failure, run.writes]).toEqual([undefined, []]);
    expect(getInstances(run)).toEqual({
      [`${first}/eu-central-1`]: 'no change',
      [`${first}/us-east-1`]: 'no change',
      [`${second}/eu-central-1`]: 'create',
      [`${second}/us-east-1`]: 'create',
    });
    const removal = { mode: 'preview', accounts: second, 'remove-untargeted': 'true' };
    expect(getInstances(await deploySet(harness, removal))[`${first}/us-east-1`]).toBe('remove');
    const changed = await deploySet(harness, { mode: 'preview', accounts: first, template: renderTemplate(14) });
    expect(getInstances(changed)[`${first}/us-east-1`]).toBe('update');
    expect(changed.summary).toContain('Stack sets have no change sets');
    expect(changed.summary).toContain('"RetentionInDays":14');
  });

  it('drift reports the drifted instances', async () => {
    await open({ drifted: [`${first}/us-east-1`] });
    await deploySet(harness);
    const run = await deploySet(harness, { mode: 'drift', template: '', 'fail-on-drift': 'true' });
    expect(run.failure).toContain('fail-on-drift is true');
    expect(run.failure).toContain('5 IN_SYNC, 1 DRIFTED');
    expect(getInstances(run)[`${first}/us-east-1`]).toBe('DRIFTED');
  });

  it('delete removes the targeted instances, and the set with the last one', async () => {
    await open({});
    await deploySet(harness);
    const some = await deploySet(harness, { mode: 'delete', template: '', accounts: first });
    expect([some.failure, some.writes]).toEqual([undefined, ['DeleteStackInstances']]);
    expect(some.summary).toContain('4 instances remain');
    const rest = await deploySet(harness, { mode: 'delete', template: '' });
    expect([rest.failure, rest.writes]).toEqual([undefined, ['DeleteStackInstances', 'DeleteStackSet']]);
    const none = await deploySet(harness, { mode: 'delete', template: '' });
    expect([none.failure, none.writes]).toEqual([undefined, []]);
  });
});

describe('a lost or late response', () => {
  it.each(['CreateStackSet', 'CreateStackInstances'])('to %s starts no second operation', async (operation) => {
    await open({});
    const run = await harness.withFaults([{ fault: 'lost-reply', operation, calls: 1 }], () => deploySet(harness));
    expect(run.failure).toBeUndefined();
    expect(JSON.parse(run.outputs['operation-ids'] ?? '')).toHaveLength(1);
  });

  it('to every attempt is resolved by the id of the operation', async () => {
    await open({});
    await deploySet(harness);
    const lost = [{ fault: 'lost-reply', operation: 'UpdateStackSet', calls: '1-10' }] as const;
    const run = await harness.withFaults([...lost], () => deploySet(harness, { template: renderTemplate(14) }));
    expect(run.failure).toBeUndefined();
    expect(run.log).toContain('has started');
  });

  it('at the timeout stops the operation with on-timeout cancel-update', async () => {
    await open({ duration: '100s' });
    const run = await deploySet(harness, { timeout: '30s', 'on-timeout': 'cancel-update' });
    expect(run.failure).toContain('is being stopped');
    expect(run.writes.at(-1)).toBe('StopStackSetOperation');
    const left = await deploySet(harness, { timeout: '30s' });
    expect(left.failure).toContain('timed out');
    expect(left.writes).not.toContain('StopStackSetOperation');
  });
});

describe('a cancelled run', () => {
  it.each([
    ['cancel-update', ['StopStackSetOperation'], 'is being stopped'],
    ['leave', [], ''],
  ])('applies on-cancel %s in the post step', async (policy, writes, log) => {
    await open({ duration: '100s' });
    const controller = new AbortController();
    const running = deploySet(harness, { 'on-cancel': policy }, { signal: controller.signal });
    const hasStarted = () => harness.aws.calls().some(({ operation }) => operation === 'ListStackSetOperationResults');
    while (!hasStarted()) await new Promise((resolve) => setImmediate(resolve));
    await harness.wait(1);
    controller.abort('the job was cancelled');
    const run = await running;
    expect(run.failure).toContain('cancelled');
    const post = await harness.post(run.host.recorded.state);
    expect([post.writes, post.log]).toEqual([writes, expect.stringContaining(log)]);
  });
});

it('a thousand instances take at most two list calls a poll beyond paging', async () => {
  await open({ duration: '5s' });
  const accounts = Array.from({ length: 500 }, (_, index) => String(100_000_000_000 + index)).join(',');
  const run = await deploySet(harness, { accounts, regions: REGIONS.join(',') });
  expect(run.failure).toBeUndefined();
  const count = (name: string): number => run.calls.filter(({ operation }) => operation === name).length;
  // Each poll reads ten pages of results.
  expect(count('ListStackSetOperationResults')).toBeLessThanOrEqual(10 * (count('DescribeStackSetOperation') + 1));
  expect(Buffer.byteLength(run.summary)).toBeLessThan(1024 * 1024);
  expect(Object.keys(getInstances(run))).toHaveLength(1000);
});
