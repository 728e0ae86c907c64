import { toCancellationError } from '@aws-delivery/action-kit/host/cancellation';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import type { RunContext } from '../context.js';
import { stopOperation } from '../operation/stop-operation.js';
import type { Outcome } from '../result.js';
import { findStack } from '../stack/stack.js';

/** After the deadline, a little time is left to carry out what is to happen at the deadline. */
const GRACE_PERIOD_MS = 30_000;

/** What the action does about an operation that it could not follow to its end. */
const stopAfterTimeout = async (context: RunContext, error: DeliveryError): Promise<DeliveryError> => {
  const { cloudFormation, postState, request, waitContext, log } = context;
  const { pendingCleanup } = postState;
  if (pendingCleanup?.kind !== 'operation') return error;
  const { stack: stackId, token } = pendingCleanup;
  const graceWaitContext = { ...waitContext, deadline: waitContext.clock.now() + GRACE_PERIOD_MS };
  const options = {
    cloudFormation,
    waitContext: graceWaitContext,
    stackId,
    token,
    policy: request.onTimeout,
    roleArn: request.roleArn,
  };
  const stopMessage = await stopOperation(options).catch(
    (stopError: unknown) => `stopping it failed: ${errorMessage(stopError)}`,
  );
  if (stopMessage === undefined) return error;
  log.info(stopMessage);
  return new DeliveryError('timeout', `${error.message}; ${stopMessage}`, { cause: error });
};

/** What is known of an operation when nobody is let in any more to look at it. */
const explainExpiredSession = ({ postState }: RunContext, error: DeliveryError): DeliveryError => {
  if (postState.pendingCleanup?.kind !== 'operation') return error;
  const hint = 'the operation goes on all the same: get new credentials, for longer, and attach to it with mode wait';
  return new DeliveryError('expired', `${error.message}; ${hint}`, { cause: error });
};

const explainError = async (context: RunContext, error: unknown): Promise<unknown> => {
  if (!(error instanceof DeliveryError)) return error;
  if (error.code === 'timeout') return stopAfterTimeout(context, error);
  return error.code === 'expired' ? explainExpiredSession(context, error) : error;
};

/** Ends a run that was stopped by an error, a timeout or a cancel. What it leaves unfinished the post step cleans up. */
export const handleAbort = async (context: RunContext, error: unknown): Promise<Outcome> => {
  const { postState, record, cloudFormation, request, waitContext } = context;
  // After a cancel there is no time left: the post step does what on-cancel says.
  if (waitContext.signal.aborted) return { kind: 'unknown', error: toCancellationError(waitContext.signal) };
  const explainedError = await explainError(context, error);
  if (postState.pendingCleanup?.kind === 'operation') postState.clear();
  const name = record.stack?.id ?? request.stackName;
  record.stack = await findStack(cloudFormation, name).catch(() => record.stack);
  return { kind: 'unknown', error: explainedError };
};
