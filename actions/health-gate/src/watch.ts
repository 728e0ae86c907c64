import type { Clock } from '@aws-delivery/action-kit/clock';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { type Outcome, poll } from '@aws-delivery/action-kit/poll';
import { type Conclusion, conclude, type Look, type Source } from './look.js';

/** What to do while something holds: end at once, or look again. Times in milliseconds. */
export interface Patience {
  readonly onHold: 'end' | 'wait';
  /** For how long nothing may have counted before a hold is over. */
  readonly stableFor: number;
  readonly timeout: number;
}

/** How watching ended. `timeout` is an end as well: what the last look showed then stands. */
export interface Ending {
  readonly conclusion: Conclusion;
  readonly last: Look;
  readonly why: 'settled' | 'timeout';
  /** Milliseconds spent. */
  readonly waited: number;
  readonly looks: number;
  /** Holds were seen on the way. */
  readonly held: boolean;
}

/** What has to be remembered between looks. */
export interface Memory {
  /** Where the answer came from that showed a hold last; undefined when none did. */
  readonly heldBy: Source | undefined;
  readonly clearSince: number | undefined;
  readonly troubledSince: number | undefined;
}

export const FRESH: Memory = { heldBy: undefined, clearSince: undefined, troubledSince: undefined };

// Trouble that may pass is given this long before the policies speak, in milliseconds; longer where waiting is allowed.
const TROUBLE_PATIENCE = 60_000;

/** How long trouble that may pass is sat out, in milliseconds: a short timeout leaves less. */
export const troublePatience = (timeout: number): number => Math.min(TROUBLE_PATIENCE, timeout / 2);

/** Has trouble lasted long enough for the policies to speak at `now`? */
export const isPatient = ({ troubledSince }: Memory, now: number, timeout: number): boolean =>
  now - (troubledSince ?? now) < troublePatience(timeout);

// The feed knows no events of the account: what the API has shown, only the API can end.
const isAsGood = (source: Source, { heldBy }: Memory): boolean => heldBy !== 'health-api' || source === 'health-api';

/** What one more look changes: what is remembered, and whether it is the last. */
export interface Step {
  readonly memory: Memory;
  readonly settled: boolean;
}

const stepUnanswered = (memory: Memory, look: Look, { onHold, timeout }: Patience, passing: boolean): Step => {
  const next = { ...memory, clearSince: undefined, troubledSince: memory.troubledSince ?? look.at };
  const patient = onHold === 'wait' || isPatient(next, look.at, timeout);
  return { memory: next, settled: !passing || !patient };
};

const stepClear = (memory: Memory, look: Look, patience: Patience): Step => {
  if (!isAsGood(look.source, memory)) return stepUnanswered(memory, look, patience, true);
  const since = memory.clearSince ?? look.at;
  const settled = memory.heldBy === undefined || look.at - since >= patience.stableFor;
  return { memory: { ...memory, clearSince: since, troubledSince: undefined }, settled };
};

/**
 * The state machine of watching. A clear first look settles it; after a hold, looks must stay clear for `stableFor`.
 * A silence never ends a hold.
 */
export const step = (memory: Memory, look: Look, patience: Patience): Step => {
  const conclusion = conclude(look);
  switch (conclusion.kind) {
    case 'held':
      return {
        memory: { heldBy: look.source, clearSince: undefined, troubledSince: undefined },
        settled: patience.onHold === 'end',
      };
    case 'clear':
      return stepClear(memory, look, patience);
    case 'waived':
      if (memory.heldBy === undefined) return { memory, settled: true };
      return stepUnanswered(memory, look, patience, true);
    case 'unanswered':
      return stepUnanswered(memory, look, patience, conclusion.passing);
  }
};

export interface WatchOptions {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly patience: Patience;
  /** Looks once; `patient` asks it to report trouble that may pass rather than to let the policies speak. */
  readonly look: (patient: boolean) => Promise<Look>;
  /** Told of every look, and for how long it has been clear where that matters. */
  readonly seen: (look: Look, memory: Memory) => Promise<void>;
}

const LONGEST_PAUSE = 30_000;

class Watcher {
  private memory = FRESH;
  private looks = 0;
  private last: Look | undefined;

  constructor(private readonly options: WatchOptions) {}

  async read(): Promise<Outcome<void>> {
    const { clock, patience, look, seen } = this.options;
    const patient = isPatient(this.memory, clock.now(), patience.timeout);
    const seenNow = await look(patient);
    const moved = this.last !== undefined && conclude(this.last).kind !== conclude(seenNow).kind;
    const { memory, settled } = step(this.memory, seenNow, patience);
    [this.memory, this.last] = [memory, seenNow];
    this.looks += 1;
    await seen(seenNow, memory);
    return settled ? { state: 'done', value: undefined } : { state: 'pending', moved };
  }

  ending(why: Ending['why'], since: number): Ending {
    const last = this.last;
    if (last === undefined)
      throw new DeliveryError('timeout', 'the timeout ended before the first look: allow more time');
    const held = this.memory.heldBy !== undefined;
    return { why, last, held, looks: this.looks, conclusion: conclude(last), waited: this.options.clock.now() - since };
  }
}

/** Looks until it is settled or the timeout has come. Throws `cancelled`, and whatever a look throws. */
export const watch = async (options: WatchOptions): Promise<Ending> => {
  const { clock, signal, patience } = options;
  const [start, watcher] = [clock.now(), new Watcher(options)];
  const ceiling = Math.max(1000, Math.min(LONGEST_PAUSE, patience.stableFor / 2));
  try {
    await poll({
      what: 'a moment to deploy',
      clock,
      signal,
      deadline: start + patience.timeout,
      pace: { ceiling },
      judge: () => 'permanent',
      read: () => watcher.read(),
    });
    return watcher.ending('settled', start);
  } catch (error) {
    if (error instanceof DeliveryError && error.code === 'timeout') return watcher.ending('timeout', start);
    throw error;
  }
};
