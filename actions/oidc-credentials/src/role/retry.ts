import type { Log } from '@aws-delivery/action-kit/host/log';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { classifyError, type ErrorClass, formatAwsError } from '@aws-delivery/aws/error';
import { type PollResult, poll } from '@aws-delivery/aws/poll';

/** How far a call is tried: all calls of a run share one deadline. */
export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Calls of one kind, at least 1. */
  readonly maxAttempts: number;
}

export interface RetriedCall<T> {
  /** What is awaited, to follow "waiting for". */
  readonly label: string;
  readonly call: () => Promise<T>;
  /** What an error calls for; by default `classify`. */
  readonly classify?: (error: unknown) => ErrorClass;
  /** A result that will not do is asked for again. */
  readonly accept?: (value: T) => boolean;
}

const BACKOFF = { initialDelayMs: 500, maxDelayMs: 15_000, factor: 2, jitter: 0.5 };

const RETRYABLE_CLASSES: readonly ErrorClass[] = ['throttled', 'transient', 'eventual', 'expired'];

/**
 * Calls until there is an answer. Only faults that pass by themselves are met with another call, after a pause with
 * jitter; everything else is thrown as it is, at once.
 */
export const withRetry = <T>(
  retryOptions: RetryOptions,
  { label, call, classify = classifyError, accept = () => true }: RetriedCall<T>,
): Promise<T> => {
  let callCount = 0;
  let previousClass: ErrorClass | undefined;
  const read = async (): Promise<PollResult<T>> => {
    callCount += 1;
    const value = await call();
    return accept(value) ? { state: 'done', value } : { state: 'pending' };
  };
  const classifyAttempt = (error: unknown): ErrorClass => {
    const errorClass = classify(error);
    // What is expired twice in a row stays so.
    const isRetryable =
      RETRYABLE_CLASSES.includes(errorClass) && !(errorClass === 'expired' && previousClass === 'expired');
    previousClass = errorClass;
    if (!isRetryable || callCount >= retryOptions.maxAttempts) return isRetryable ? 'permanent' : errorClass;
    retryOptions.log.info(`Attempt ${callCount} failed, another follows: ${formatAwsError(error)}`);
    return errorClass;
  };
  const { clock, signal, deadline } = retryOptions;
  return poll({ label, clock, signal, deadline, read, classify: classifyAttempt, backoff: BACKOFF });
};
