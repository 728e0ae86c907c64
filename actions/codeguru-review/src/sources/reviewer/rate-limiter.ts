import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';

export interface RateLimiterOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Past it nothing is asked any more; milliseconds since the epoch. */
  readonly deadline: number;
}

/** Keeps calls of one operation as far apart as its service allows, in milliseconds. */
export class RateLimiter {
  private readonly nextStart = new Map<string, number>();

  constructor(private readonly options: RateLimiterOptions) {}

  /**
   * Waits for the operation's turn.
   * @throws DeliveryError `timeout` where that would come too late
   */
  async acquire(operation: string, interval: number): Promise<void> {
    const { clock, signal, deadline } = this.options;
    const startAt = Math.max(clock.now(), this.nextStart.get(operation) ?? 0);
    if (startAt > deadline)
      throw new DeliveryError('timeout', `${operation} had not answered in full when the time was up`);
    this.nextStart.set(operation, startAt + interval);
    const wait = startAt - clock.now();
    if (wait > 0) await clock.sleep(wait, signal);
  }
}
