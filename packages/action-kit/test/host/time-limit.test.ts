import { describe, expect, it } from '@jest/globals';
import { getTimeLimit, limitSleep, TimeLimit, withGracePeriod, withTimeLimit } from '../../src/host/time-limit.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

describe('TimeLimit', () => {
  it('gives requests the remaining time, and none after the limit', async () => {
    const clock = new VirtualClock();
    const limit = new TimeLimit(clock, { duration: 60_000 });
    expect(limit.getRequestTimeout()).toBe(60_000);
    await clock.advance(59_000);
    expect(limit.getRequestTimeout()).toBe(1000);
    await clock.advance(2000);
    expect(limit.getRequestTimeout()).toBe(0);
  });

  it('ends waits', () => {
    const limit = new TimeLimit(new VirtualClock(), { duration: 60_000 });
    expect(limit.getDeadline(limit.end + 1)).toBe(limit.end);
    expect(limit.getDeadline(limit.end - 1)).toBe(limit.end - 1);
  });
});

describe('withTimeLimit', () => {
  const clock = new VirtualClock();
  const getRemaining = async () => getTimeLimit()?.getRequestTimeout();

  it('applies to the work alone; an inner limit may be shorter, not longer', async () => {
    const seen = await withTimeLimit(clock, 1000, async () => [
      await getRemaining(),
      await withTimeLimit(clock, 500, getRemaining),
      await withTimeLimit(clock, 5000, getRemaining),
      await withTimeLimit(clock, undefined, getRemaining),
    ]);
    expect(seen).toEqual([1000, 500, 1000, 1000]);
    expect(getTimeLimit()).toBeUndefined();
  });

  it('sets no limit for an infinite time', async () => {
    expect(await withTimeLimit(clock, Number.POSITIVE_INFINITY, async () => getTimeLimit())).toBeUndefined();
  });
});

describe('withGracePeriod', () => {
  const getTimeouts = async (elapsed: readonly number[]): Promise<readonly (number | undefined)[]> => {
    const clock = new VirtualClock();
    return withTimeLimit(clock, 60_000, () =>
      withGracePeriod(30_000, async () => {
        const timeouts = [];
        for (const milliseconds of elapsed) {
          await clock.advance(milliseconds);
          timeouts.push(getTimeLimit()?.getRequestTimeout());
        }
        return timeouts;
      }),
    );
  };

  it('lets late requests take 5 s, until it ends', async () => {
    expect(await getTimeouts([60_000, 27_000, 3000])).toEqual([5000, 3000, 0]);
  });

  it('does not shorten requests before the limit', async () => {
    expect(await getTimeouts([0, 50_000])).toEqual([60_000, 10_000]);
  });

  it('has no effect without a limit', async () => {
    expect(await withGracePeriod(1000, async () => getTimeLimit())).toBeUndefined();
  });
});

describe('limitSleep', () => {
  it('ends a sleep at the limit with an error', async () => {
    const virtualClock = new VirtualClock();
    const [start, clock] = [virtualClock.now(), limitSleep(virtualClock)];
    const sleep = withTimeLimit(clock, 60_000, async () => {
      await clock.sleep(59_000);
      await clock.sleep(2000);
    });
    await expect(sleep).rejects.toMatchObject({ code: 'timeout', message: expect.stringContaining('after 1m ') });
    expect(virtualClock.now() - start).toBe(60_000);
  });

  it('sleeps up to the limit, and without a limit as long as requested', async () => {
    const virtualClock = new VirtualClock();
    const [start, clock] = [virtualClock.now(), limitSleep(virtualClock)];
    await withTimeLimit(clock, 1000, () => clock.sleep(1000));
    await clock.sleep(5000);
    expect(virtualClock.now() - start).toBe(6000);
  });
});
