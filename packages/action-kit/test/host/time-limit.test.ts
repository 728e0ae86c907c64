import { describe, expect, it } from '@jest/globals';
import { getTimeLimit, TimeLimit, withRequestLimit, withTimeLimit } from '../../src/host/time-limit.js';
import { VirtualClock } from '../../src/testing/virtual-clock.js';

describe('TimeLimit', () => {
  it('gives requests the remaining time, late ones 5 s, and none after 30 s', async () => {
    const clock = new VirtualClock();
    const limit = new TimeLimit(clock, 60_000);
    expect(limit.getRequestTimeout()).toBe(60_000);
    await clock.advance(59_000);
    expect(limit.getRequestTimeout()).toBe(1000);
    expect(limit.isExceeded).toBe(false);
    await clock.advance(1000);
    expect(limit.isExceeded).toBe(true);
    expect(limit.getRequestTimeout()).toBe(5000);
    await clock.advance(28_000);
    expect(limit.getRequestTimeout()).toBe(2000);
    await clock.advance(2000);
    expect(limit.getRequestTimeout()).toBe(0);
  });

  it('ends waits at the limit, and late waits 30 s after it', async () => {
    const clock = new VirtualClock();
    const limit = new TimeLimit(clock, 60_000);
    const { end } = limit;
    expect(limit.getDeadline(end + 1)).toBe(end);
    expect(limit.getDeadline(end - 1)).toBe(end - 1);
    await clock.advance(60_000);
    expect(limit.getDeadline(end + 60_000)).toBe(end + 30_000);
  });
});

describe('withTimeLimit', () => {
  const clock = new VirtualClock();

  it('applies to the work alone, and an inner limit replaces the outer one', async () => {
    const seen = await withTimeLimit(clock, 1000, async () => {
      const outer = getTimeLimit()?.getRequestTimeout();
      const inner = await withTimeLimit(clock, 5000, async () => getTimeLimit()?.getRequestTimeout());
      const none = await withTimeLimit(clock, undefined, async () => getTimeLimit());
      return [outer, inner, none];
    });
    expect(seen).toEqual([1000, 5000, undefined]);
    expect(getTimeLimit()).toBeUndefined();
  });

  it('sets no limit for an infinite time', async () => {
    expect(await withTimeLimit(clock, Number.POSITIVE_INFINITY, async () => getTimeLimit())).toBeUndefined();
  });
});

describe('withRequestLimit', () => {
  it('limits each request, but no wait', async () => {
    const clock = new VirtualClock();
    await withRequestLimit(clock, 60_000, async () => {
      await clock.advance(3_600_000);
      expect(getTimeLimit()?.getRequestTimeout()).toBe(60_000);
      expect(getTimeLimit()?.getDeadline(clock.now() + 10)).toBe(clock.now() + 10);
    });
  });
});
