import { getTimeLimit, withTimeLimit } from '@aws-delivery/action-kit/host/time-limit';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { describe, expect, it } from '@jest/globals';
import { DEFAULT_BACKOFF, type PollOptions, type PollResult, poll } from '../src/poll.js';

const throttling = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const expired = Object.assign(new Error('the token is stale'), { name: 'ExpiredToken' });
const invalid = Object.assign(new Error('no such stack'), { name: 'ValidationError' });

type Step = PollResult<string> | Error;
const pending: Step = { state: 'pending' };
const progressed: Step = { state: 'pending', progressed: true };
const done: Step = { state: 'done', value: 'CREATE_COMPLETE' };

/** Returns the steps in order and repeats the last one; each attempt takes `duration` ms. */
const createScriptedRead = (steps: readonly Step[], clock: VirtualClock, duration = 0) => {
  const attempts: number[] = [];
  const read = async (): Promise<PollResult<string>> => {
    attempts.push(clock.now());
    const step = steps[Math.min(attempts.length, steps.length) - 1] ?? pending;
    if (duration > 0) await clock.sleep(duration);
    if (step instanceof Error) throw step;
    return step;
  };
  return { attempts, read };
};

const startPolling = (
  steps: readonly Step[],
  options: Partial<PollOptions<string>> & { readonly duration?: number } = {},
) => {
  const clock = new VirtualClock({ start: 0 });
  const { attempts, read } = createScriptedRead(steps, clock, options.duration);
  const result = poll({
    label: 'stack shop to settle',
    clock,
    deadline: 600_000,
    random: () => 0,
    read,
    ...options,
  });
  return { clock, attempts, result };
};

const computeDelays = (attempts: readonly number[]): number[] =>
  attempts.slice(1).map((time, index) => time - (attempts[index] ?? Number.NaN));

/** Seeded random numbers (mulberry32), so that a failing run can be repeated. */
const createRandom = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

describe('poll', () => {
  it('returns without delay when the first attempt is done', async () => {
    const { clock, attempts, result } = startPolling([done]);
    await expect(result).resolves.toBe('CREATE_COMPLETE');
    expect(attempts).toEqual([0]);
    expect(clock.now()).toBe(0);
  });

  it('retries within a second, then backs off to the maximum delay', async () => {
    const { attempts, result } = startPolling([...Array<Step>(8).fill(pending), done]);
    await result;
    expect(computeDelays(attempts)).toEqual([1000, 1500, 2250, 3375, 5062.5, 7593.75, 10_000, 10_000]);
  });

  it('restarts the backoff after progress', async () => {
    const { attempts, result } = startPolling([pending, pending, pending, progressed, pending, done]);
    await result;
    expect(computeDelays(attempts)).toEqual([1000, 1500, 2250, 1000, 1500]);
  });

  it('slows down after throttling and stays slow for a while despite progress', async () => {
    const { attempts, result } = startPolling([throttling, throttling, progressed, progressed, progressed, done]);
    await result;
    const delays = computeDelays(attempts);
    expect(delays.slice(0, 2)).toEqual([2000, 6000]);
    expect(delays[2]).toBe(6000);
    expect(delays[3]).toBeLessThan(6000);
    expect(delays[4]).toBeLessThan(delays[3] ?? 0);
    expect(delays[4]).toBeGreaterThan(DEFAULT_BACKOFF.initialDelayMs);
  });

  it('waits for the time in Retry-After', async () => {
    const throttled = Object.assign(new Error('slow down'), {
      name: 'SlowDown',
      $response: { headers: { 'retry-after': '42' } },
    });
    const { attempts, result } = startPolling([throttled, done]);
    await result;
    expect(computeDelays(attempts)).toEqual([42_000]);
  });

  it('retries after transient errors', async () => {
    const { attempts, result } = startPolling([reset, throttling, reset, expired, done]);
    await expect(result).resolves.toBe('CREATE_COMPLETE');
    expect(attempts).toHaveLength(5);
  });

  it('throws a permanent error unchanged and immediately', async () => {
    const { attempts, result } = startPolling([pending, invalid, done]);
    await expect(result).rejects.toBe(invalid);
    expect(attempts).toHaveLength(2);
  });

  it('throws when newly resolved credentials are expired, too', async () => {
    const { attempts, result } = startPolling([expired, expired, done]);
    await expect(result).rejects.toBe(expired);
    expect(attempts).toHaveLength(2);
  });

  it('retries after single expirations of credentials', async () => {
    const { result } = startPolling([expired, pending, expired, done]);
    await expect(result).resolves.toBe('CREATE_COMPLETE');
  });

  it('uses the classification of the caller', async () => {
    const { result } = startPolling([invalid, done], { classify: () => 'eventual' });
    await expect(result).resolves.toBe('CREATE_COMPLETE');
  });

  it('makes the last attempt at the deadline, then reports the wait and its label', async () => {
    const { clock, attempts, result } = startPolling([pending], { deadline: 60_000 });
    await expect(result).rejects.toMatchObject({
      code: 'timeout',
      message: 'timed out after 1m 00s waiting for stack shop to settle: check what blocks it, or increase the timeout',
    });
    expect(attempts.at(-1)).toBe(60_000);
    expect(clock.now()).toBe(60_000);
  });

  it('reports the last error at the deadline', async () => {
    const { result } = startPolling([throttling], { deadline: 20_000 });
    await expect(result).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('(last error: ThrottlingException: Rate exceeded)'),
      cause: throttling,
    });
  });

  it('ends at the time limit of the run', async () => {
    const clock = new VirtualClock();
    const start = clock.now();
    const options = { label: 'x', clock, deadline: start + 60_000, read: async () => ({ state: 'pending' as const }) };
    await expect(withTimeLimit(clock, 10_000, () => poll(options))).rejects.toMatchObject({ code: 'timeout' });
    expect(clock.now() - start).toBe(10_000);
  });

  it('gives the last attempt at the time limit of the run a second for its requests', async () => {
    const clock = new VirtualClock();
    const timeouts: (number | undefined)[] = [];
    const read = async () => {
      timeouts.push(getTimeLimit()?.getRequestTimeout());
      return { state: 'pending' as const };
    };
    const options = { label: 'x', clock, deadline: Number.POSITIVE_INFINITY, read };
    await expect(withTimeLimit(clock, 10_000, () => poll(options))).rejects.toMatchObject({ code: 'timeout' });
    expect(timeouts.at(-1)).toBe(1000);
  });

  it('makes no attempt after the deadline', async () => {
    const { attempts, result } = startPolling([done], { deadline: -1 });
    await expect(result).rejects.toMatchObject({ code: 'timeout' });
    expect(attempts).toEqual([]);
  });

  it('stops a delay on cancellation with the reason of the signal', async () => {
    const controller = new AbortController();
    const clock = new VirtualClock({ start: 0, advance: 'manual' });
    const { attempts, read } = createScriptedRead([pending], clock);
    const reason = new DeliveryError('cancelled', 'cancelled by SIGINT');
    const result = poll({ label: 'x', clock, deadline: 60_000, read, signal: controller.signal });
    await clock.advance(1500);
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
    expect(attempts.length).toBeGreaterThan(0);
  });

  it('stops a running attempt on cancellation, whatever the reason', async () => {
    const controller = new AbortController();
    const never = new Promise<PollResult<string>>(() => {});
    const result = poll({
      label: 'x',
      clock: new VirtualClock(),
      deadline: Number.POSITIVE_INFINITY,
      read: () => never,
      signal: controller.signal,
    });
    controller.abort('the user went home');
    await expect(result).rejects.toMatchObject({ code: 'cancelled', message: 'cancelled: the user went home' });
  });

  it('makes no attempt when cancelled before the start', async () => {
    const { attempts, result } = startPolling([done], { signal: AbortSignal.abort() });
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
    expect(attempts).toEqual([]);
  });
});

