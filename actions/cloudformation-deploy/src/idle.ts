import { DeliveryError } from '@aws-delivery/action-kit/error';
import { poll } from '@aws-delivery/action-kit/poll';
import type { Context } from './context.js';
import { isStackRow, readEvents, type StackEvent } from './event.js';
import { follow, type OperationEnd } from './operation.js';
import { factsOf, goodEndsOf, isSettled, isStatus, kindOfRunning, statusFacts } from './situation.js';
import { findStack, type Stack } from './stack.js';

/**
 * The token of the operation under way, as far as its events tell one. Where they show only the end of an earlier
 * operation, they lag behind, and tell none.
 */
export const currentToken = async ({ cloudFormation }: Context, stack: Stack): Promise<string | undefined> => {
  try {
    for await (const event of readEvents(cloudFormation, stack.id, () => false)) {
      if (isStackRow(event)) return isRunning(event.status) ? event.token : undefined;
    }
  } catch (error) {
    if (!(error instanceof DeliveryError) || error.code !== 'denied') throw error;
  }
  return undefined;
};

const isRunning = (status: string): boolean => isStatus(status) && statusFacts[status].end === 'running';

const startedAs = (events: readonly StackEvent[], stack: Stack) => {
  const first = events.find((event) => event.stackId === stack.id && isStackRow(event));
  return kindOfRunning(first !== undefined && isStatus(first.status) ? first.status : stack.status);
};

/** Follows an operation that this run did not start. */
export const attach = async (
  context: Context,
  { stack, token, deadline }: { readonly stack: Stack; readonly token: string; readonly deadline: number },
): Promise<OperationEnd> => {
  const { cloudFormation, log, waiting, journal } = context;
  const operation = {
    kind: kindOfRunning(stack.status),
    title: 'operation under way',
    stackId: stack.id,
    tokens: [token],
    statusBefore: stack.status,
    touchedBefore: stack.touchedAt - 1,
    notBefore: 0,
    expected: new Set<string>(),
  };
  const followed = await log.group(operation.title, () =>
    follow(operation, { ...waiting, deadline, cloudFormation, log }),
  );
  const kind = startedAs(followed.events, stack);
  const isGood = goodEndsOf[kind].includes(statusFacts[followed.status].end);
  const end = { ...followed, isGood, operation: { ...operation, kind } };
  journal.operations.push(end);
  journal.stack = end.stack;
  return end;
};

/** Waits until no operation is under way. The end of an operation without a token is read from the stack alone. */
export const waitForIdle = async (
  context: Context,
  { stack, token, deadline }: { readonly stack: Stack; readonly token: string | undefined; readonly deadline: number },
): Promise<void> => {
  if (token !== undefined) {
    await attach(context, { stack, token, deadline });
    return;
  }
  await poll({
    what: `the operation on stack ${stack.name} to end`,
    ...context.waiting,
    deadline,
    read: async () => {
      const now = await findStack(context.cloudFormation, stack.id);
      const isIdle = now === undefined || isSettled(now.status) || factsOf(now.status).situation !== 'busy';
      return isIdle ? { state: 'done', value: undefined } : { state: 'pending' };
    },
  });
};
