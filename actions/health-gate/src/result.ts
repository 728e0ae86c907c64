import type { Env } from '@aws-delivery/action-kit/util/env';
import type { Decision, WaitResult } from './decision/verdict.js';
import type { Request } from './inputs/parse-request.js';
import type { DeploymentScope } from './scope/deployment-scope.js';
import type { BlockedInterval } from './wait/blocker-history.js';

/** The workflow run, for the decision record. Undefined fields are not set by the host. */
export interface RunIdentity {
  readonly actor: string | undefined;
  readonly repository: string | undefined;
  readonly commit: string | undefined;
  readonly workflow: string | undefined;
  readonly job: string | undefined;
  /** Address of the run's page. */
  readonly url: string | undefined;
}

/** Reads the run's identity from the host's variables. `GITHUB_TRIGGERING_ACTOR` names who started a re-run. */
export const readRunIdentity = (env: Env): RunIdentity => {
  const [server, repository, runId] = ['SERVER_URL', 'REPOSITORY', 'RUN_ID'].map((name) => env[`GITHUB_${name}`]);
  return {
    actor: env['GITHUB_TRIGGERING_ACTOR'] || env['GITHUB_ACTOR'],
    repository,
    commit: env['GITHUB_SHA'],
    workflow: env['GITHUB_WORKFLOW'],
    job: env['GITHUB_JOB'],
    url: server && repository && runId ? `${server}/${repository}/actions/runs/${runId}` : undefined,
  };
};

/** Outcome of a run. Times are milliseconds since the epoch. */
export interface Result {
  readonly request: Request;
  /** Derived from template or stack; undefined unless `services: auto` or `entities: match` needed it. */
  readonly deploymentScope: DeploymentScope | undefined;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly waitResult: WaitResult;
  readonly decision: Decision;
  /** When each blocker was present. */
  readonly intervals: readonly BlockedInterval[];
  /** Names of ignore entries that matched no event. */
  readonly unusedEntries: readonly string[];
  readonly run: RunIdentity;
}

/** A result after its decision record was written. */
export interface RecordedResult extends Result {
  /** Path of the decision record; undefined when writing failed. */
  readonly writtenEvidenceFile: string | undefined;
}
