import { getBlockerKey, type Observation } from '../decision/observation.js';
import { formatBlockerName } from '../report/format-blocker.js';

/** The time during which a blocker was present; milliseconds since the epoch. */
export interface BlockedInterval {
  readonly name: string;
  readonly from: number;
  /** First observation without the blocker (`over`), or the last with it (`holding`). */
  readonly to: number;
  readonly state: 'over' | 'holding';
}

/** Records when each blocker was present. */
export class BlockerHistory {
  private readonly intervalByKey = new Map<string, BlockedInterval>();

  add({ at, blockers, errors }: Observation): void {
    const present = new Map(blockers.map((blocker) => [getBlockerKey(blocker), formatBlockerName(blocker)]));
    for (const [key, name] of present) {
      const from = this.intervalByKey.get(key)?.from ?? at;
      this.intervalByKey.set(key, { name, from, to: at, state: 'holding' });
    }
    // A failed source proves no end of a blocker.
    if (errors.length > 0) return;
    for (const [key, interval] of this.intervalByKey) {
      if (!present.has(key) && interval.state === 'holding')
        this.intervalByKey.set(key, { ...interval, to: at, state: 'over' });
    }
  }

  /** Sorted by start. */
  get intervals(): readonly BlockedInterval[] {
    return [...this.intervalByKey.values()].sort((a, b) => a.from - b.from);
  }
}
