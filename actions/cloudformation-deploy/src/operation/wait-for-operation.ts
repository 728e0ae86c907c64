import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { poll } from '@aws-delivery/aws/poll';
import type { RunContext } from '../run-context.js';
import { findStack, type Stack } from '../stack/stack.js';
import {
  getOperationKind,
  getStatusInfo,
  isStatus,
  isTerminal,
  stackStatusInfo,
  successStatusesByKind,
} from '../stack/stack-state.js';
import { followOperation, type OperationResult } from './follow-operation.js';
import { isStackLevelEvent, readEvents, type StackEvent } from './stack-events.js';

/**
 * The client request token of the running operation; undefined if it has none, or if the events lag behind and show
 * only the end of an earlier operation.
 */
export const findCurrentToken = async ({ cloudFormation }: RunContext, stack: Stack): Promise<string | undefined> => {
  try {
    for await (const event of readEvents(cloudFormation, stack.id, () => false)) {
      if (isStackLevelEvent(event)) return isRunning(event.status) ? event.token : undefined;
    }
  } catch (error) {
    if (!(error instanceof DeliveryError) || error.code !== 'denied') throw error;
  }
  return undefined;
};

const isRunning = (status: string): boolean =>
  isStatus(status) && stackStatusInfo[status].operationStatus === 'running';

const detectOperationKind = (events: readonly StackEvent[], stack: Stack) => {
  const first = events.find((event) => event.stackId === stack.id && isStackLevelEvent(event));
  return getOperationKind(first !== undefined && isStatus(first.status) ? first.status : stack.status);
};

/** Follows an operation that this run did not start. */
export const attachToOperation = async (
  context: RunContext,
  { stack, token, deadline }: { readonly stack: Stack; readonly token: string; readonly deadline: number },
): Promise<OperationResult> => {
  const { cloudFormation, log, waitContext, record } = context;
  const operation = {
    kind: getOperationKind(stack.status),
    title: 'operation',
    stackId: stack.id,
    tokens: [token],
    statusBefore: stack.status,
    touchedBefore: stack.touchedAt - 1,
    notBefore: 0,
    expectedResourceIds: new Set<string>(),
  };
  const followedResult = await log.group('Operation in progress', () =>
    followOperation(operation, { ...waitContext, deadline, cloudFormation, log }),
  );
  const kind = detectOperationKind(followedResult.events, stack);
  const isGood = successStatusesByKind[kind].includes(stackStatusInfo[followedResult.status].operationStatus);
  const result = { ...followedResult, succeeded: isGood, operation: { ...operation, kind } };
  record.operations.push(result);
  record.stack = result.stack;
  return result;
};

/** Waits until the running operation ends. Without a token, only the status of the stack shows its end. */
export const waitForOperation = async (
  context: RunContext,
  { stack, token, deadline }: { readonly stack: Stack; readonly token: string | undefined; readonly deadline: number },
): Promise<void> => {
  if (token !== undefined) {
    await attachToOperation(context, { stack, token, deadline });
    return;
  }
  await poll({
    label: `the operation on stack ${stack.name}`,
    ...context.waitContext,
    deadline,
    read: async () => {
      const current = await findStack(context.cloudFormation, stack.id);
      const isIdle =
        current === undefined || isTerminal(current.status) || getStatusInfo(current.status).state !== 'busy';
      return isIdle ? { state: 'done', value: undefined } : { state: 'pending' };
    },
  });
};
