import type { Log } from '@aws-delivery/action-kit/host/log';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { classifyError, type ErrorClass, formatAwsError } from '@aws-delivery/aws/error';
import { type PollResult, poll } from '@aws-delivery/aws/poll';

/** Limits of retries; all calls of a run share one deadline. */
export interface RetryOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** Attempts per call, at least 1; may be infinite. */
  readonly maxAttempts: number;
}

export interface RetriedCall<T> {
  /** The awaited result, for messages: follows "waiting for". */
  readonly label: string;
  readonly call: () => Promise<T>;
  /** Default: `classifyError`. */
  readonly classify?: (error: unknown) => ErrorClass;
  /** A value that it rejects is requested again. */
  readonly accept?: (value: T) => boolean;
}

const BACKOFF = { initialDelayMs: 500, maxDelayMs: 15_000, factor: 2, jitter: 0.5 };

const RETRYABLE_CLASSES: readonly ErrorClass[] = ['throttled', 'transient', 'eventual', 'expired'];

/**
 * Repeats a call after retryable errors, with exponential backoff and jitter; throws any other error unchanged. Unlike
 * `withRetry` of `@aws-delivery/aws/poll` it also limits the number of attempts.
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
    // A second `expired` in a row is final.
    const isRetryable =
      RETRYABLE_CLASSES.includes(errorClass) && !(errorClass === 'expired' && previousClass === 'expired');
    previousClass = errorClass;
    if (!isRetryable || callCount >= retryOptions.maxAttempts) return isRetryable ? 'permanent' : errorClass;
    retryOptions.log.info(`Attempt ${callCount} failed, retrying: ${formatAwsError(error)}`);
    return errorClass;
  };
  const { clock, signal, deadline } = retryOptions;
  return poll({ label, clock, signal, deadline, read, classify: classifyAttempt, backoff: BACKOFF });
};
