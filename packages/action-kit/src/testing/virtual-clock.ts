import type { Clock } from '../util/clock.js';

interface Sleeper {
  readonly due: number;
  readonly resume: () => void;
}

interface Ticker {
  due: number;
  readonly interval: number;
  readonly tick: () => void;
}

export interface VirtualClockOptions {
  /** Start in milliseconds since the epoch. */
  readonly start?: number;
  /**
   * `auto` (the default): time jumps to the next sleeper as soon as no other work is left in this turn of the event
   * loop. `manual`: only `advance` moves time.
   */
  readonly advance?: 'auto' | 'manual';
}

/** A clock for tests that skips waits. Sleepers wake in the order of their due times. */
export class VirtualClock implements Clock {
  private readonly sleepers = new Set<Sleeper>();
  private readonly tickers = new Set<Ticker>();
  private readonly manual: boolean;
  private time: number;
  private holdCount = 0;
  private scheduled = false;

  constructor({ start = Date.UTC(2026, 0, 1), advance = 'auto' }: VirtualClockOptions = {}) {
    this.time = start;
    this.manual = advance === 'manual';
  }

  now(): number {
    return this.time;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) {
        reject(signal.reason);
        return;
      }
      const onAbort = (): void => {
        this.sleepers.delete(sleeper);
        reject(signal?.reason);
      };
      const resume = (): void => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      };
      const sleeper: Sleeper = { due: this.time + Math.max(0, milliseconds), resume };
      signal?.addEventListener('abort', onAbort, { once: true });
      this.sleepers.add(sleeper);
      this.schedule();
    });
  }

  every(milliseconds: number, tick: () => void): () => void {
    const ticker: Ticker = { due: this.time + milliseconds, interval: Math.max(1, milliseconds), tick };
    this.tickers.add(ticker);
    return () => this.tickers.delete(ticker);
  }

  /** Advances time by `milliseconds`; ticks and sleepers run in order, each at its due time. */
  async advance(milliseconds: number): Promise<void> {
    const until = this.time + milliseconds;
    for (let due = this.findNextDue(); due !== undefined && due <= until; due = this.findNextDue())
      await this.advanceTo(due);
    await this.advanceTo(until);
  }

  /** Stops time while `work` runs, for example a call to a server with the same clock. */
  async pauseWhile<T>(work: () => Promise<T>): Promise<T> {
    this.holdCount += 1;
    try {
      return await work();
    } finally {
      this.holdCount -= 1;
      this.schedule();
    }
  }

  private findNextDue(): number | undefined {
    const dues = [...this.sleepers].map(({ due }) => due);
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  private async advanceTo(time: number): Promise<void> {
    this.runTicksUntil(time);
    this.time = Math.max(this.time, time);
    for (const sleeper of this.sleepers) {
      if (sleeper.due > this.time) continue;
      this.sleepers.delete(sleeper);
      sleeper.resume();
    }
    await new Promise((resolve) => setImmediate(resolve));
  }

  private runTicksUntil(time: number): void {
    const findNextTicker = (): Ticker | undefined =>
      [...this.tickers].filter(({ due }) => due <= time).sort((a, b) => a.due - b.due)[0];
    for (let ticker = findNextTicker(); ticker !== undefined; ticker = findNextTicker()) {
      this.time = Math.max(this.time, ticker.due);
      ticker.due += ticker.interval;
      ticker.tick();
    }
  }

  private schedule(): void {
    if (this.manual || this.scheduled) return;
    this.scheduled = true;
    setImmediate(() => {
      this.scheduled = false;
      const due = this.findNextDue();
      if (this.holdCount > 0 || due === undefined) return;
      void this.advanceTo(due).then(() => this.schedule());
    });
  }
}
