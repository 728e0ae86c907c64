import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { type PollResult, poll } from '@aws-delivery/aws/poll';
import type { ChangeSet } from '../change-set/change-set.js';
import type { CleanupTarget } from '../post/post-state.js';
import type { RunContext } from '../run-context.js';
import { classifyServiceError } from '../service-error.js';
import { findStack, type Stack } from '../stack/stack.js';
import type { OperationKind } from '../stack/stack-state.js';
import type { WaitContext } from '../wait-context.js';
import {
  followOperation,
  isOperationVisible,
  type OperationResult,
  type StartedOperation,
} from './follow-operation.js';
import { readEvents } from './stack-events.js';

/** An operation to start, and how to start it. */
export interface StackOperation {
  readonly kind: OperationKind;
  readonly title: string;
  readonly stack: Pick<Stack, 'id' | 'touchedAt' | 'status'>;
  /** The change set it executes. */
  readonly changeSet?: Pick<ChangeSet, 'id' | 'createdAt'>;
  readonly expectedResourceIds?: ReadonlySet<string>;
  /** Makes the call that starts it, with the client request token. */
  readonly start: (token: string) => Promise<unknown>;
  /** The change set it executes, if this run created it. */
  readonly cleanupTarget?: CleanupTarget;
  /** Undoes the preparation if the operation could not be started. */
  readonly onStartFailure?: () => Promise<void>;
}

/** Errors of a call that the SDK repeated after a lost response: the first attempt has started the operation. */
const RETRIED_CALL_ERRORS = [
  'token-used',
  'change-set-state',
  'no-change-set',
  'wrong-state',
  'needs-disable-rollback',
];
/** Time until the events of a started operation are visible. */
const START_VISIBILITY_TIMEOUT_MS = 20_000;

/** The SDK's metadata of a failed call; no status without a response. */
export const getCallMetadata = (error: unknown): { readonly status: number | undefined; readonly attempts: number } => {
  const cause = error instanceof DeliveryError ? error.cause : error;
  const metadata = typeof cause === 'object' && cause !== null && '$metadata' in cause ? cause.$metadata : undefined;
  const { httpStatusCode: status, attempts } = isRecord(metadata) ? metadata : {};
  return { status: typeof status === 'number' ? status : undefined, attempts: Number(attempts ?? 1) };
};

/** Only a rejection of the first attempt proves that the operation did not start. */
const mayHaveStarted = (error: unknown): boolean => {
  const { status, attempts } = getCallMetadata(error);
  if (status === undefined || status >= 500) return true;
  return attempts > 1 && RETRIED_CALL_ERRORS.includes(classifyServiceError(error) ?? '');
};

/** Reads until an operation is visible; false if it is not in time, or cannot be read. */
export const waitForStart = async (
  waitContext: WaitContext,
  label: string,
  isVisible: () => Promise<boolean>,
): Promise<boolean> => {
  const deadline = Math.min(waitContext.deadline, waitContext.clock.now() + START_VISIBILITY_TIMEOUT_MS);
  const read = async (): Promise<PollResult<true>> =>
    (await isVisible()) ? { state: 'done', value: true } : { state: 'pending' };
  return poll<boolean>({ label, ...waitContext, deadline, read }).catch((error: unknown) => {
    if (error instanceof DeliveryError && error.code === 'cancelled') throw error;
    return false;
  });
};

/** Whether an operation with this token started although its call failed. */
const hasStarted = ({ cloudFormation, waitContext }: RunContext, { stack }: StackOperation, token: string) =>
  waitForStart(waitContext, 'the first event of the operation', async () => {
    for await (const event of readEvents(cloudFormation, stack.id, ({ at }) => at < stack.touchedAt)) {
      if (event.token === token) return true;
    }
    return false;
  });

const cleanUpFailedStart = async ({ postState, log }: RunContext, operation: StackOperation): Promise<void> => {
  try {
    await operation.onStartFailure?.();
    postState.clear();
  } catch (error) {
    log.warning(`Cleanup failed: ${errorMessage(error)}`);
  }
};

/**
 * Starts an operation with a new client request token, which is saved for the post step before the call. If the response
 * is lost, the events decide whether the operation has started.
 * @throws the error of the call, after `onStartFailure`, if the operation has not started
 */
export const startOperation = async (context: RunContext, operation: StackOperation): Promise<StartedOperation> => {
  const token = context.tokens.create();
  const { stack, cleanupTarget } = operation;
  context.postState.save({ kind: 'operation', stack: stack.id, token, cleanupTarget });
  try {
    await operation.start(token);
  } catch (error) {
    if (!mayHaveStarted(error) || !(await hasStarted(context, operation, token))) {
      await cleanUpFailedStart(context, operation);
      throw error;
    }
    context.log.info('The response was lost, but the operation has started');
  }
  context.record.startedOperation = operation.title;
  return {
    kind: operation.kind,
    title: operation.title,
    stackId: operation.stack.id,
    tokens: [token],
    statusBefore: operation.stack.status,
    // The stack may have been read out of date, but operations before the creation of the change set are earlier ones.
    touchedBefore: Math.max(operation.stack.touchedAt, operation.changeSet?.createdAt ?? 0),
    notBefore: operation.stack.touchedAt,
    ...(operation.changeSet === undefined ? {} : { changeSetId: operation.changeSet.id }),
    expectedResourceIds: operation.expectedResourceIds ?? new Set(),
  };
};

/**
 * Waits until the stack shows an operation that is not followed, so that a later step with mode wait does not take the
 * end of an earlier operation for its end.
 */
export const waitUntilVisible = async (context: RunContext, operation: StartedOperation): Promise<void> => {
  const { cloudFormation, waitContext, record, log } = context;
  const read = async () => {
    const stack = await findStack(cloudFormation, operation.stackId);
    return isOperationVisible(stack, operation)
      ? { state: 'done' as const, value: stack }
      : { state: 'pending' as const };
  };
  const deadline = Math.min(waitContext.clock.now() + START_VISIBILITY_TIMEOUT_MS, waitContext.deadline);
  try {
    record.stack = await poll<Stack | undefined>({ label: 'the new stack status', ...waitContext, deadline, read });
  } catch (error) {
    if (error instanceof DeliveryError && error.code === 'cancelled') throw error;
    log.warning(`The operation was started, but the stack status does not show it yet: ${errorMessage(error)}`);
  }
};

/** `Retry 2 from the point of failure`. */
const formatGroupTitle = (title: string): string => `${title.charAt(0).toUpperCase()}${title.slice(1)}`;

/** Follows an operation to its end and records its result. */
export const followToCompletion = async (
  context: RunContext,
  operation: StartedOperation,
): Promise<OperationResult> => {
  const { cloudFormation, log, waitContext, record } = context;
  const result = await log.group(formatGroupTitle(operation.title), () =>
    followOperation(operation, { ...waitContext, cloudFormation, log }),
  );
  record.operations.push(result);
  record.stack = result.stack;
  return result;
};

export const runOperation = async (context: RunContext, operation: StackOperation): Promise<OperationResult> =>
  followToCompletion(context, await startOperation(context, operation));
