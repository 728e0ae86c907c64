import { describe, expect, it } from '@jest/globals';
import { DeliveryError } from '../src/error.js';
import { DEFAULT_PACE, type Outcome, type PollOptions, poll } from '../src/poll.js';
import { VirtualClock } from '../src/testing/virtual-clock.js';

const throttling = Object.assign(new Error('Rate exceeded'), { name: 'ThrottlingException' });
const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
const expired = Object.assign(new Error('the token is stale'), { name: 'ExpiredToken' });
const invalid = Object.assign(new Error('no such stack'), { name: 'ValidationError' });

type Answer = Outcome<string> | Error;
const pending: Answer = { state: 'pending' };
const moved: Answer = { state: 'pending', moved: true };
const done: Answer = { state: 'done', value: 'CREATE_COMPLETE' };

/** Answers in turn, the last one for ever; each look takes `duration` ms. */
const scripted = (answers: readonly Answer[], clock: VirtualClock, duration = 0) => {
  const looks: number[] = [];
  const read = async (): Promise<Outcome<string>> => {
    looks.push(clock.now());
    const answer = answers[Math.min(looks.length, answers.length) - 1] ?? pending;
    if (duration > 0) await clock.sleep(duration);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return { looks, read };
};

const follow = (
  answers: readonly Answer[],
  options: Partial<PollOptions<string>> & { readonly duration?: number } = {},
) => {
  const clock = new VirtualClock({ start: 0 });
  const { looks, read } = scripted(answers, clock, options.duration);
  const result = poll({
    what: 'stack shop to settle',
    clock,
    deadline: 600_000,
    random: () => 0,
    read,
    ...options,
  });
  return { clock, looks, result };
};

const pausesOf = (looks: readonly number[]): number[] =>
  looks.slice(1).map((time, index) => time - (looks[index] ?? Number.NaN));

/** A small generator with a seed (mulberry32), so that a failing run can be repeated. */
const seeded = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
};

describe('poll', () => {
  it('returns what came without waiting when it is there at once', async () => {
    const { clock, looks, result } = follow([done]);
    await expect(result).resolves.toBe('CREATE_COMPLETE');
    expect(looks).toEqual([0]);
    expect(clock.now()).toBe(0);
  });

  it('looks again within a second, then backs off to the ceiling', async () => {
    const { looks, result } = follow([...Array<Answer>(8).fill(pending), done]);
    await result;
    expect(pausesOf(looks)).toEqual([1000, 1500, 2250, 3375, 5062.5, 7593.75, 10_000, 10_000]);
  });

  it('starts over when something moved', async () => {
    const { looks, result } = follow([pending, pending, pending, moved, pending, done]);
    await result;
    expect(pausesOf(looks)).toEqual([1000, 1500, 2250, 1000, 1500]);
  });

  it('slows down on throttling and stays slow for a while, even when things move', async () => {
    const { looks, result } = follow([throttling, throttling, moved, moved, moved, done]);
    await result;
    const pauses = pausesOf(looks);
    expect(pauses.slice(0, 2)).toEqual([2000, 6000]);
    expect(pauses[2]).toBe(6000);
    expect(pauses[3]).toBeLessThan(6000);
    expect(pauses[4]).toBeLessThan(pauses[3] ?? 0);
    expect(pauses[4]).toBeGreaterThan(DEFAULT_PACE.first);
  });

  it('waits as long as the service asks', async () => {
    const asked = Object.assign(new Error('slow down'), {
      name: 'SlowDown',
      $response: { headers: { 'retry-after': '42' } },
    });
    const { looks, result } = follow([asked, done]);
    await result;
    expect(pausesOf(looks)).toEqual([42_000]);
  });

  it('survives errors that pass by themselves', async () => {
    const { looks, result } = follow([reset, throttling, reset, expired, done]);
    await expect(result).resolves.toBe('CREATE_COMPLETE');
    expect(looks).toHaveLength(5);
  });

  it('throws an error that asking again does not mend, as it is and at once', async () => {
    const { looks, result } = follow([pending, invalid, done]);
    await expect(result).rejects.toBe(invalid);
    expect(looks).toHaveLength(2);
  });

  it('gives up when freshly resolved credentials have expired as well', async () => {
    const { looks, result } = follow([expired, expired, done]);
    await expect(result).rejects.toBe(expired);
    expect(looks).toHaveLength(2);
  });

  it('survives credentials that expire now and then', async () => {
    const { result } = follow([expired, pending, expired, done]);
    await expect(result).resolves.toBe('CREATE_COMPLETE');
  });

  it('lets the caller judge an error', async () => {
    const { result } = follow([invalid, done], { judge: () => 'eventual' });
    await expect(result).resolves.toBe('CREATE_COMPLETE');
  });

  it('looks for the last time at the deadline and then says how long it waited for what', async () => {
    const { clock, looks, result } = follow([pending], { deadline: 60_000 });
    await expect(result).rejects.toMatchObject({
      code: 'timeout',
      message:
        'waited 1m 00s for stack shop to settle, as long as the timeout allows: see what holds it up, or allow more time',
    });
    expect(looks.at(-1)).toBe(60_000);
    expect(clock.now()).toBe(60_000);
  });

  it('names the last trouble when the deadline passes amid trouble', async () => {
    const { result } = follow([throttling], { deadline: 20_000 });
    await expect(result).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('the last answer was ThrottlingException: Rate exceeded'),
      cause: throttling,
    });
  });

  it('does not look at all after the deadline', async () => {
    const { looks, result } = follow([done], { deadline: -1 });
    await expect(result).rejects.toMatchObject({ code: 'timeout' });
    expect(looks).toEqual([]);
  });

  it('stops while it pauses when it is cancelled, with the reason given', async () => {
    const controller = new AbortController();
    const clock = new VirtualClock({ start: 0, advance: 'by-hand' });
    const { looks, read } = scripted([pending], clock);
    const reason = new DeliveryError('cancelled', 'cancelled by SIGINT');
    const result = poll({ what: 'x', clock, deadline: 60_000, read, signal: controller.signal });
    await clock.advance(1500);
    controller.abort(reason);
    await expect(result).rejects.toBe(reason);
    expect(looks.length).toBeGreaterThan(0);
  });

  it('stops while a look is under way when it is cancelled, whatever the reason is', async () => {
    const controller = new AbortController();
    const never = new Promise<Outcome<string>>(() => {});
    const result = poll({
      what: 'x',
      clock: new VirtualClock(),
      deadline: Number.POSITIVE_INFINITY,
      read: () => never,
      signal: controller.signal,
    });
    controller.abort('the user went home');
    await expect(result).rejects.toMatchObject({ code: 'cancelled', message: 'cancelled: the user went home' });
  });

  it('does not look when it is cancelled before it begins', async () => {
    const { looks, result } = follow([done], { signal: AbortSignal.abort() });
    await expect(result).rejects.toMatchObject({ code: 'cancelled' });
    expect(looks).toEqual([]);
  });
});

