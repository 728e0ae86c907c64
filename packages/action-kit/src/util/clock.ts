/** Source of time. Code that waits or measures takes a clock, so that tests do not sleep. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Resolves after `milliseconds`; rejects with the signal's reason as soon as the signal aborts. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /**
   * Calls `tick` every `milliseconds` until the returned function is called. Ticks do not keep the process alive and do
   * not advance a virtual clock.
   */
  every(milliseconds: number, tick: () => void): () => void;
}

const sleep = (milliseconds: number, signal?: AbortSignal): Promise<void> =>
  new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve();
    }, milliseconds);
    signal?.addEventListener('abort', onAbort, { once: true });
  });

const every = (milliseconds: number, tick: () => void): (() => void) => {
  const timer = setInterval(tick, milliseconds).unref();
  return () => clearInterval(timer);
};

/** The clock of the system. */
export const systemClock: Clock = { now: () => Date.now(), sleep, every };
