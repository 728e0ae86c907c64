import type { Repository } from '@aws-delivery/action-kit/git/repository';
import type { Change } from '@aws-delivery/findings/change/change';
import type { ChangeHistory } from '../gate/change-history.js';
import type { Request } from '../inputs/parse-request.js';

/** Context of the run that sources need. */
export interface SourceContext {
  readonly request: Request;
  readonly change: Change;
  readonly repository: Repository;
  readonly history: ChangeHistory;
}
