import type { Clock } from '@aws-delivery/action-kit/util/clock';

/** How long and by which clock to wait: what every poll of a run shares. */
export interface WaitContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** When the action gives up, in milliseconds since the epoch. */
  readonly deadline: number;
  /** From 0 (inclusive) to 1 (exclusive). */
  readonly random: () => number;
}
