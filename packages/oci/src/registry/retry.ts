import { toCancellationError } from '@aws-delivery/action-kit/host/cancellation';
import type { Log } from '@aws-delivery/action-kit/host/log';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { RegistryError } from './registry-error.js';

/** When to retry, and the clock and log to do it with. */
export interface RetryPolicy {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly log: Log;
  /** Including the first attempt. */
  readonly maxAttempts: number;
}

const INITIAL_DELAY_MS = { unavailable: 500, throttled: 1000 } as const;
const MAX_DELAY_MS = 20_000;
const MAX_RETRY_AFTER_MS = 60_000;

const isRetryable = (error: unknown): error is DeliveryError & { readonly code: keyof typeof INITIAL_DELAY_MS } =>
  error instanceof DeliveryError && Object.hasOwn(INITIAL_DELAY_MS, error.code);

/** Milliseconds until the next attempt; undefined to give up. */
const computeDelay = (error: unknown, attempt: number, { maxAttempts, random }: RetryPolicy): number | undefined => {
  if (!isRetryable(error) || attempt >= maxAttempts) return undefined;
  const maxDelay = Math.min(MAX_DELAY_MS, INITIAL_DELAY_MS[error.code] * 2 ** (attempt - 1));
  const retryAfter = error instanceof RegistryError ? Math.min(MAX_RETRY_AFTER_MS, error.retryAfterMs ?? 0) : 0;
  return Math.max(retryAfter, maxDelay * (1 - random() / 2));
};

/**
 * Runs an operation, and again after throttling, server and connection errors. The delay doubles with each attempt and
 * is reduced at random by up to half, so that parallel uploads spread out; `Retry-After` may lengthen it. The operation
 * must be safe to repeat.
 */
export const withRetry = async <T>(policy: RetryPolicy, label: string, operation: () => Promise<T>): Promise<T> => {
  const { clock, signal, log } = policy;
  for (let attempt = 1; ; attempt += 1) {
    if (signal.aborted) throw toCancellationError(signal);
    try {
      return await operation();
    } catch (error) {
      if (signal.aborted) throw toCancellationError(signal);
      const delay = computeDelay(error, attempt, policy);
      if (delay === undefined) throw error;
      log.debug(`${label}: attempt ${attempt} failed: ${errorMessage(error)}`);
      await clock.sleep(delay, signal);
    }
  }
};
