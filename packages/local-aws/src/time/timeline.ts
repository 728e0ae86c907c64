/** Something that becomes true at a moment of the server's clock. */
export interface TimelineEntry<Value> {
  readonly at: number;
  readonly value: Value;
}

/**
 * What a write plans and a read projects: facts, each with the moment it becomes true. Models own no timers: a write
 * plans everything that will happen (`timeline.plan(call.at + 3000, { status: 'CREATE_COMPLETE' })`), and a read asks
 * what is true at `call.at`. Scaled and stepped clocks and stale reads (`at - lag`) follow from that.
 */
export class Timeline<Value> {
  private readonly entries: TimelineEntry<Value>[] = [];

  /** Adds a fact; facts of the same moment keep the order in which they were planned. */
  plan(at: number, value: Value): this {
    const index = this.entries.findIndex((entry) => entry.at > at);
    this.entries.splice(index === -1 ? this.entries.length : index, 0, { at, value });
    return this;
  }

  /** Everything that has happened by `at`, oldest first. */
  listUntil(at: number): readonly TimelineEntry<Value>[] {
    return this.entries.filter((entry) => entry.at <= at);
  }

  /** The newest fact by `at`; undefined before the first. */
  findLatest(at: number): TimelineEntry<Value> | undefined {
    return this.entries.findLast((entry) => entry.at <= at);
  }

  /** The first fact after `at`: undefined when nothing more is planned. */
  findNext(at: number): TimelineEntry<Value> | undefined {
    return this.entries.find((entry) => entry.at > at);
  }

  /** Forgets what is planned after `at`, as a cancel does; the past stays. */
  truncateAfter(at: number): this {
    const index = this.entries.findIndex((entry) => entry.at > at);
    if (index !== -1) this.entries.length = index;
    return this;
  }
}
