/** A value that applies from a moment of the server's clock on. */
export interface TimelineEntry<Value> {
  readonly at: number;
  readonly value: Value;
}

/**
 * Values over time. A write operation plans all future values (`timeline.plan(call.at + 3000, …)`), and a read
 * operation returns the value at `call.at`. Services therefore need no timers, and scaled clocks, stepped clocks and
 * stale reads (`at - lag`) work without extra code.
 */
export class Timeline<Value> {
  private readonly entries: TimelineEntry<Value>[] = [];

  /** Adds a value. Values of the same moment keep their order. */
  plan(at: number, value: Value): this {
    const index = this.entries.findIndex((entry) => entry.at > at);
    this.entries.splice(index === -1 ? this.entries.length : index, 0, { at, value });
    return this;
  }

  /** All values up to and including `at`, oldest first. */
  listUntil(at: number): readonly TimelineEntry<Value>[] {
    return this.entries.filter((entry) => entry.at <= at);
  }

  /** The value at `at`; undefined before the first one. */
  findLatest(at: number): TimelineEntry<Value> | undefined {
    return this.entries.findLast((entry) => entry.at <= at);
  }

  /** The next value after `at`; undefined if none is planned. */
  findNext(at: number): TimelineEntry<Value> | undefined {
    return this.entries.find((entry) => entry.at > at);
  }

  /** Discards the values planned after `at`. */
  truncateAfter(at: number): this {
    const index = this.entries.findIndex((entry) => entry.at > at);
    if (index !== -1) this.entries.length = index;
    return this;
  }
}
