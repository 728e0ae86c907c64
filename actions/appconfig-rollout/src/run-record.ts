import { REVERT_WINDOW_MS } from './appconfig/deployments.js';
import type { ValidationIssue } from './desired/validation-issue.js';
import type { Difference } from './plan/difference.js';

export type ProfileState =
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
export interface ProfileResult {
  readonly tenant: string;
  readonly environment: string;
  readonly profile: string;
  readonly state: ProfileState;
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
export const RESULT_CATEGORIES: Readonly<Record<ProfileState, 'changed' | 'skipped' | 'failed' | 'rolled-back'>> = {
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

export const formatProfileKey = ({
  tenant,
  environment,
  profile,
}: Pick<ProfileResult, 'tenant' | 'environment' | 'profile'>): string => `${tenant}/${environment}/${profile}`;

/** Until when a completed deployment can be reverted. */
export const getRevertDeadline = ({ state, endedAt }: ProfileResult): number | undefined =>
  state === 'complete' && endedAt !== undefined ? endedAt + REVERT_WINDOW_MS : undefined;

/** What has happened so far in a run. It survives whatever ends the run, so that reports are never empty-handed. */
export class RunRecord {
  private readonly resultsByKey = new Map<string, ProfileResult>();
  /** What validators of the service refused, on file and line. */
  readonly issues: ValidationIssue[] = [];
  /** Decisions worth telling, in order. */
  readonly notices: string[] = [];
  /** What went wrong with no deployment in particular. */
  failure: string | undefined;

  get results(): readonly ProfileResult[] {
    return [...this.resultsByKey.values()];
  }

  find(key: Pick<ProfileResult, 'tenant' | 'environment' | 'profile'>): ProfileResult | undefined {
    return this.resultsByKey.get(formatProfileKey(key));
  }

  set(result: ProfileResult): void {
    this.resultsByKey.set(formatProfileKey(result), result);
  }

  /** Whatever has not come to an end has none: the run ended first. */
  close(): void {
    for (const result of this.results) {
      if (result.state === 'waiting') this.set({ ...result, state: 'not-started' });
      if (result.state === 'deploying') this.set({ ...result, state: 'unfinished' });
    }
  }
}
