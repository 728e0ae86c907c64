import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Faults, TestHarness } from './harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

const everyWrite = ['CreateChangeSet', 'ExecuteChangeSet'];

describe('a lost response', () => {
  it.each(everyWrite)('of %s causes neither a second execution nor a failure', async (operation) => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const run = await harness.withFaults([{ fault: 'lost-reply', operation, calls: 1 }], () =>
      harness.deploy({ template: harness.writeTemplate({ A: 'better' }) }),
    );
    expect(run.failure).toBeUndefined();
    expect(run.outputs['stack-status']).toBe('UPDATE_COMPLETE');
  });

  it('of every attempt causes no failure if the events show the operation', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const run = await harness.withFaults([{ fault: 'lost-reply', operation: 'ExecuteChangeSet', calls: '1-10' }], () =>
      harness.deploy({ template: harness.writeTemplate({ A: 'better' }) }),
    );
    expect(run.failure).toBeUndefined();
    expect(run.log).toContain('The response was lost, but the operation has started');
  });

  it('of a retry causes no failure', async () => {
    const run = await harness.withFaults([{ fault: 'lost-reply', operation: 'UpdateStack', calls: 1 }], () =>
      harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'flaky' }), 'retry-attempts': '3' }),
    );
    expect(run.failure).toBeUndefined();
    expect(run.outputs['stack-status']).toBe('UPDATE_COMPLETE');
  });
});

describe('stale reads', () => {
  it('of an earlier success are not reported as the result', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await harness.wait(60);
    const run = await harness.withFaults([{ fault: 'stale', operation: 'Describe*', by: '5s' }], () =>
      harness.deploy({ template: harness.writeTemplate({ A: 'bad' }) }),
    );
    expect(run.failure).toContain('Mode bad is not good');
    expect(run.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('of an earlier failure are not reported as the result, and the outputs are new', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }) });
    await harness.wait(60);
    const run = await harness.withFaults([{ fault: 'stale', operation: 'Describe*', by: '5s' }], () =>
      harness.deploy({ template: harness.writeTemplate({ A: 'good', B: 'good' }) }),
    );
    expect(run.failure).toBeUndefined();
    expect(run.outputs['BName']).toMatch(/^shop-B-/u);
  });
});

describe('errors while following an operation', () => {
  it.each([
    ['throttling', [{ fault: 'throttle', operation: 'Describe*', probability: 0.5 }]],
    ['errors of the service', [{ fault: 'error', operation: 'Describe*', probability: 0.4 }]],
    ['cut connections', [{ fault: 'reset', operation: 'Describe*', probability: 0.4 }]],
  ] satisfies readonly [string, Faults][])('by %s do not change the result', async (_, faults) => {
    const good = await harness.withFaults(faults, () =>
      harness.deploy({ template: harness.writeTemplate({ A: 'good' }) }),
    );
    expect(good.failure).toBeUndefined();
    const bad = await harness.withFaults(faults, () =>
      harness.deploy({ template: harness.writeTemplate({ A: 'bad' }) }),
    );
    expect(bad.failure).toContain('Mode bad is not good');
  });

  it('for lack of permission to read events fall back to polling the stack', async () => {
    const denied: Faults = [
      { fault: 'error', operation: 'DescribeStackEvents', code: 'AccessDenied', message: 'not allowed', status: 403 },
    ];
    const good = await harness.withFaults(denied, () =>
      harness.deploy({ template: harness.writeTemplate({ A: 'good' }) }),
    );
    expect(good.failure).toBeUndefined();
    expect(good.log).toContain('Stack events cannot be read');
    const bad = await harness.withFaults(denied, () =>
      harness.deploy({ template: harness.writeTemplate({ A: 'bad' }) }),
    );
    expect(bad.failure).toContain('Mode bad is not good');
    expect(bad.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
  });
});

describe('a denied call', () => {
  it('fails with the name of the operation and leaves no change set', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    const run = await harness.withFaults(
      [{ fault: 'error', operation: 'ExecuteChangeSet', code: 'AccessDenied', message: 'not allowed', status: 403 }],
      () => harness.deploy({ template: harness.writeTemplate({ A: 'better' }) }),
    );
    expect(run.failure).toContain('ExecuteChangeSet: AccessDenied: not allowed');
    expect(run.outputs['stack-status']).toBe('CREATE_COMPLETE');
    expect(run.writes).toEqual(['CreateChangeSet', 'DeleteChangeSet']);
  });
});
