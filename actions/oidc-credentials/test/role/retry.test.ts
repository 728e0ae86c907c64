import { createFakeHost } from '@aws-delivery/action-kit/testing/fake-host';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { describe, expect, it } from '@jest/globals';
import { withRetry } from '../../src/role/retry.js';

describe('a call whose result is rejected', () => {
  const countCalls = async (accept: (value: number) => boolean): Promise<{ calls: number; seconds: number }> => {
    const clock = new VirtualClock();
    const start = clock.now();
    let calls = 0;
    const call = async (): Promise<number> => {
      calls += 1;
      return calls;
    };
    const options = {
      clock,
      signal: new AbortController().signal,
      log: createFakeHost().log,
      deadline: start + 60_000,
    };
    const run = withRetry({ ...options, maxAttempts: Number.POSITIVE_INFINITY }, { label: 'a key', call, accept });
    await run.catch(() => undefined);
    return { calls, seconds: (clock.now() - start) / 1000 };
  };

  it('is repeated at once', async () => {
    expect(await countCalls((value) => value === 7)).toEqual({ calls: 7, seconds: 0 });
  });

  it('waits between series of calls, until the deadline', async () => {
    const { calls, seconds } = await countCalls(() => false);
    expect(seconds).toBe(60);
    expect(calls % 30).toBe(0);
    expect(calls).toBeLessThan(1000);
  });
});
