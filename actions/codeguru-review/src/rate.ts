import type { Clock } from '@aws-delivery/action-kit/clock';
import { DeliveryError } from '@aws-delivery/action-kit/error';

export interface RateOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Past it nothing is asked any more; milliseconds since the epoch. */
  readonly deadline: number;
}

/** Keeps calls of one operation as far apart as its service allows, in milliseconds. */
export class Rate {
  private readonly next = new Map<string, number>();

  constructor(private readonly options: RateOptions) {}

  /**
   * Waits for the operation's turn.
   * @throws DeliveryError `timeout` where that would come too late
   */
  async turn(operation: string, interval: number): Promise<void> {
    const { clock, signal, deadline } = this.options;
    const at = Math.max(clock.now(), this.next.get(operation) ?? 0);
    if (at > deadline) throw new DeliveryError('timeout', `${operation} had not answered in full when the time was up`);
    this.next.set(operation, at + interval);
    const wait = at - clock.now();
    if (wait > 0) await clock.sleep(wait, signal);
  }
}
