import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { TestHarness } from '../harness.js';

const harness = await TestHarness.open();
afterAll(() => harness.close());
beforeEach(() => harness.aws.reset());

describe('mode wait', () => {
  it('does not report the end of an earlier operation', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await harness.wait(60);
    await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }), wait: 'false' });
    const waited = await harness.withFaults(
      [{ fault: 'stale', operation: 'DescribeStackEvents', by: '5s', calls: 1 }],
      () => harness.deploy({ mode: 'wait' }),
    );
    expect(waited.failure).toBeDefined();
    expect(waited.outputs['stack-status']).toBe('UPDATE_ROLLBACK_COMPLETE');
  });

  it('attaches to an operation of an earlier step despite stale reads', async () => {
    await harness.deploy({ template: harness.writeTemplate({ A: 'good' }) });
    await harness.wait(60);
    const waited = await harness.withFaults([{ fault: 'stale', operation: 'Describe*', by: '3s' }], async () => {
      const started = await harness.deploy({ template: harness.writeTemplate({ A: 'bad' }), wait: 'false' });
      expect(started.failure).toBeUndefined();
      return harness.deploy({ mode: 'wait' });
    });
    expect(waited.failure).toContain('Mode bad is not good');
  });
});
