import { cancellationOf } from '@aws-delivery/action-kit/cancel';
import type { Clock } from '@aws-delivery/action-kit/clock';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import { RegistryError } from './registry-error.js';

/** What it takes to try again. */
export interface Patience {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
  readonly log: Log;
  /** Attempts in all. */
  readonly attempts: number;
}

const FIRST_PAUSE = { unavailable: 500, throttled: 1000 } as const;
const LONGEST_PAUSE = 20_000;
const LONGEST_ASKED_PAUSE = 60_000;

const isPassing = (error: unknown): error is DeliveryError & { readonly code: keyof typeof FIRST_PAUSE } =>
  error instanceof DeliveryError && Object.hasOwn(FIRST_PAUSE, error.code);

/** Milliseconds until the next attempt; undefined where another one would not help. */
const pauseAfter = (error: unknown, attempt: number, { attempts, random }: Patience): number | undefined => {
  if (!isPassing(error) || attempt >= attempts) return undefined;
  const longest = Math.min(LONGEST_PAUSE, FIRST_PAUSE[error.code] * 2 ** (attempt - 1));
  const asked = error instanceof RegistryError ? Math.min(LONGEST_ASKED_PAUSE, error.pause ?? 0) : 0;
  return Math.max(asked, longest * (1 - random() / 2));
};

/**
 * Does the work, again where what went wrong passes by itself: throttling, trouble of server or connection. Pauses
 * double, chance takes up to half of one so that parallel uploads do not come back in step, and a registry that asks
 * for a longer one gets it. `work` must be safe to do twice.
 */
export const withPatience = async <T>(patience: Patience, what: string, work: () => Promise<T>): Promise<T> => {
  const { clock, signal, log } = patience;
  for (let attempt = 1; ; attempt += 1) {
    if (signal.aborted) throw cancellationOf(signal);
    try {
      return await work();
    } catch (error) {
      if (signal.aborted) throw cancellationOf(signal);
      const pause = pauseAfter(error, attempt, patience);
      if (pause === undefined) throw error;
      log.debug(`${what}: attempt ${attempt} failed: ${textOf(error)}`);
      await clock.sleep(pause, signal);
    }
  }
};
