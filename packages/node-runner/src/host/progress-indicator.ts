/** The last line of a terminal, with the seconds since the last output. */
export class ProgressIndicator {
  private readonly print: (text: string) => void;
  private readonly now: () => number;
  private timer: NodeJS.Timeout | undefined;

  /** @param now milliseconds since the epoch */
  constructor(print: (text: string) => void, now: () => number) {
    this.print = print;
    this.now = now;
  }

  start(): void {
    const startedAt = this.now();
    this.timer = setInterval(() => {
      this.print(`\r\u001b[K… ${Math.round((this.now() - startedAt) / 1000)} s`);
    }, 1_000).unref();
  }

  /** Erases the line and stops the timer. */
  clear(): void {
    if (this.timer === undefined) return;
    clearInterval(this.timer);
    this.timer = undefined;
    this.print('\r\u001b[K');
  }
}
