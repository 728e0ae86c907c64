import { classify } from './aws-error.js';
import type { Clock } from './clock.js';

/** What the SDK's retry middleware (`RetryStrategyV2`) hands around; shapes of @smithy/types. */
interface RetryToken {
  getRetryCount(): number;
  getRetryDelay(): number;
}

interface RetryCause {
  readonly error?: unknown;
  readonly retryAfterHint?: Date;
}

export interface RetryOptions {
  readonly clock: Clock;
  readonly maxAttempts: number;
  /** Ends a pause, and with it the retries. A request under way is not torn off: it may be a write. */
  readonly signal?: AbortSignal | undefined;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random?: () => number;
}

/** The first pause in milliseconds; each further one is twice as long. */
const FIRST_PAUSE = { transient: 300, throttled: 1000 } as const;
const LONGEST_PAUSE = 20_000;
const LONGEST_ASKED_PAUSE = 60_000;

const tokenAfter = (retries: number): RetryToken => ({ getRetryCount: () => retries, getRetryDelay: () => 0 });

/**
 * Retries of a single call: only what is throttled or transient by the kit's classification (the SDK's own strategy
 * also repeats quotas, aws-facts §0.4), with pauses that double, of which chance takes up to half.
 */
export class PatientRetry {
  constructor(private readonly options: RetryOptions) {}

  async acquireInitialRetryToken(): Promise<RetryToken> {
    return tokenAfter(0);
  }

  /** Pauses and grants a further attempt; rejects when there is none, after which the SDK throws the error itself. */
  async refreshRetryTokenForRetry(token: RetryToken, { error, retryAfterHint }: RetryCause): Promise<RetryToken> {
    const { clock, maxAttempts, signal, random = Math.random } = this.options;
    const kind = classify(error);
    const retries = token.getRetryCount();
    if ((kind !== 'transient' && kind !== 'throttled') || retries + 1 >= maxAttempts) throw new Error('no retry');
    const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE[kind] * 2 ** retries);
    const asked = Math.min(LONGEST_ASKED_PAUSE, (retryAfterHint?.getTime() ?? 0) - clock.now());
    await clock.sleep(Math.max(asked, longest * (1 - random() / 2)), signal);
    return tokenAfter(retries + 1);
  }

  recordSuccess(): void {}
}
