import type { Log } from '@aws-delivery/action-kit/host/log';
import type { AppConfig, WaitContext } from './appconfig/client.js';
import type { Request } from './inputs/parse-request.js';
import type { RunRecord } from './run-record.js';

/** What all modes need. */
export interface RunContext<R extends Request = Request> {
  readonly request: R;
  readonly appConfig: AppConfig;
  readonly waitContext: WaitContext;
  readonly record: RunRecord;
  readonly log: Log;
}
