import { setMaxListeners } from 'node:events';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';

/** Aborts its signal together with the given one, or when the timeout (milliseconds) has passed. */
export class Deadline {
  private readonly controller = new AbortController();
  private readonly stop: () => void;

  constructor(clock: Clock, timeout: number, signal: AbortSignal) {
    // Every request in flight listens.
    setMaxListeners(Number.POSITIVE_INFINITY, this.controller.signal);
    const end = clock.now() + timeout;
    this.stop = clock.every(1000, () => {
      if (clock.now() < end) return;
      const message = `timed out after ${formatDuration(timeout)}: increase 'timeout'`;
      this.controller.abort(new DeliveryError('timeout', message));
    });
    const onAbort = (): void => this.controller.abort(signal.reason);
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}
