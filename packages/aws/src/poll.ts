import { rejectOnCancel, toCancellationError } from '@aws-delivery/action-kit/host/cancellation';
import { getTimeLimit, withGracePeriod } from '@aws-delivery/action-kit/host/time-limit';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { classifyError, type ErrorClass, formatAwsError, getRetryAfter } from './error.js';

/** Result of one poll attempt; `progressed` when something changed since the previous attempt. */
export type PollResult<T> =
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'pending'; readonly progressed?: boolean };

/** Delays between poll attempts. */
export interface Backoff {
  /** The first delay, also the one after progress. */
  readonly initialDelayMs: number;
  readonly maxDelayMs: number;
  /** Growth of each delay over the previous one. */
  readonly factor: number;
  /** Largest random reduction of a delay, as a share from 0 to 1, so that parallel jobs do not poll in step. */
  readonly jitter: number;
}

export const DEFAULT_BACKOFF: Backoff = { initialDelayMs: 1000, maxDelayMs: 10_000, factor: 1.5, jitter: 0.25 };

export interface PollOptions<T> {
  /** The awaited event, continuing "timed out after 5m waiting for": `stack shop to settle`. */
  readonly label: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds since the epoch; several waits can share one deadline. The time limit of the run may end it earlier. */
  readonly deadline: number;
  /** One attempt. It must bound its own duration: the deadline does not interrupt a running attempt. */
  readonly read: () => Promise<PollResult<T>>;
  readonly backoff?: Partial<Backoff>;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random?: () => number;
  /** Classifies an error of `read`; default `classifyError`. */
  readonly classify?: (error: unknown) => ErrorClass;
}

/** Time for the last attempt, which starts at the deadline. */
const LAST_ATTEMPT_MS = 1000;

type Reading<T> = PollResult<T> | { readonly state: 'error'; readonly kind: ErrorClass; readonly error: unknown };

/** Delays that grow without progress, restart after progress, and stay long for a while after throttling. */
class BackoffTimer {
  private nextDelay: number;
  private minDelay: number;

  constructor(
    private readonly backoff: Backoff,
    private readonly random: () => number,
  ) {
    this.nextDelay = backoff.initialDelayMs;
    this.minDelay = backoff.initialDelayMs;
  }

  get minInterval(): number {
    return this.backoff.initialDelayMs * (1 - this.backoff.jitter);
  }

  computeDelay(reading: { readonly state: string; readonly progressed?: boolean; readonly kind?: ErrorClass }): number {
    const { initialDelayMs, maxDelayMs, factor } = this.backoff;
    if (reading.kind === 'throttled') {
      this.minDelay = Math.min(maxDelayMs, 2 * Math.max(this.nextDelay, this.minDelay));
      this.nextDelay = this.minDelay;
    } else {
      if (reading.progressed === true) this.nextDelay = this.minDelay;
      this.minDelay = Math.max(initialDelayMs, this.minDelay * 0.75);
    }
    const delay = Math.min(maxDelayMs, this.nextDelay);
    this.nextDelay = Math.min(maxDelayMs, this.nextDelay * factor);
    return delay * (1 - this.backoff.jitter * this.random());
  }
}

// `expired` is retryable because clients with `renewExpiredCredentials` resolve their credentials again, but only once
// in a row: a chain that returns expired credentials twice has no others.
const RETRYABLE_CLASSES: readonly ErrorClass[] = ['throttled', 'transient', 'eventual', 'expired'];

const pollOnce = async <T>(options: PollOptions<T>, last: Reading<T> | undefined): Promise<Reading<T>> => {
  const { signal, read, classify = classifyError } = options;
  if (signal?.aborted) throw toCancellationError(signal);
  try {
    return await rejectOnCancel(withGracePeriod(LAST_ATTEMPT_MS, read), signal);
  } catch (error) {
    if (signal?.aborted) throw toCancellationError(signal);
    const kind = classify(error);
    const repeatsExpiry = kind === 'expired' && last?.state === 'error' && last.kind === 'expired';
    if (repeatsExpiry || !RETRYABLE_CLASSES.includes(kind)) throw error;
    return { state: 'error', kind, error };
  }
};

const createTimeoutError = <T>(
  options: PollOptions<T>,
  waited: number,
  last: Reading<T> | undefined,
): DeliveryError => {
  const lastErrorNote = last?.state === 'error' ? ` (last error: ${formatAwsError(last.error)})` : '';
  const message = `timed out after ${formatDuration(waited)} waiting for ${options.label}${lastErrorNote}: check what blocks it, or increase the timeout`;
  return new DeliveryError('timeout', message, last?.state === 'error' ? { cause: last.error } : {});
};

const sleep = async <T>(options: PollOptions<T>, milliseconds: number): Promise<void> => {
  try {
    await options.clock.sleep(milliseconds, options.signal);
  } catch (error) {
    throw options.signal?.aborted ? toCancellationError(options.signal) : error;
  }
};

/**
 * Polls until `read` is done and returns its value. Delays grow without progress and after throttling; retryable errors
 * are retried. The last attempt is at the deadline, none is after it, and two attempts are at least `initialDelayMs`
 * less its jitter apart.
 * @throws DeliveryError `timeout` at the deadline, `cancelled` on abort; an error of `read` that is not retryable is
 * thrown unchanged
 */
export const poll = async <T>(options: PollOptions<T>): Promise<T> => {
  const { clock, random = Math.random } = options;
  const limit = getTimeLimit();
  const getDeadline = (): number => limit?.getDeadline(options.deadline) ?? options.deadline;
  const start = clock.now();
  const timer = new BackoffTimer({ ...DEFAULT_BACKOFF, ...options.backoff }, random);
  let last: Reading<T> | undefined;
  while (clock.now() <= getDeadline()) {
    last = await pollOnce(options, last);
    if (last.state === 'done') return last.value;
    const retryAfterMs = last.state === 'error' ? (getRetryAfter(last.error, clock.now()) ?? 0) : 0;
    const delay = Math.max(retryAfterMs, timer.computeDelay(last));
    const remaining = getDeadline() - clock.now();
    if (remaining < timer.minInterval) break;
    // A remainder too short for another attempt is added to this delay.
    await sleep(options, remaining - delay < timer.minInterval ? remaining : delay);
  }
  throw createTimeoutError(options, clock.now() - start, last);
};
