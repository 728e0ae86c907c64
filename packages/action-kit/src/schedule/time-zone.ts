/** A local date and time in a zone. `weekday`: 0 is Sunday. */
export interface LocalTime {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly weekday: number;
  /** Since midnight. */
  readonly minutes: number;
}

/** A time zone of the IANA database; all times in milliseconds since the epoch. */
export class TimeZone {
  private readonly format: Intl.DateTimeFormat;

  /** Throws RangeError for an unknown name. */
  constructor(readonly name: string) {
    this.format = new Intl.DateTimeFormat('en-US', {
      timeZone: name,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
  }

  /** Local time written as if it were UTC. */
  toLocal(at: number): number {
    const parts = new Map(this.format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
    const get = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
    return Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  }

  /** How far the zone is ahead of UTC, in milliseconds. */
  getOffset(at: number): number {
    return this.toLocal(at) - Math.floor(at / 1000) * 1000;
  }

  getLocalTime(at: number): LocalTime {
    const local = new Date(this.toLocal(at));
    return {
      year: local.getUTCFullYear(),
      month: local.getUTCMonth() + 1,
      day: local.getUTCDate(),
      weekday: local.getUTCDay(),
      minutes: local.getUTCHours() * 60 + local.getUTCMinutes(),
    };
  }

  /**
   * The times at which clocks show a local time (written as if it were UTC): two when clocks are set back over it, and
   * none when they are set forward over it.
   */
  listInstants(local: number): readonly number[] {
    const offsets = new Set([local - DAY_MS, local + DAY_MS].map((at) => this.getOffset(at)));
    return [...offsets]
      .map((offset) => local - offset)
      .filter((at) => this.toLocal(at) === local)
      .sort((a, b) => a - b);
  }

  /** The first time at which clocks show a local time, or when they were set forward over it, a later one. */
  toInstant(local: number): number {
    const [first] = this.listInstants(local);
    return first ?? local - this.getOffset(local - DAY_MS);
  }

  /** Changes of the offset after `from` and until `until`, to the second. */
  listTransitions(from: number, until: number): readonly number[] {
    const transitions: number[] = [];
    for (let start = from; start < until; start += DAY_MS) {
      const end = Math.min(start + DAY_MS, until);
      if (this.getOffset(start) !== this.getOffset(end)) transitions.push(this.findTransition(start, end));
    }
    return transitions;
  }

  private findTransition(from: number, until: number): number {
    const before = this.getOffset(from);
    let [low, high] = [Math.floor(from / 1000), Math.ceil(until / 1000)];
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (this.getOffset(middle * 1000) === before) low = middle;
      else high = middle;
    }
    return high * 1000;
  }
}

export const DAY_MS = 86_400_000;

/** A time zone by its name, such as `Europe/Berlin`; undefined for an unknown name. */
export const findTimeZone = (name: string): TimeZone | undefined => {
  try {
    return new TimeZone(name);
  } catch {
    return undefined;
  }
};
