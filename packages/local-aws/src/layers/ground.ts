import type { ApiCall } from '../call.js';
import type { ApiModel } from '../catalogue/catalogue.js';
import type { Clock } from '../clock.js';
import type { FaultPlan } from '../faults.js';
import type { IdentityStore } from '../iam/identity.js';
import type { CallLog } from '../journal.js';

/** What layers stand on: what is known of AWS, who there is, what goes wrong, and where it is written down. */
export interface MiddlewareContext {
  readonly apiModel: ApiModel;
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly identity: IdentityStore;
  readonly callLog: CallLog;
  /** The full ARN of a resource that the catalogue could name only in part; asked of the service that has it. */
  readonly resolveArn: (call: ApiCall, resource: string) => string;
}
