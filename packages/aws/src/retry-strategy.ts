import { getTimeLimit } from '@aws-delivery/action-kit/host/time-limit';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { classifyError } from './error.js';

/** `RetryToken` of @smithy/types, which the SDK's retry middleware passes to a `RetryStrategyV2`. */
interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
}

/** `RetryErrorInfo` of @smithy/types. */
interface RetryErrorInfo {
  readonly error?: unknown;
  readonly retryAfterHint?: Date;
}

export interface RetryStrategyOptions {
  readonly clock: Clock;
  readonly maxAttempts: number;
  /** Aborts the delay and the retries, but not a running request, which may be a write. */
  readonly signal?: AbortSignal | undefined;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random?: () => number;
}

/** The first delay; each further one is twice as long. */
const INITIAL_DELAY_MS = { transient: 300, throttled: 1000 } as const;
const MAX_DELAY_MS = 20_000;
const MAX_RETRY_AFTER_MS = 60_000;

const createRetryToken = (retries: number): RetryToken => ({ getRetryCount: () => retries, getRetryDelay: () => 0 });

const isBeyondLimit = (time: number): boolean => {
  const limit = getTimeLimit();
  return limit !== undefined && time >= limit.end;
};

/**
 * Retries a single call on errors of the classes throttled and transient (the SDK's own strategy also retries
 * exceeded quotas, docs/aws-facts.md §0.4). Delays double, with a jitter of up to half.
 * Nothing is retried after the time limit of the run.
 */
export class SdkRetryStrategy {
  constructor(private readonly options: RetryStrategyOptions) {}

  async acquireInitialRetryToken(): Promise<RetryToken> {
    return createRetryToken(0);
  }

  /** Waits and permits a further attempt; rejects when none is left, whereupon the SDK throws the original error. */
  async refreshRetryTokenForRetry(token: RetryToken, { error, retryAfterHint }: RetryErrorInfo): Promise<RetryToken> {
    const { clock, maxAttempts, signal, random = Math.random } = this.options;
    const kind = classifyError(error);
    const retries = token.getRetryCount();
    if ((kind !== 'transient' && kind !== 'throttled') || retries + 1 >= maxAttempts) throw new Error('not retryable');
    const maxDelay = Math.min(MAX_DELAY_MS, INITIAL_DELAY_MS[kind] * 2 ** retries);
    const requestedDelay = Math.min(MAX_RETRY_AFTER_MS, (retryAfterHint?.getTime() ?? 0) - clock.now());
    const delay = Math.max(requestedDelay, maxDelay * (1 - random() / 2));
    if (isBeyondLimit(clock.now() + delay)) throw new Error('not retryable');
    await clock.sleep(delay, signal);
    return createRetryToken(retries + 1);
  }

  recordSuccess(): void {}
}
