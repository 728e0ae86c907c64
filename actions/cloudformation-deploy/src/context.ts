import type { Log } from '@aws-delivery/action-kit/host/log';
import type { ChangeSets } from './change-set/change-set.js';
import type { CloudFormation } from './cloudformation-client.js';
import type { Request } from './inputs/request.js';
import type { ClientTokens } from './operation/client-token.js';
import type { PostState } from './post/post-state.js';
import type { RunRecord } from './run-record.js';
import type { InputLoader } from './template/input-loader.js';
import type { WaitContext } from './wait-context.js';

/** What every step of a run shares. */
export interface RunContext<R extends Request = Request> {
  readonly request: R;
  readonly cloudFormation: CloudFormation;
  readonly changeSets: ChangeSets;
  readonly inputLoader: InputLoader;
  readonly waitContext: WaitContext;
  readonly tokens: ClientTokens;
  readonly postState: PostState;
  readonly record: RunRecord;
  readonly log: Log;
}
