import { awsErrorText, classify, type ErrorClass, retryAfter } from './aws-error.js';
import { cancellationOf, untilCancelled } from './cancel.js';
import { type Clock, durationText } from './clock.js';
import { DeliveryError } from './error.js';

/** What one reading shows: the end, or that it has not come yet; `moved` when something changed since the last one. */
export type Outcome<T> =
  | { readonly state: 'done'; readonly value: T }
  | { readonly state: 'pending'; readonly moved?: boolean };

/** How often to look. Times in milliseconds. */
export interface Pace {
  /** The first pause, and the one after something moved. */
  readonly first: number;
  /** The longest pause. */
  readonly ceiling: number;
  /** By how much each pause is longer than the one before. */
  readonly factor: number;
  /** The share of a pause that chance may take away, from 0 to 1, so that parallel jobs do not ask in step. */
  readonly jitter: number;
}

export const DEFAULT_PACE: Pace = { first: 1000, ceiling: 10_000, factor: 1.5, jitter: 0.25 };

export interface PollOptions<T> {
  /** What is awaited, to follow "waiting for": `stack shop to settle`. */
  readonly what: string;
  readonly clock: Clock;
  readonly signal?: AbortSignal | undefined;
  /** When to give up, in milliseconds since the epoch; one deadline can serve several waits. */
  readonly deadline: number;
  /** Looks once. It should bound its own duration: the deadline does not interrupt a reading under way. */
  readonly read: () => Promise<Outcome<T>>;
  readonly pace?: Partial<Pace>;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random?: () => number;
  /** What an error of `read` calls for; by default `classify`. */
  readonly judge?: (error: unknown) => ErrorClass;
}

type Reading<T> = Outcome<T> | { readonly state: 'trouble'; readonly kind: ErrorClass; readonly error: unknown };

/** Pauses that grow while nothing happens, start over when something does, and stay long for a while after throttling. */
class Pacer {
  private next: number;
  private least: number;

  constructor(
    private readonly pace: Pace,
    private readonly random: () => number,
  ) {
    this.next = pace.first;
    this.least = pace.first;
  }

  get floor(): number {
    return this.pace.first * (1 - this.pace.jitter);
  }

  pauseAfter(reading: { readonly state: string; readonly moved?: boolean; readonly kind?: ErrorClass }): number {
    const { first, ceiling, factor } = this.pace;
    if (reading.kind === 'throttled') {
      this.least = Math.min(ceiling, 2 * Math.max(this.next, this.least));
      this.next = this.least;
    } else {
      if (reading.moved === true) this.next = this.least;
      this.least = Math.max(first, this.least * 0.75);
    }
    const pause = Math.min(ceiling, this.next);
    this.next = Math.min(ceiling, this.next * factor);
    return pause * (1 - this.pace.jitter * this.random());
  }
}

// Asking again helps here; `expired` is in the list because clients made with `awsConfiguration` resolve their
// credentials anew after it, but only once in a row: a chain that yields dead credentials twice has no others.
const SURVIVED: readonly ErrorClass[] = ['throttled', 'transient', 'eventual', 'expired'];

const look = async <T>(options: PollOptions<T>, last: Reading<T> | undefined): Promise<Reading<T>> => {
  const { signal, read, judge = classify } = options;
  if (signal?.aborted) throw cancellationOf(signal);
  try {
    return await untilCancelled(read(), signal);
  } catch (error) {
    if (signal?.aborted) throw cancellationOf(signal);
    const kind = judge(error);
    const again = kind === 'expired' && last?.state === 'trouble' && last.kind === 'expired';
    if (again || !SURVIVED.includes(kind)) throw error;
    return { state: 'trouble', kind, error };
  }
};

const timeoutError = <T>(options: PollOptions<T>, waited: number, last: Reading<T> | undefined): DeliveryError => {
  const trouble = last?.state === 'trouble' ? `; the last answer was ${awsErrorText(last.error)}` : '';
  const message = `waited ${durationText(waited)} for ${options.what}, as long as the timeout allows${trouble}: see what holds it up, or allow more time`;
  return new DeliveryError('timeout', message, last?.state === 'trouble' ? { cause: last.error } : {});
};

const rest = async <T>(options: PollOptions<T>, milliseconds: number): Promise<void> => {
  try {
    await options.clock.sleep(milliseconds, options.signal);
  } catch (error) {
    throw options.signal?.aborted ? cancellationOf(options.signal) : error;
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
  const pacer = new Pacer({ ...DEFAULT_PACE, ...options.pace }, random);
  let last: Reading<T> | undefined;
  while (clock.now() <= deadline) {
    last = await look(options, last);
    if (last.state === 'done') return last.value;
    const asked = last.state === 'trouble' ? (retryAfter(last.error, clock.now()) ?? 0) : 0;
    const pause = Math.max(asked, pacer.pauseAfter(last));
    const left = deadline - clock.now();
    if (left < pacer.floor) break;
    // A remainder too short for one more look is added to this pause.
    await rest(options, left - pause < pacer.floor ? left : pause);
  }
  throw timeoutError(options, clock.now() - start, last);
};
