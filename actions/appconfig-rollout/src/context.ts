import type { Log } from '@aws-delivery/action-kit/log';
import type { AppConfig } from './appconfig.js';
import type { Deployment, EnvironmentRef } from './deployment.js';
import type { PendingDeployments } from './flight.js';
import type { StopSignal } from './halt.js';
import type { RunMarker } from './mark.js';
import type { RunRecord } from './outcome.js';
import type { PlanContext } from './plan.js';
import type { Probes } from './probe.js';
import type { ResourceCreator } from './provision.js';
import type { Request, RolloutRequest } from './request.js';
import type { HostedVersions } from './version.js';
import type { WaitContext } from './waiting.js';

/** What every mode shares. */
export interface RunContext<R extends Request = Request> {
  readonly request: R;
  readonly appConfig: AppConfig;
  readonly waitContext: WaitContext;
  readonly record: RunRecord;
  readonly log: Log;
}

/** A deployment that this run began. */
export interface StartedDeployment extends EnvironmentRef {
  readonly tenant: string;
  readonly environment: string;
  readonly profile: string;
  readonly number: number;
  /** What was deployed of its profile when the run began. */
  readonly previous: Deployment | undefined;
}

/** What a rollout needs besides. */
export interface RolloutContext extends RunContext<RolloutRequest> {
  readonly planContext: PlanContext;
  readonly resourceCreator: ResourceCreator;
  readonly versions: HostedVersions;
  readonly pendingDeployments: PendingDeployments;
  readonly probes: Probes;
  readonly runMarker: RunMarker;
  readonly stopSignal: StopSignal;
  readonly commit: string | undefined;
  /** Read a file of the workspace again, to find the line of an objection. */
  readonly readFile: (file: string) => Promise<string>;
  /** In the order in which they began. */
  readonly startedDeployments: StartedDeployment[];
}
