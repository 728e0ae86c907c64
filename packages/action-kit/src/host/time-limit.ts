import { AsyncLocalStorage } from 'node:async_hooks';
import type { Clock } from '../util/clock.js';
import { DeliveryError } from '../util/error.js';
import { formatDuration } from '../util/format.js';

/** How long one request may take after the limit, for example to cancel an operation that exceeded it. */
const LATE_REQUEST_MS = 5000;

/** No request starts later than this after the limit. */
const GRACE_PERIOD_MS = 30_000;

/** Longest delay of a timer. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** The time limit of a run, its input `timeout`. It bounds every request, retry and wait in it. */
export class TimeLimit {
  /** Milliseconds since the epoch; infinite if the limit applies to each request. */
  readonly end: number;

  constructor(
    private readonly clock: Clock,
    private readonly duration: number,
    private readonly scope: 'run' | 'request' = 'run',
  ) {
    this.end = scope === 'run' ? clock.now() + duration : Number.POSITIVE_INFINITY;
  }

  get isExceeded(): boolean {
    return this.clock.now() >= this.end;
  }

  /** How long a request that starts now may take, in milliseconds; 0 when none may start. */
  getRequestTimeout(): number {
    if (this.scope === 'request') return Math.max(LATE_REQUEST_MS, this.duration);
    const now = this.clock.now();
    if (now < this.end) return Math.min(MAX_TIMER_MS, this.end - now);
    return Math.min(LATE_REQUEST_MS, Math.max(0, this.end + GRACE_PERIOD_MS - now));
  }

  /** The deadline of a wait that starts now and has its own deadline. */
  getDeadline(deadline: number): number {
    return this.isExceeded ? Math.min(deadline, this.end + GRACE_PERIOD_MS) : Math.min(deadline, this.end);
  }

  createError(source: string, cause?: unknown): DeliveryError {
    const message = `timed out after ${formatDuration(this.duration)} waiting for a response from ${source}: check the connection, or increase 'timeout'`;
    return new DeliveryError('timeout', message, { cause });
  }
}

const storage = new AsyncLocalStorage<TimeLimit | undefined>();

/** The limit of the current run, if it has one. */
export const getTimeLimit = (): TimeLimit | undefined => storage.getStore();

/**
 * Runs `work` with a time limit in milliseconds, or without one if undefined. It replaces the limit of the caller. The
 * work itself is not interrupted: its requests and waits end at the limit.
 */
export const withTimeLimit = <T>(clock: Clock, milliseconds: number | undefined, work: () => Promise<T>): Promise<T> =>
  storage.run(
    milliseconds === undefined || !Number.isFinite(milliseconds) ? undefined : new TimeLimit(clock, milliseconds),
    work,
  );

/** Runs `work`, in which each request ends after `milliseconds` (at least 5 s) without a retry; waits are not limited. */
export const withRequestLimit = <T>(
  clock: Clock,
  milliseconds: number | undefined,
  work: () => Promise<T>,
): Promise<T> =>
  milliseconds === undefined ? work() : storage.run(new TimeLimit(clock, milliseconds, 'request'), work);
