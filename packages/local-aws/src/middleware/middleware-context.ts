import type { ApiCall } from '../api-call.js';
import type { ApiModel } from '../api-model/api-model.js';
import type { CallLog } from '../call-log.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { IdentityStore } from '../iam/identity.js';
import type { Clock } from '../time/clock.js';

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
