import type { Clock } from '@aws-delivery/action-kit/util/clock';

/** Clock, cancellation and deadline, shared by all polls of a run. */
export interface WaitContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}
