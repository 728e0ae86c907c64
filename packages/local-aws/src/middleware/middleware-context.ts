import type { ApiCall } from '../api-call.js';
import type { ApiModel } from '../api-model/api-model.js';
import type { CallLog } from '../call-log.js';
import type { FaultPlan } from '../faults/fault-plan.js';
import type { IdentityStore } from '../iam/identity.js';
import type { Clock } from '../time/clock.js';

/** Shared state of the middleware: API model, identities, fault plan, call log. */
export interface MiddlewareContext {
  readonly apiModel: ApiModel;
  readonly clock: Clock;
  readonly faults: FaultPlan;
  readonly identity: IdentityStore;
  readonly callLog: CallLog;
  /** The full ARN of a resource that the API model names with a wildcard; the service resolves it. */
  readonly resolveArn: (call: ApiCall, resource: string) => string;
}
