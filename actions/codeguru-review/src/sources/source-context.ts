import type { Change } from '@aws-delivery/findings/change/change';
import type { Checkout } from '../checkout.js';
import type { ChangeHistory } from '../gate/change-history.js';
import type { Request } from '../inputs/parse-request.js';

/** Context of the run that sources need. */
export interface SourceContext {
  readonly request: Request;
  readonly change: Change;
  readonly checkout: Checkout;
  readonly history: ChangeHistory;
}
