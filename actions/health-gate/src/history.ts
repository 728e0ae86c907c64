import type { Hold, Look } from './look.js';

/** The time during which something was seen to hold; milliseconds since the epoch. */
export interface Episode {
  readonly name: string;
  readonly from: number;
  /** When it was seen to be gone, or last seen to be there. */
  readonly to: number;
  readonly state: 'over' | 'holding';
}

/** What a hold is called, the same in every look. */
export const holdName = (hold: Hold): string =>
  hold.kind === 'event'
    ? `${hold.event.service} ${hold.event.region}: ${hold.event.typeCode}`
    : `${hold.kind} ${hold.name}`;

const keyOf = (hold: Hold): string => (hold.kind === 'event' ? hold.event.arn : `${hold.kind} ${hold.name}`);

/** Remembers what held, and when, over the looks of a run. */
export class History {
  private readonly byKey = new Map<string, Episode>();

  add({ at, holds, troubles }: Look): void {
    const present = new Map(holds.map((hold) => [keyOf(hold), holdName(hold)]));
    for (const [key, name] of present) {
      const from = this.byKey.get(key)?.from ?? at;
      this.byKey.set(key, { name, from, to: at, state: 'holding' });
    }
    // Silence says nothing of what held before.
    if (troubles.length > 0) return;
    for (const [key, episode] of this.byKey) {
      if (!present.has(key) && episode.state === 'holding') this.byKey.set(key, { ...episode, to: at, state: 'over' });
    }
  }

  get episodes(): readonly Episode[] {
    return [...this.byKey.values()].sort((left, right) => left.from - right.from);
  }
}
