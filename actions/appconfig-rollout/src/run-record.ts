import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { REVERT_WINDOW_MS } from './appconfig/deployments.js';
import { formatProfileKey, type ProfileRef } from './desired/desired-profile.js';
import type { ValidationIssue } from './desired/validation-issue.js';
import type { Difference } from './plan/difference.js';

export type ProfileState =
  | 'unchanged'
  | 'planned'
  | 'pulled'
  | 'differs'
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

/** The result of one profile in one environment. Times in milliseconds since the epoch. */
export interface ProfileResult extends ProfileRef {
  readonly state: ProfileState;
  readonly percentage?: number | undefined;
  readonly reason?: string | undefined;
  /** The version that is deployed, as far as is known. */
  readonly version?: string | undefined;
  readonly label?: string | undefined;
  readonly deployment?: number | undefined;
  readonly startedAt?: number | undefined;
  readonly endedAt?: number | undefined;
  readonly file?: string | undefined;
  readonly template?: string | undefined;
  readonly differences?: readonly Difference[] | undefined;
}

/** The output that counts a state. */
export const RESULT_CATEGORIES: Readonly<Record<ProfileState, 'changed' | 'skipped' | 'failed' | 'rolled-back'>> = {
  unchanged: 'skipped',
  planned: 'changed',
  pulled: 'changed',
  differs: 'skipped',
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

/** Until when a completed deployment can be reverted, in milliseconds since the epoch. */
export const getRevertDeadline = ({ state, endedAt }: ProfileResult): number | undefined =>
  state === 'complete' && endedAt !== undefined ? endedAt + REVERT_WINDOW_MS : undefined;

/** Groups results by tenant (rows) and environment (columns). */
export const groupByTenant = (results: readonly ProfileResult[]) => {
  const environments = [...new Set(results.map(({ environment }) => environment))];
  const rows = [...groupBy(results, ({ tenant }) => tenant)].map(([tenant, tenantResults]) => ({
    tenant,
    cells: environments.map((name) => tenantResults.filter(({ environment }) => environment === name)),
  }));
  return { environments, rows };
};

/** Results, notices and issues of a run so far. Kept outside the run, so that reports are complete after any error. */
export class RunRecord {
  private readonly resultsByKey = new Map<string, ProfileResult>();
  /** Violations that validators of AppConfig reported, with file and line. */
  readonly issues: ValidationIssue[] = [];
  /** Notices for the summary, in order. */
  readonly notices: string[] = [];
  /** A failure that belongs to no single deployment. */
  failure: string | undefined;

  get results(): readonly ProfileResult[] {
    return [...this.resultsByKey.values()];
  }

  get(ref: ProfileRef): ProfileResult {
    const { tenant, environment, profile } = ref;
    return this.resultsByKey.get(formatProfileKey(ref)) ?? { tenant, environment, profile, state: 'waiting' };
  }

  set(result: ProfileResult): void {
    this.resultsByKey.set(formatProfileKey(result), result);
  }

  /** Marks profiles that the end of the run left waiting or deploying. */
  close(): void {
    for (const result of this.results) {
      if (result.state === 'waiting') this.set({ ...result, state: 'not-started' });
      if (result.state === 'deploying') this.set({ ...result, state: 'unfinished' });
    }
  }
}
