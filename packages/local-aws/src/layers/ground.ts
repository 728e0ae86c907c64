import type { Call } from '../call.js';
import type { Catalogue } from '../catalogue/catalogue.js';
import type { Clock } from '../clock.js';
import type { FaultPlan } from '../faults.js';
import type { Identity } from '../iam/identity.js';
import type { Journal } from '../journal.js';

/** What layers stand on: what is known of AWS, who there is, what goes wrong, and where it is written down. */
export interface Ground {
  readonly catalogue: Catalogue;
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly identity: Identity;
  readonly journal: Journal;
  /** The full ARN of a resource that the catalogue could name only in part; asked of the service that has it. */
  readonly resolve: (call: Call, resource: string) => string;
}
