import type { Clock } from '@aws-delivery/action-kit/clock';

/** Keeps calls of one operation as far apart as its service allows, in milliseconds. */
export class Rate {
  private readonly next = new Map<string, number>();

  constructor(
    private readonly clock: Clock,
    private readonly signal: AbortSignal,
  ) {}

  /** Waits for the operation's turn. */
  async turn(operation: string, interval: number): Promise<void> {
    const at = Math.max(this.clock.now(), this.next.get(operation) ?? 0);
    this.next.set(operation, at + interval);
    const wait = at - this.clock.now();
    if (wait > 0) await this.clock.sleep(wait, this.signal);
  }
}
