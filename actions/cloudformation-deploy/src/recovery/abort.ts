import { toCancellationError } from '@aws-delivery/action-kit/host/cancellation';
import { withGracePeriod } from '@aws-delivery/action-kit/host/time-limit';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { stopOperation } from '../operation/stop-operation.js';
import type { Outcome } from '../result.js';
import type { RunContext } from '../run-context.js';
import { findStack } from '../stack/stack.js';

/** Time after the limit of the run to apply `on-timeout` and to read the stack. */
const GRACE_PERIOD_MS = 5000;

/** Time after the limit to read the stack if nothing was stopped. */
const READ_GRACE_MS = 1000;

/** Time to find the operation to stop. */
const SEARCH_TIMEOUT_MS = 4000;

/** Applies `on-timeout` to the operation that the run could not follow to its end. */
const stopAfterTimeout = async (context: RunContext, error: DeliveryError): Promise<DeliveryError> => {
  const { cloudFormation, postState, request, waitContext, log } = context;
  const { pendingCleanup } = postState;
  if (pendingCleanup?.kind !== 'operation') return error;
  const { stack: stackId, token } = pendingCleanup;
  const graceWaitContext = { ...waitContext, deadline: waitContext.clock.now() + SEARCH_TIMEOUT_MS };
  const options = {
    cloudFormation,
    waitContext: graceWaitContext,
    stackId,
    token,
    policy: request.onTimeout,
    roleArn: request.roleArn,
  };
  const stopMessage = await stopOperation(options).catch(
    (stopError: unknown) => `stopping the operation failed: ${errorMessage(stopError)}`,
  );
  if (stopMessage === undefined) return error;
  log.info(`on-timeout: ${stopMessage}`);
  return new DeliveryError('timeout', `${error.message}. on-timeout: ${stopMessage}`, { cause: error });
};

/** Adds to an expired-credentials error that the operation continues. */
const explainExpiredSession = ({ postState }: RunContext, error: DeliveryError): DeliveryError => {
  if (postState.pendingCleanup?.kind !== 'operation') return error;
  const hint = 'The operation continues: request a longer session and run mode: wait';
  return new DeliveryError('expired', `${error.message}. ${hint}`, { cause: error });
};

/** Handles an error, a timeout or a cancellation of the run. The post step cleans up what is still pending. */
export const handleAbort = async (context: RunContext, error: unknown): Promise<Outcome> => {
  const { postState, record, cloudFormation, request, waitContext } = context;
  // A cancelled main step has no time left: the post step applies on-cancel.
  if (waitContext.signal.aborted) return { kind: 'unknown', error: toCancellationError(waitContext.signal) };
  let explainedError = error;
  if (error instanceof DeliveryError && error.code === 'timeout') {
    explainedError = await withGracePeriod(GRACE_PERIOD_MS, () => stopAfterTimeout(context, error));
  } else if (error instanceof DeliveryError && error.code === 'expired') {
    explainedError = explainExpiredSession(context, error);
  }
  if (postState.pendingCleanup?.kind === 'operation') postState.clear();
  const name = record.stack?.id ?? request.stackName;
  const gracePeriod = explainedError === error ? READ_GRACE_MS : GRACE_PERIOD_MS;
  record.stack = await withGracePeriod(gracePeriod, () => findStack(cloudFormation, name)).catch(() => record.stack);
  return { kind: 'unknown', error: explainedError };
};
