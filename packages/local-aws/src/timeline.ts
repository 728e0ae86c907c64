/** Something that becomes true at a moment of the server's clock. */
export interface Entry<Fact> {
  readonly at: number;
  readonly fact: Fact;
}

/**
 * What a write plans and a read projects: facts, each with the moment it becomes true. Models own no timers: a write
 * plans everything that will happen (`timeline.plan(call.at + 3000, { status: 'CREATE_COMPLETE' })`), and a read asks
 * what is true at `call.at`. Scaled and stepped clocks and stale reads (`at - lag`) follow from that.
 */
export class Timeline<Fact> {
  readonly #entries: Entry<Fact>[] = [];

  /** Adds a fact; facts of the same moment keep the order in which they were planned. */
  plan(at: number, fact: Fact): this {
    const after = this.#entries.findIndex((entry) => entry.at > at);
    this.#entries.splice(after === -1 ? this.#entries.length : after, 0, { at, fact });
    return this;
  }

  /** Everything that has happened by `at`, oldest first. */
  until(at: number): readonly Entry<Fact>[] {
    return this.#entries.filter((entry) => entry.at <= at);
  }

  /** The newest fact by `at`; undefined before the first. */
  latest(at: number): Entry<Fact> | undefined {
    return this.#entries.findLast((entry) => entry.at <= at);
  }

  /** The first fact after `at`: undefined when nothing more is planned. */
  next(at: number): Entry<Fact> | undefined {
    return this.#entries.find((entry) => entry.at > at);
  }

  /** Forgets what is planned after `at`, as a cancel does; the past stays. */
  cut(at: number): this {
    const after = this.#entries.findIndex((entry) => entry.at > at);
    if (after !== -1) this.#entries.length = after;
    return this;
  }
}
