import { toCancellationError } from '@aws-delivery/action-kit/host/cancellation';
import { withGracePeriod } from '@aws-delivery/action-kit/host/time-limit';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import type { Inputs } from '../../action.js';
import { createClientTokens } from '../operation/client-token.js';
import { saveStackSetOperation } from '../post/stack-set-cleanup.js';
import { createInstanceId } from '../run-context.js';
import type { Services } from '../services.js';
import { deployStackSet, previewStackSet } from './deploy-stack-set.js';
import { explainFailures } from './failures.js';
import { deleteStackSet, detectStackSetDrift, retryStackSet, waitForStackSet } from './modes.js';
import { stopStackSetOperation } from './operation.js';
import { formatStackSetHeadline, publishStackSetComment } from './report-stack-set.js';
import { parseStackSetRequest, type StackSetMode, type StackSetRequest } from './request.js';
import { type StackSetContext, type StackSetOutcome, StackSetRecord, type StackSetResult } from './result.js';
import { StackSetReader } from './stack-set.js';

/** Time after the limit of the run to apply `on-timeout`. */
const GRACE_PERIOD_MS = 5000;

const runByMode: Readonly<Record<StackSetMode, (context: StackSetContext) => Promise<StackSetOutcome>>> = {
  deploy: deployStackSet,
  preview: previewStackSet,
  retry: retryStackSet,
  drift: detectStackSetDrift,
  delete: deleteStackSet,
  wait: waitForStackSet,
};

const createContext = async (
  request: StackSetRequest,
  services: Services,
  record: StackSetRecord,
): Promise<StackSetContext> => {
  const { host, cloudFormation, random } = services;
  const { clock, signal, log, env } = host;
  const [region, account] = await Promise.all([services.getRegion(), services.getAccount()]);
  const address = { StackSetName: request.name, ...(request.callAs === 'SELF' ? {} : { CallAs: request.callAs }) };
  const identity = { account, region, stackName: `stack-set ${request.name}` };
  let pending: string | undefined;
  return {
    ...{ request, services, record, cloudFormation, log },
    reader: new StackSetReader(cloudFormation, address),
    waitContext: { clock, signal, random, deadline: clock.now() + request.timeout },
    tokens: createClientTokens(env, identity, createInstanceId(clock.now(), random)),
    saveOperation: (operationId) => {
      pending = operationId;
      if (request.stopOnCancel)
        saveStackSetOperation(host, operationId === undefined ? undefined : { ...address, operationId, region });
    },
    getPendingOperation: () => pending,
  };
};

/** Applies `on-timeout` to the operation that the run could not follow to its end. */
const handleAbort = async (context: StackSetContext, error: unknown): Promise<StackSetOutcome> => {
  const { waitContext, request, log } = context;
  // A cancelled main step has no time left: the post step applies on-cancel.
  if (waitContext.signal.aborted) return { kind: 'unknown', error: toCancellationError(waitContext.signal) };
  const pending = context.getPendingOperation();
  if (pending === undefined) return { kind: 'unknown', error };
  context.saveOperation(undefined);
  const isTimeout = error instanceof DeliveryError && error.code === 'timeout';
  if (!isTimeout) return { kind: 'unknown', error };
  const message = request.stopOnTimeout
    ? await withGracePeriod(GRACE_PERIOD_MS, () => stopStackSetOperation(context, pending)).then(
        () => `operation ${pending} is being stopped`,
        (stopError: unknown) => `stopping the operation failed: ${errorMessage(stopError)}`,
      )
    : `operation ${pending} continues. Use mode: wait to wait for it`;
  log.info(`on-timeout: ${message}`);
  return {
    kind: 'unknown',
    error: new DeliveryError('timeout', `${error.message}. on-timeout: ${message}`, { cause: error }),
  };
};

/** Brings the stack set of the inputs to the state that they request. */
export const runStackSet = async (inputs: Inputs, services: Services): Promise<StackSetResult> => {
  const request = parseStackSetRequest(inputs);
  const record = new StackSetRecord();
  const runMode = async (): Promise<StackSetOutcome> => {
    const context = await createContext(request, services, record);
    try {
      const outcome = await runByMode[request.mode](context);
      record.failures = await explainFailures(context);
      return outcome;
    } catch (error) {
      return handleAbort(context, error);
    }
  };
  const outcome = await runMode().catch((error: unknown): StackSetOutcome => ({ kind: 'unknown', error }));
  const region = await services.getRegion();
  const result: StackSetResult = { kind: 'stack-set', request, record, outcome, region };
  services.host.log.info(formatStackSetHeadline(result));
  await publishStackSetComment(inputs, result, services);
  return result;
};
