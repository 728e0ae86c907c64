import type { Action } from '@aws-delivery/action-kit/host/run-action';
import type { ConfigOverride } from '@aws-delivery/aws/client-options';
import type { Definition, Inputs } from '../action.js';
import { ChangeSets } from './change-set/change-set.js';
import type { RunContext } from './context.js';
import { parseRequest } from './inputs/parse-request.js';
import type { Request } from './inputs/request.js';
import { createClientTokens } from './operation/client-token.js';
import { PostState } from './post/post-state.js';
import { handleAbort } from './recovery/abort.js';
import { maskOutputs, updateComment } from './report/pr-comment.js';
import { report } from './report/report.js';
import { formatHeadline } from './report/verdict.js';
import type { Outcome, Result } from './result.js';
import { reconcileStack } from './run.js';
import { RunRecord } from './run-record.js';
import { createServices, type Services } from './services.js';
import { formatAmbiguousNames } from './stack/stack-outputs.js';

/** Letters and digits that no other process has, even one that began in the same millisecond. */
const createInstanceId = (now: number, random: () => number): string =>
  `${Math.floor(now).toString(36)}${Math.floor(random() * 36 ** 4).toString(36)}`;

const createContext = async (request: Request, services: Services, record: RunRecord): Promise<RunContext> => {
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
    postState: new PostState({ host, region, policy: request.onCancel, roleArn: request.roleArn }),
  };
};

/** A preserved failure is unfinished until it is decided what becomes of it: only an end of the run settles that. */
const runToCompletion = async (context: RunContext): Promise<Outcome> => {
  try {
    const outcome = await reconcileStack(context);
    context.postState.clear();
    return outcome;
  } catch (error) {
    return handleAbort(context, error);
  }
};

const determineOutcome = async (request: Request, services: Services, record: RunRecord): Promise<Outcome> => {
  try {
    const context = await createContext(request, services, record);
    return await runToCompletion(context);
  } catch (error) {
    return { kind: 'unknown', error };
  }
};

const run = async (inputs: Inputs, services: Services): Promise<Result> => {
  const request = parseRequest(inputs, services.workspace);
  const record = new RunRecord();
  const result = { request, record, outcome: await determineOutcome(request, services, record) };
  const { host, comments } = services;
  maskOutputs(result, host.mask);
  const warning = formatAmbiguousNames(record.stack);
  if (warning !== undefined) host.log.warning(warning);
  host.log.info(formatHeadline(result));
  await updateComment(result, { host, comments, region: await services.getRegion() });
  return result;
};

/** The action. `tune` changes the settings of its AWS clients. */
export const createAction = (overrideConfig?: ConfigOverride): Action<Definition, Services, Result> => ({
  createServices: (inputs, host) => createServices(inputs, host, overrideConfig),
  run,
  report,
});
