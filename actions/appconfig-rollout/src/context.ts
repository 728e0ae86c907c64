import type { Log } from '@aws-delivery/action-kit/log';
import type { AppConfig } from './appconfig.js';
import type { Deployment, Place } from './deployment.js';
import type { Flights } from './flight.js';
import type { Halt } from './halt.js';
import type { Mark } from './mark.js';
import type { Journal } from './outcome.js';
import type { Planning } from './plan.js';
import type { Probes } from './probe.js';
import type { Provision } from './provision.js';
import type { Request, RolloutRequest } from './request.js';
import type { Versions } from './version.js';
import type { Waiting } from './waiting.js';

/** What every mode shares. */
export interface Context<R extends Request = Request> {
  readonly request: R;
  readonly appConfig: AppConfig;
  readonly waiting: Waiting;
  readonly journal: Journal;
  readonly log: Log;
}

/** A deployment that this run began. */
export interface Begun extends Place {
  readonly tenant: string;
  readonly environment: string;
  readonly profile: string;
  readonly number: number;
  /** What was deployed of its profile when the run began. */
  readonly before: Deployment | undefined;
}

/** What a rollout needs besides. */
export interface RolloutContext extends Context<RolloutRequest> {
  readonly planning: Planning;
  readonly provision: Provision;
  readonly versions: Versions;
  readonly flights: Flights;
  readonly probes: Probes;
  readonly mark: Mark;
  readonly halt: Halt;
  readonly commit: string | undefined;
  /** Read a file of the workspace again, to find the line of an objection. */
  readonly readFile: (file: string) => Promise<string>;
  /** In the order in which they began. */
  readonly begun: Begun[];
}
