import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../util/clock.js';
import { DeliveryError } from '../util/error.js';
import { formatDuration } from '../util/format.js';

/** Longest delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Longest duration of one request after the limit. */
const MAX_LATE_REQUEST_MS = 5000;

export interface TimeLimitOptions {
  /** Milliseconds. */
  readonly duration: number;
  /** Milliseconds since the epoch; default now and the duration. */
  readonly end?: number;
  /** How much of the time before `end` is a grace period, in milliseconds. */
  readonly gracePeriod?: number;
}

/** The time limit of a run, its input `timeout`. It bounds every request, program, retry and wait in it. */
export class TimeLimit {
  private currentEnd: number;
  private readonly duration: number;
  private readonly gracePeriod: number;

  constructor(
    private readonly clock: Clock,
    { duration, end = clock.now() + duration, gracePeriod = 0 }: TimeLimitOptions,
  ) {
    this.duration = duration;
    this.currentEnd = end;
    this.gracePeriod = gracePeriod;
  }

  /** Milliseconds since the epoch. */
  get end(): number {
    return this.currentEnd;
  }

  /** How long a request that starts now may take, in milliseconds; 0 when none may start. */
  getRequestTimeout(): number {
    const remaining = Math.max(0, this.end - this.clock.now());
    const longest = this.gracePeriod === 0 ? MAX_TIMER_MS : Math.max(remaining - this.gracePeriod, MAX_LATE_REQUEST_MS);
    return Math.min(remaining, longest, MAX_TIMER_MS);
  }

  /** The deadline of a wait that has its own deadline. */
  getDeadline(deadline: number): number {
    return Math.min(deadline, this.end);
  }

  /** The error of a request or wait that reached the limit. A grace period ends with it: the server does not respond. */
  createError(awaited: string, cause?: unknown): DeliveryError {
    const message = `timed out after ${formatDuration(this.duration)} waiting for ${awaited}: check the connection, or increase 'timeout'`;
    if (this.gracePeriod > 0) this.currentEnd = Math.min(this.end, this.clock.now());
    return new DeliveryError('timeout', message, { cause });
  }

  /** A limit that ends `milliseconds` after this one; itself if it has such a grace period already. */
  createGracePeriod(milliseconds: number): TimeLimit {
    const { clock, duration, gracePeriod } = this;
    if (gracePeriod >= milliseconds) return this;
    return new TimeLimit(clock, { duration, end: this.end - gracePeriod + milliseconds, gracePeriod: milliseconds });
  }
}

const storage = new AsyncLocalStorage<TimeLimit | undefined>();

/** The limit of the current run, if it has one. */
export const getTimeLimit = (): TimeLimit | undefined => storage.getStore();

/**
 * Runs `work` with a time limit in milliseconds, at most the limit of the caller; with that of the caller if undefined.
 * The work itself is not interrupted: its requests, programs and waits end at the limit.
 */
export const withTimeLimit = <T>(
  clock: Clock,
  milliseconds: number | undefined,
  work: () => Promise<T>,
): Promise<T> => {
  const outer = getTimeLimit();
  if (milliseconds === undefined || clock.now() + milliseconds >= (outer?.end ?? Number.POSITIVE_INFINITY))
    return work();
  return storage.run(new TimeLimit(clock, { duration: milliseconds }), work);
};

/**
 * Runs work that may go on after the limit of the run for a bounded time, for example to stop an operation that
 * exceeded it. A request that is late takes at most 5 s.
 */
export const withGracePeriod = <T>(milliseconds: number, work: () => Promise<T>): Promise<T> => {
  const limit = getTimeLimit();
  return limit === undefined ? work() : storage.run(limit.createGracePeriod(milliseconds), work);
};

/** A clock whose `sleep` ends at the time limit with the error `timeout`. */
export const limitSleep = (clock: Clock): Clock => ({
  now: () => clock.now(),
  every: (milliseconds, tick) => clock.every(milliseconds, tick),
  sleep: async (milliseconds, signal) => {
    const limit = getTimeLimit();
    const remaining = limit === undefined ? milliseconds : Math.max(0, limit.end - clock.now());
    await clock.sleep(Math.min(milliseconds, remaining), signal);
    if (limit !== undefined && remaining < milliseconds) throw limit.createError('the end of a pause');
  },
});
