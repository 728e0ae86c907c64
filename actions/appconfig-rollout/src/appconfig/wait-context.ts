import type { Clock } from '@aws-delivery/action-kit/util/clock';

/** By which clock to wait: what every poll of a run shares. */
export interface WaitContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}
