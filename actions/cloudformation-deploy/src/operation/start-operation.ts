import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { poll } from '@aws-delivery/aws/poll';
import type { ChangeSet } from '../change-set/change-set.js';
import type { RunContext } from '../context.js';
import type { CleanupTarget } from '../post/post-state.js';
import { classifyServiceError } from '../service-error.js';
import { findStack, type Stack } from '../stack/stack.js';
import type { OperationKind } from '../stack/stack-state.js';
import {
  followOperation,
  isOperationVisible,
  type OperationResult,
  type StartedOperation,
} from './follow-operation.js';
import { readEvents } from './stack-events.js';

/** An operation to start. */
export interface StackOperation {
  readonly kind: OperationKind;
  readonly title: string;
  readonly stack: Pick<Stack, 'id' | 'touchedAt' | 'status'>;
  /** The change set it executes. */
  readonly changeSet?: Pick<ChangeSet, 'id' | 'createdAt'>;
  readonly expectedResourceIds?: ReadonlySet<string>;
  /** Makes the call that starts it, under the token. */
  readonly start: (token: string) => Promise<unknown>;
  /** The change set it executes, where it is this run's own. */
  readonly cleanupTarget?: CleanupTarget;
  /** Takes back what was prepared, when the operation could not be started. */
  readonly onStartFailure?: () => Promise<void>;
}

/** What a lost answer leaves behind: the repeated call finds the work done already. */
const RETRIED_CALL_ERRORS = [
  'token-used',
  'change-set-state',
  'no-change-set',
  'wrong-state',
  'needs-disable-rollback',
];
/** For how long the events of an operation may take to show up. */
const START_VISIBILITY_TIMEOUT_MS = 20_000;

/** What the SDK notes about a call that failed; no status where no answer came. */
const getCallMetadata = (error: unknown): { readonly status: number | undefined; readonly attempts: number } => {
  const cause = error instanceof DeliveryError ? error.cause : error;
  const metadata = typeof cause === 'object' && cause !== null && '$metadata' in cause ? cause.$metadata : undefined;
  const { httpStatusCode: status, attempts } = isRecord(metadata) ? metadata : {};
  return { status: typeof status === 'number' ? status : undefined, attempts: Number(attempts ?? 1) };
};

/** Only an answer that refuses the very first attempt says for certain that nothing began. */
const mayHaveStarted = (error: unknown): boolean => {
  const { status, attempts } = getCallMetadata(error);
  if (status === undefined || status >= 500) return true;
  return attempts > 1 && RETRIED_CALL_ERRORS.includes(classifyServiceError(error) ?? '');
};

/** Did an operation with this token begin, although its call failed? */
const hasStarted = async (context: RunContext, { stack }: StackOperation, token: string): Promise<boolean> => {
  const { cloudFormation, waitContext } = context;
  const visibilityDeadline = waitContext.clock.now() + START_VISIBILITY_TIMEOUT_MS;
  const deadline = Math.min(visibilityDeadline, waitContext.deadline);
  return poll({
    label: 'signs of the operation',
    ...waitContext,
    deadline,
    read: async () => {
      for await (const event of readEvents(cloudFormation, stack.id, ({ at }) => at < stack.touchedAt)) {
        if (event.token === token) return { state: 'done', value: true };
      }
      return { state: 'pending' };
    },
  }).catch((error: unknown) => {
    if (error instanceof DeliveryError && error.code === 'cancelled') throw error;
    return false;
  });
};

const cleanUpFailedStart = async ({ postState, log }: RunContext, operation: StackOperation): Promise<void> => {
  try {
    await operation.onStartFailure?.();
    postState.clear();
  } catch (error) {
    log.warning(`what was prepared could not be taken back: ${errorMessage(error)}`);
  }
};

/**
 * Starts an operation under a token of its own, known to the post step before it starts. A call whose answer was lost
 * is not repeated when the operation turns out to be under way.
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
    context.log.info('the answer was lost, but the operation is under way');
  }
  return {
    kind: operation.kind,
    title: operation.title,
    stackId: operation.stack.id,
    tokens: [token],
    statusBefore: operation.stack.status,
    // The look at the stack may have been out of date, but whatever ran before the change set was made is not this.
    touchedBefore: Math.max(operation.stack.touchedAt, operation.changeSet?.createdAt ?? 0),
    notBefore: operation.stack.touchedAt,
    ...(operation.changeSet === undefined ? {} : { changeSetId: operation.changeSet.id }),
    expectedResourceIds: operation.expectedResourceIds ?? new Set(),
  };
};

/**
 * Waits a little until an operation that is not followed shows in the stack: whoever looks next, in a step with mode
 * wait, must not take the end of an earlier one for its end.
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
    record.stack = await poll<Stack | undefined>({ label: 'the operation to show', ...waitContext, deadline, read });
  } catch (error) {
    if (error instanceof DeliveryError && error.code === 'cancelled') throw error;
    log.warning(`the operation was started, but the stack does not show it yet: ${errorMessage(error)}`);
  }
};

/** Follows an operation to its end and keeps it in the journal. */
export const followToCompletion = async (
  context: RunContext,
  operation: StartedOperation,
): Promise<OperationResult> => {
  const { cloudFormation, log, waitContext, record } = context;
  const result = await log.group(operation.title, () =>
    followOperation(operation, { ...waitContext, cloudFormation, log }),
  );
  record.operations.push(result);
  record.stack = result.stack;
  return result;
};

/** Starts an operation and follows it to its end. */
export const runOperation = async (context: RunContext, operation: StackOperation): Promise<OperationResult> =>
  followToCompletion(context, await startOperation(context, operation));
