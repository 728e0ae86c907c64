import type { Log } from '@aws-delivery/action-kit/log';
import type { ChangeSets } from './change-set.js';
import type { CloudFormation } from './cloudformation.js';
import type { Interruptions } from './interruption.js';
import type { Journal } from './journal.js';
import type { MaterialSource } from './material.js';
import type { Request } from './request.js';
import type { Tokens } from './token.js';
import type { Waiting } from './waiting.js';

/** What every step of a run shares. */
export interface Context<R extends Request = Request> {
  readonly request: R;
  readonly cloudFormation: CloudFormation;
  readonly changeSets: ChangeSets;
  readonly material: MaterialSource;
  readonly waiting: Waiting;
  readonly tokens: Tokens;
  readonly interruptions: Interruptions;
  readonly journal: Journal;
  readonly log: Log;
}