describe('poll with random readings', () => {
  const minDelay = DEFAULT_BACKOFF.initialDelayMs * (1 - DEFAULT_BACKOFF.jitter);
  const steps: readonly Step[] = [pending, progressed, throttling, reset];

  it.each(Array.from({ length: 40 }, (_, seed) => [seed]))('respects deadline and delays (seed %d)', async (seed) => {
    const random = createRandom(seed);
    const script = Array.from({ length: 200 }, () => steps[Math.floor(random() * steps.length)] ?? pending);
    const deadline = Math.floor(random() * 300_000);
    const duration = Math.floor(random() * 2000);
    const { attempts, result } = startPolling(script, { deadline, duration, random });
    await expect(result).rejects.toMatchObject({ code: 'timeout' });
    const delays = computeDelays(attempts).map((delay) => delay - duration);
    // A tolerance of half a microsecond, since times are sums of fractions.
    for (const delay of delays) {
      expect(delay).toBeGreaterThanOrEqual(minDelay - 0.0005);
      expect(delay).toBeLessThan(DEFAULT_BACKOFF.maxDelayMs + minDelay);
    }
    for (const attempt of attempts) expect(attempt).toBeLessThanOrEqual(deadline);
  });

  it.each(Array.from({ length: 20 }, (_, seed) => [seed]))(
    'makes an attempt at the deadline (seed %d)',
    async (seed) => {
      const random = createRandom(seed);
      const deadline = 1000 + Math.floor(random() * 100_000);
      const { attempts, result } = startPolling([pending], { deadline, random });
      await expect(result).rejects.toMatchObject({ code: 'timeout' });
      expect(attempts.at(-1)).toBeCloseTo(deadline, 3);
    },
  );

  it('spreads delays over the whole jitter range and no further', async () => {
    const { attempts, result } = startPolling([pending], { deadline: 3_600_000, random: createRandom(7) });
    await expect(result).rejects.toMatchObject({ code: 'timeout' });
    const delays = computeDelays(attempts).slice(10, -2);
    const minDelay = DEFAULT_BACKOFF.maxDelayMs * (1 - DEFAULT_BACKOFF.jitter);
    expect(Math.min(...delays)).toBeGreaterThanOrEqual(minDelay);
    expect(Math.min(...delays)).toBeLessThan(minDelay * 1.05);
    expect(Math.max(...delays)).toBeLessThanOrEqual(DEFAULT_BACKOFF.maxDelayMs);
    expect(Math.max(...delays)).toBeGreaterThan(DEFAULT_BACKOFF.maxDelayMs * 0.95);
  });
});
