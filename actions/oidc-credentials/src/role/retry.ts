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
  /** A value that it rejects is requested again, at once. */
  readonly accept?: (value: T) => boolean;
}

const BACKOFF = { initialDelayMs: 500, maxDelayMs: 15_000, factor: 2, jitter: 0.5 };

/** Rejected values in a row after which the next call waits, so that a service is not called in a loop for ever. */
const MAX_IMMEDIATE_CALLS = 30;

const RETRYABLE_CLASSES: readonly ErrorClass[] = ['throttled', 'transient', 'eventual', 'expired'];

/**
 * Repeats a call after retryable errors, with exponential backoff and jitter; throws any other error unchanged. Unlike
 * `withRetry` of `@aws-delivery/aws/poll` it also limits the number of attempts, and requests rejected values again
 * without a delay.
 */
export const withRetry = <T>(
  retryOptions: RetryOptions,
  { label, call, classify = classifyError, accept = () => true }: RetriedCall<T>,
): Promise<T> => {
  const { clock, signal, deadline } = retryOptions;
  let callCount = 0;
  let previousClass: ErrorClass | undefined;
  const read = async (): Promise<PollResult<T>> => {
    for (let immediateCalls = 1; ; immediateCalls += 1) {
      callCount += 1;
      const value = await call();
      if (accept(value)) return { state: 'done', value };
      const mustPause = immediateCalls === MAX_IMMEDIATE_CALLS || clock.now() > deadline || signal.aborted;
      if (mustPause) return { state: 'pending' };
    }
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
  return poll({ label, clock, signal, deadline, read, classify: classifyAttempt, backoff: BACKOFF });
};
