import { setMaxListeners } from 'node:events';
import { DeliveryError, errorMessage } from '../util/error.js';

/** Source of process signals: `process`, or an emitter in tests. */
export interface SignalSource {
  on(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
  off(event: 'SIGINT' | 'SIGTERM', listener: () => void): unknown;
}

export interface Cancellation {
  /** Aborts at the first SIGINT or SIGTERM; its reason is a DeliveryError with the code `cancelled`. */
  readonly signal: AbortSignal;
  /** Removes the handlers. */
  dispose(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

/**
 * Aborts at the first signal and removes the handlers, so that a second signal ends the process. The first one does
 * not: a cancelled action stops new work and can still log for about 7.5 s on GitHub. Clean-up after a cancellation
 * belongs in the post step.
 */
export const listenForCancel = (source: SignalSource = process): Cancellation => {
  const controller = new AbortController();
  // Parallel waits listen at the same time; Node warns of more than ten listeners.
  setMaxListeners(Number.POSITIVE_INFINITY, controller.signal);
  const handlers = SIGNALS.map((name) => {
    const onSignal = (): void => {
      dispose();
      controller.abort(new DeliveryError('cancelled', `cancelled: received ${name} from the runner`));
    };
    return { name, onSignal };
  });
  const dispose = (): void => {
    for (const { name, onSignal } of handlers) source.off(name, onSignal);
  };
  for (const { name, onSignal } of handlers) source.on(name, onSignal);
  return { signal: controller.signal, dispose };
};

/** The reason of an aborted signal; wrapped in a DeliveryError `cancelled` unless it is a DeliveryError. */
export const toCancellationError = (signal: AbortSignal): DeliveryError =>
  signal.reason instanceof DeliveryError
    ? signal.reason
    : new DeliveryError('cancelled', `cancelled: ${errorMessage(signal.reason)}`, { cause: signal.reason });

/** Rejects with the cancellation as soon as the signal aborts; the work itself continues and its result is ignored. */
export const rejectOnCancel = <T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> => {
  if (signal === undefined) return work;
  return new Promise((resolve, reject) => {
    const onAbort = (): void => reject(toCancellationError(signal));
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
};
