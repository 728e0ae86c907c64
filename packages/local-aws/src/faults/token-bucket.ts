/** Lets `rate` calls a second through, and as many at once after a quiet second. Times in milliseconds. */
export class TokenBucket {
  private readonly rate: number;
  private tokens: number;
  private at = Number.NEGATIVE_INFINITY;

  constructor(rate: number) {
    this.rate = rate;
    this.tokens = this.capacity;
  }

  /** Takes a token at the moment `at`, if there is one. */
  take(at: number): boolean {
    const refill = Math.max(0, at - this.at) * (this.rate / 1000);
    this.tokens = Math.min(this.capacity, this.tokens + refill);
    this.at = Math.max(this.at, at);
    if (this.tokens < 1) return false;
    this.tokens -= 1;
    return true;
  }

  /** A rate below one call a second still lets single calls through. */
  private get capacity(): number {
    return Math.max(1, this.rate);
  }
}
