import type { Decision } from './decision/verdict.js';
import type { Request } from './inputs/parse-request.js';
import type { DeploymentScope } from './scope/deployment-scope.js';
import type { BlockedInterval } from './wait/blocker-history.js';
import type { WaitResult } from './wait/watch.js';

/** Which run asked, for evidence and for whoever reads it later. */
export interface RunIdentity {
  readonly actor: string | undefined;
  readonly repository: string | undefined;
  readonly commit: string | undefined;
  readonly workflow: string | undefined;
  readonly job: string | undefined;
  readonly url: string | undefined;
}

/** What came of a run. */
export interface Result {
  readonly request: Request;
  /** What was derived from template or stack; undefined where nothing was. */
  readonly deploymentScope: DeploymentScope | undefined;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
  readonly waitResult: WaitResult;
  readonly decision: Decision;
  /** What held, and when. */
  readonly intervals: readonly BlockedInterval[];
  readonly run: RunIdentity;
}

/** A result whose evidence has been written, or could not be. */
export interface RecordedResult extends Result {
  readonly evidenceFile: string | undefined;
}
