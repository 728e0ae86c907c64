import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { renderThings, TestHarness } from './harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

const writeTemplate = (modes: Parameters<typeof renderThings>[0]): string =>
  harness.write('template.json', renderThings(modes));
type Faults = Parameters<TestHarness['aws']['setFaults']>[0];
const withFaults = async <T>(faults: Faults, task: () => Promise<T>): Promise<T> => {
  harness.aws.setFaults(faults);
  try {
    return await task();
  } finally {
    harness.aws.setFaults([]);
  }
};

const everyWrite = ['CreateChangeSet', 'ExecuteChangeSet'];

describe('a lost reply', () => {
  it.each(everyWrite)('to %s is no second execution and no failure', async (operation) => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    const run = await withFaults([{ fault: 'lost-reply', operation, calls: 1 }], () =>
      harness.deploy({ template: writeTemplate({ A: 'better' }) }),
    );
    expect(run.failure).toBeUndefined();
    expect(run.outputs['stack-status']).toBe('UPDATE_COMPLETE');
  });

  it('to every attempt is no failure while the operation shows in the events', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    const run = await withFaults([{ fault: 'lost-reply', operation: 'ExecuteChangeSet', calls: '1-10' }], () =>
      harness.deploy({ template: writeTemplate({ A: 'better' }) }),
    );
    expect(run.failure).toBeUndefined();
    expect(run.log).toContain('the answer was lost, but the operation is under way');
  });

  it('to a retry is no failure either', async () => {
    const run = await withFaults([{ fault: 'lost-reply', operation: 'UpdateStack', calls: 1 }], () =>
      harness.deploy({ template: writeTemplate({ A: 'good', B: 'flaky' }), 'retry-attempts': '3' }),
    );
    expect(run.failure).toBeUndefined();
    expect(run.outputs['stack-status']).toBe('UPDATE_COMPLETE');
  });
});

describe('stale reads', () => {
  it('of an earlier success are not taken for this one', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    await harness.wait(60);
    const run = await withFaults([{ fault: 'stale', operation: 'Describe*', by: '5s' }], () =>
      harness.deploy({ template: writeTemplate({ A: 'bad' }) }),
    );
    expect(run.failure).toContain('Mode bad is not good');
    expect(run.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('of an earlier failure are not taken for this one, and its outputs are the new ones', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    await harness.deploy({ template: writeTemplate({ A: 'bad' }) });
    await harness.wait(60);
    const run = await withFaults([{ fault: 'stale', operation: 'Describe*', by: '5s' }], () =>
      harness.deploy({ template: writeTemplate({ A: 'good', B: 'good' }) }),
    );
    expect(run.failure).toBeUndefined();
    expect(run.outputs['BName']).toMatch(/^shop-B-/u);
  });
});

describe('trouble in watching', () => {
  it.each([
    ['throttling', [{ fault: 'throttle', operation: 'Describe*', probability: 0.5 }]],
    ['errors of the service', [{ fault: 'error', operation: 'Describe*', probability: 0.4 }]],
    ['cut connections', [{ fault: 'reset', operation: 'Describe*', probability: 0.4 }]],
  ] satisfies readonly [string, Faults][])('by %s changes no result', async (_, faults) => {
    const good = await withFaults(faults, () => harness.deploy({ template: writeTemplate({ A: 'good' }) }));
    expect(good.failure).toBeUndefined();
    const bad = await withFaults(faults, () => harness.deploy({ template: writeTemplate({ A: 'bad' }) }));
    expect(bad.failure).toContain('Mode bad is not good');
  });

  it('by a missing permission for events is made up for by the stack itself', async () => {
    const denied: Faults = [
      { fault: 'error', operation: 'DescribeStackEvents', code: 'AccessDenied', message: 'not allowed', status: 403 },
    ];
    const good = await withFaults(denied, () => harness.deploy({ template: writeTemplate({ A: 'good' }) }));
    expect(good.failure).toBeUndefined();
    expect(good.log).toContain('events cannot be shown');
    const bad = await withFaults(denied, () => harness.deploy({ template: writeTemplate({ A: 'bad' }) }));
    expect(bad.failure).toContain('Mode bad is not good');
    expect(bad.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});

describe('a call that CloudFormation denies', () => {
  it('fails with the operation’s name and leaves no change set', async () => {
    await harness.deploy({ template: writeTemplate({ A: 'good' }) });
    const run = await withFaults(
      [{ fault: 'error', operation: 'ExecuteChangeSet', code: 'AccessDenied', message: 'not allowed', status: 403 }],
      () => harness.deploy({ template: writeTemplate({ A: 'better' }) }),
    );
    expect(run.failure).toContain('ExecuteChangeSet: AccessDenied: not allowed');
    expect(run.outputs['stack-status']).toBe('CREATE_COMPLETE');
    expect(run.writes).toEqual(['CreateChangeSet', 'DeleteChangeSet']);
  });
});
