import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { classifyError } from './error.js';

/** What the SDK's retry middleware (`RetryStrategyV2`) hands around; shapes of @smithy/types. */
interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
}

interface RetryErrorInfo {
  readonly error?: unknown;
  readonly retryAfterHint?: Date;
}

export interface RetryStrategyOptions {
  readonly clock: Clock;
  readonly maxAttempts: number;
  /** Ends a pause, and with it the retries. A request under way is not torn off: it may be a write. */
  readonly signal?: AbortSignal | undefined;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random?: () => number;
}

/** The first pause in milliseconds; each further one is twice as long. */
const INITIAL_DELAY_MS = { transient: 300, throttled: 1000 } as const;
const MAX_DELAY_MS = 20_000;
const MAX_RETRY_AFTER_MS = 60_000;

const createRetryToken = (retries: number): RetryToken => ({ getRetryCount: () => retries, getRetryDelay: () => 0 });

/**
 * Retries of a single call: only what is throttled or transient by the kit's classification (the SDK's own strategy
 * also repeats quotas, aws-facts §0.4), with pauses that double, of which chance takes up to half.
 */
export class SdkRetryStrategy {
  constructor(private readonly options: RetryStrategyOptions) {}

  async acquireInitialRetryToken(): Promise<RetryToken> {
    return createRetryToken(0);
  }

  /** Pauses and grants a further attempt; rejects when there is none, after which the SDK throws the error itself. */
  async refreshRetryTokenForRetry(token: RetryToken, { error, retryAfterHint }: RetryErrorInfo): Promise<RetryToken> {
    const { clock, maxAttempts, signal, random = Math.random } = this.options;
    const kind = classifyError(error);
    const retries = token.getRetryCount();
    if ((kind !== 'transient' && kind !== 'throttled') || retries + 1 >= maxAttempts) throw new Error('no retry');
    const maxDelay = Math.min(MAX_DELAY_MS, INITIAL_DELAY_MS[kind] * 2 ** retries);
    const requestedDelay = Math.min(MAX_RETRY_AFTER_MS, (retryAfterHint?.getTime() ?? 0) - clock.now());
    await clock.sleep(Math.max(requestedDelay, maxDelay * (1 - random() / 2)), signal);
    return createRetryToken(retries + 1);
  }

  recordSuccess(): void {}
}
