import type { Blocker, Observation } from '../decision/observation.js';

/** The time during which something was seen to hold; milliseconds since the epoch. */
export interface BlockedInterval {
  readonly name: string;
  readonly from: number;
  /** When it was seen to be gone, or last seen to be there. */
  readonly to: number;
  readonly state: 'over' | 'holding';
}

/** What a hold is called, the same in every look. */
export const formatBlockerName = (blocker: Blocker): string =>
  blocker.kind === 'event'
    ? `${blocker.event.service} ${blocker.event.region}: ${blocker.event.typeCode}`
    : `${blocker.kind} ${blocker.name}`;

const getBlockerKey = (blocker: Blocker): string =>
  blocker.kind === 'event' ? blocker.event.arn : `${blocker.kind} ${blocker.name}`;

/** Remembers what held, and when, over the looks of a run. */
export class BlockerHistory {
  private readonly intervalByKey = new Map<string, BlockedInterval>();

  add({ at, blockers, errors }: Observation): void {
    const present = new Map(blockers.map((blocker) => [getBlockerKey(blocker), formatBlockerName(blocker)]));
    for (const [key, name] of present) {
      const from = this.intervalByKey.get(key)?.from ?? at;
      this.intervalByKey.set(key, { name, from, to: at, state: 'holding' });
    }
    // Silence says nothing of what held before.
    if (errors.length > 0) return;
    for (const [key, interval] of this.intervalByKey) {
      if (!present.has(key) && interval.state === 'holding')
        this.intervalByKey.set(key, { ...interval, to: at, state: 'over' });
    }
  }

  get intervals(): readonly BlockedInterval[] {
    return [...this.intervalByKey.values()].sort((a, b) => a.from - b.from);
  }
}
