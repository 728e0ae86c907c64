import { REVERTABLE_FOR } from './deployment.js';
import type { Difference } from './difference.js';
import type { Fault } from './fault.js';

export type State =
  | 'unchanged'
  | 'planned'
  | 'waiting'
  | 'deploying'
  | 'complete'
  | 'deployed'
  | 'started'
  | 'failed'
  | 'rolled-back'
  | 'reverted'
  | 'unfinished'
  | 'not-started';

/** What became of one profile in one environment. Times in milliseconds since the epoch. */
export interface Outcome {
  readonly tenant: string;
  readonly environment: string;
  readonly profile: string;
  readonly state: State;
  readonly percentage?: number | undefined;
  readonly reason?: string | undefined;
  /** What is deployed there now, as far as is known. */
  readonly version?: string | undefined;
  readonly label?: string | undefined;
  readonly deployment?: number | undefined;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly file?: string | undefined;
  readonly template?: string | undefined;
  readonly differences?: readonly Difference[] | undefined;
}

/** In which of the counted outputs a state is. */
export const COUNTED: Readonly<Record<State, 'changed' | 'skipped' | 'failed' | 'rolled-back'>> = {
  unchanged: 'skipped',
  planned: 'changed',
  complete: 'changed',
  deployed: 'changed',
  started: 'changed',
  waiting: 'failed',
  deploying: 'failed',
  failed: 'failed',
  unfinished: 'failed',
  'not-started': 'failed',
  'rolled-back': 'rolled-back',
  reverted: 'rolled-back',
};

export const keyOf = ({ tenant, environment, profile }: Pick<Outcome, 'tenant' | 'environment' | 'profile'>): string =>
  `${tenant}/${environment}/${profile}`;

/** Until when a completed deployment can be reverted. */
export const revertibleUntil = ({ state, endedAt }: Outcome): number | undefined =>
  state === 'complete' && endedAt !== undefined ? endedAt + REVERTABLE_FOR : undefined;

/** What has happened so far in a run. It survives whatever ends the run, so that reports are never empty-handed. */
export class Journal {
  private readonly known = new Map<string, Outcome>();
  /** What validators of the service refused, on file and line. */
  readonly faults: Fault[] = [];
  /** Decisions worth telling, in order. */
  readonly notes: string[] = [];
  /** What went wrong with no deployment in particular. */
  trouble: string | undefined;

  get outcomes(): readonly Outcome[] {
    return [...this.known.values()];
  }

  of(key: Pick<Outcome, 'tenant' | 'environment' | 'profile'>): Outcome | undefined {
    return this.known.get(keyOf(key));
  }

  set(outcome: Outcome): void {
    this.known.set(keyOf(outcome), outcome);
  }

  /** Whatever has not come to an end has none: the run ended first. */
  close(): void {
    for (const outcome of this.outcomes) {
      if (outcome.state === 'waiting') this.set({ ...outcome, state: 'not-started' });
      if (outcome.state === 'deploying') this.set({ ...outcome, state: 'unfinished' });
    }
  }
}
