import { rejectOnCancel, toCancellationError } from '@aws-delivery/action-kit/host/cancellation';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { classifyError, type ErrorClass, formatAwsError, getRetryAfter } from './error.js';

/** What one reading shows: the end, or that it has not come yet; `moved` when something changed since the last one. */
export type PollResult<T> =
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'pending'; readonly progressed?: boolean };

/** How often to look. Times in milliseconds. */
export interface Backoff {
  /** The first pause, and the one after something moved. */
  readonly initialDelayMs: number;
  /** The longest pause. */
  readonly maxDelayMs: number;
  /** By how much each pause is longer than the one before. */
  readonly factor: number;
  /** The share of a pause that chance may take away, from 0 to 1, so that parallel jobs do not ask in step. */
  readonly jitter: number;
}

export const DEFAULT_BACKOFF: Backoff = { initialDelayMs: 1000, maxDelayMs: 10_000, factor: 1.5, jitter: 0.25 };

export interface PollOptions<T> {
  /** What is awaited, to follow "waiting for": `stack shop to settle`. */
  readonly label: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** When to give up, in milliseconds since the epoch; one deadline can serve several waits. */
  readonly deadline: number;
  /** Looks once. It should bound its own duration: the deadline does not interrupt a reading under way. */
  readonly read: () => Promise<PollResult<T>>;
  readonly backoff?: Partial<Backoff>;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random?: () => number;
  /** What an error of `read` calls for; by default `classify`. */
  readonly classify?: (error: unknown) => ErrorClass;
}

type Reading<T> = PollResult<T> | { readonly state: 'error'; readonly kind: ErrorClass; readonly error: unknown };

/** Pauses that grow while nothing happens, start over when something does, and stay long for a while after throttling. */
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

// Asking again helps here; `expired` is in the list because clients made with `awsConfiguration` resolve their
// credentials anew after it, but only once in a row: a chain that yields dead credentials twice has no others.
const RETRYABLE_CLASSES: readonly ErrorClass[] = ['throttled', 'transient', 'eventual', 'expired'];

const pollOnce = async <T>(options: PollOptions<T>, last: Reading<T> | undefined): Promise<Reading<T>> => {
  const { signal, read, classify = classifyError } = options;
  if (signal?.aborted) throw toCancellationError(signal);
  try {
    return await rejectOnCancel(read(), signal);
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
  const lastErrorNote = last?.state === 'error' ? `; the last answer was ${formatAwsError(last.error)}` : '';
  const message = `waited ${formatDuration(waited)} for ${options.label}, as long as the timeout allows${lastErrorNote}: see what holds it up, or allow more time`;
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
 * Looks until the end has come, and returns what came. Fast first, slower while nothing happens, slower still when
 * throttled; survives errors that pass by themselves. Everything else is thrown, so that no caller takes uncertainty
 * for success: DeliveryError `timeout` at the deadline, `cancelled` on abort, and the error of a reading that asking
 * again would not mend, as it is. The last look is at the deadline, none is after it, and no two are closer than
 * `first` less its jitter.
 */
export const poll = async <T>(options: PollOptions<T>): Promise<T> => {
  const { clock, deadline, random = Math.random } = options;
  const start = clock.now();
  const timer = new BackoffTimer({ ...DEFAULT_BACKOFF, ...options.backoff }, random);
  let last: Reading<T> | undefined;
  while (clock.now() <= deadline) {
    last = await pollOnce(options, last);
    if (last.state === 'done') return last.value;
    const retryAfterMs = last.state === 'error' ? (getRetryAfter(last.error, clock.now()) ?? 0) : 0;
    const delay = Math.max(retryAfterMs, timer.computeDelay(last));
    const remaining = deadline - clock.now();
    if (remaining < timer.minInterval) break;
    // A remainder too short for one more look is added to this pause.
    await sleep(options, remaining - delay < timer.minInterval ? remaining : delay);
  }
  throw createTimeoutError(options, clock.now() - start, last);
};