describe('poll, whatever it sees', () => {
  const floor = DEFAULT_PACE.first * (1 - DEFAULT_PACE.jitter);
  const answers: readonly Answer[] = [pending, moved, throttling, reset];

  it.each(Array.from({ length: 40 }, (_, seed) => [seed]))('keeps its promises (seed %d)', async (seed) => {
    const random = seeded(seed);
    const script = Array.from({ length: 200 }, () => answers[Math.floor(random() * answers.length)] ?? pending);
    const deadline = Math.floor(random() * 300_000);
    const duration = Math.floor(random() * 2000);
    const { looks, result } = follow(script, { deadline, duration, random });
    await expect(result).rejects.toMatchObject({ code: 'timeout' });
    const pauses = pausesOf(looks).map((pause) => pause - duration);
    // Half a microsecond of slack: times are sums of fractions.
    for (const pause of pauses) {
      expect(pause).toBeGreaterThanOrEqual(floor - 0.0005);
      expect(pause).toBeLessThan(DEFAULT_PACE.ceiling + floor);
    }
    for (const look of looks) expect(look).toBeLessThanOrEqual(deadline);
  });

  it.each(Array.from({ length: 20 }, (_, seed) => [seed]))('looks at the deadline itself (seed %d)', async (seed) => {
    const random = seeded(seed);
    const deadline = 1000 + Math.floor(random() * 100_000);
    const { looks, result } = follow([pending], { deadline, random });
    await expect(result).rejects.toMatchObject({ code: 'timeout' });
    expect(looks.at(-1)).toBeCloseTo(deadline, 3);
  });

  it('spreads pauses over the whole jitter and no further', async () => {
    const { looks, result } = follow([pending], { deadline: 3_600_000, random: seeded(7) });
    await expect(result).rejects.toMatchObject({ code: 'timeout' });
    const settled = pausesOf(looks).slice(10, -2);
    const least = DEFAULT_PACE.ceiling * (1 - DEFAULT_PACE.jitter);
    expect(Math.min(...settled)).toBeGreaterThanOrEqual(least);
    expect(Math.min(...settled)).toBeLessThan(least * 1.05);
    expect(Math.max(...settled)).toBeLessThanOrEqual(DEFAULT_PACE.ceiling);
    expect(Math.max(...settled)).toBeGreaterThan(DEFAULT_PACE.ceiling * 0.95);
  });
});
