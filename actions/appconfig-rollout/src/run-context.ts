import type { Log } from '@aws-delivery/action-kit/host/log';
import type { AppConfig } from './appconfig/client.js';
import type { Deployment, EnvironmentRef } from './appconfig/deployments.js';
import type { RunMarker } from './appconfig/ownership-marker.js';
import type { WaitContext } from './appconfig/wait-context.js';
import type { Request, RolloutRequest } from './inputs/parse-request.js';
import type { PlanContext } from './plan/rollout-plan.js';
import type { ResourceCreator } from './rollout/ensure-resources.js';
import type { HostedVersions } from './rollout/hosted-versions.js';
import type { PendingDeployments } from './rollout/pending-deployments.js';
import type { Probes } from './rollout/probes.js';
import type { StopSignal } from './rollout/stop-signal.js';
import type { RunRecord } from './run-record.js';

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
