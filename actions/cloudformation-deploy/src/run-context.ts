import type { Log } from '@aws-delivery/action-kit/host/log';
import { ChangeSets } from './change-set/change-set.js';
import type { CloudFormation } from './cloudformation-client.js';
import type { Request } from './inputs/request.js';
import { type ClientTokens, createClientTokens } from './operation/client-token.js';
import { PostState } from './post/post-state.js';
import type { RunRecord } from './run-record.js';
import type { Services } from './services.js';
import type { InputLoader } from './template/input-loader.js';
import type { WaitContext } from './wait-context.js';

/** Request, services and state of a run, shared by all steps. */
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

/** Letters and digits that identify this process, even among processes started in the same millisecond. */
export const createInstanceId = (now: number, random: () => number): string =>
  `${Math.floor(now).toString(36)}${Math.floor(random() * 36 ** 4).toString(36)}`;

export const createContext = async (request: Request, services: Services, record: RunRecord): Promise<RunContext> => {
  const { host, cloudFormation, inputLoader, random } = services;
  const { clock, signal, log } = host;
  const [region, account] = await Promise.all([services.getRegion(), services.getAccount()]);
  const waitContext = { clock, signal, random, deadline: clock.now() + request.timeout };
  const stackIdentity = { account, region, stackName: request.stackName };
  return {
    request,
    cloudFormation,
    inputLoader,
    waitContext,
    record,
    log,
    changeSets: new ChangeSets(cloudFormation, waitContext),
    tokens: createClientTokens(host.env, stackIdentity, createInstanceId(clock.now(), random)),
    postState: new PostState({
      host,
      region,
      policy: request.onCancel,
      roleArn: request.roleArn,
      assumedRole: services.role,
    }),
  };
};
