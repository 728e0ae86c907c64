import type { Log } from '@aws-delivery/action-kit/log';
import type { ChangeSets } from './change-set.js';
import type { CloudFormation } from './cloudformation.js';
import type { PostState } from './interruption.js';
import type { RunRecord } from './journal.js';
import type { InputLoader } from './material.js';
import type { Request } from './request.js';
import type { ClientTokens } from './token.js';
import type { WaitContext } from './waiting.js';

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
