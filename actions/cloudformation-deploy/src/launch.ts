import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { poll } from '@aws-delivery/action-kit/poll';
import type { ChangeSet } from './change-set.js';
import type { Context } from './context.js';
import { readEvents } from './event.js';
import type { Leftover } from './interruption.js';
import { follow, isShownBy, type Operation, type OperationEnd } from './operation.js';
import { refusalOf } from './refusal.js';
import type { Kind } from './situation.js';
import { findStack, type Stack } from './stack.js';

/** An operation to start. */
export interface Launch {
  readonly kind: Kind;
  readonly title: string;
  readonly stack: Pick<Stack, 'id' | 'touchedAt' | 'status'>;
  /** The change set it executes. */
  readonly changeSet?: Pick<ChangeSet, 'id' | 'createdAt'>;
  readonly expected?: ReadonlySet<string>;
  /** Makes the call that starts it, under the token. */
  readonly start: (token: string) => Promise<unknown>;
  /** The change set it executes, where it is this run's own. */
  readonly leftover?: Leftover;
  /** Takes back what was prepared, when the operation could not be started. */
  readonly abandon?: () => Promise<void>;
}

/** What a lost answer leaves behind: the repeated call finds the work done already. */
const AFTERMATH = ['token-used', 'change-set-state', 'no-change-set', 'wrong-state', 'needs-disable-rollback'];
/** For how long the events of an operation may take to show up. */
const SHOWING = 20_000;

/** What the SDK notes about a call that failed; no status where no answer came. */
const metadataOf = (error: unknown): { readonly status: number | undefined; readonly attempts: number } => {
  const cause = error instanceof DeliveryError ? error.cause : error;
  const noted = typeof cause === 'object' && cause !== null && '$metadata' in cause ? cause.$metadata : undefined;
  const { httpStatusCode: status, attempts } = isMapping(noted) ? noted : {};
  return { status: typeof status === 'number' ? status : undefined, attempts: Number(attempts ?? 1) };
};

/** Only an answer that refuses the very first attempt says for certain that nothing began. */
const mayHaveStarted = (error: unknown): boolean => {
  const { status, attempts } = metadataOf(error);
  if (status === undefined || status >= 500) return true;
  return attempts > 1 && AFTERMATH.includes(refusalOf(error) ?? '');
};

/** Did an operation with this token begin, although its call failed? */
const hasBegun = async (context: Context, { stack }: Launch, token: string): Promise<boolean> => {
  const { cloudFormation, waiting } = context;
  const end = waiting.clock.now() + SHOWING;
  const deadline = Math.min(end, waiting.deadline);
  return poll({
    what: 'signs of the operation',
    ...waiting,
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

const abandon = async ({ interruptions, log }: Context, order: Launch): Promise<void> => {
  try {
    await order.abandon?.();
    interruptions.settle();
  } catch (trouble) {
    log.warning(`what was prepared could not be taken back: ${textOf(trouble)}`);
  }
};

/**
 * Starts an operation under a token of its own, known to the post step before it starts. A call whose answer was lost
 * is not repeated when the operation turns out to be under way.
 */
export const launch = async (context: Context, order: Launch): Promise<Operation> => {
  const token = context.tokens.next();
  context.interruptions.expect({ kind: 'operation', stack: order.stack.id, token, leftover: order.leftover });
  try {
    await order.start(token);
  } catch (error) {
    if (!mayHaveStarted(error) || !(await hasBegun(context, order, token))) {
      await abandon(context, order);
      throw error;
    }
    context.log.info('the answer was lost, but the operation is under way');
  }
  return {
    kind: order.kind,
    title: order.title,
    stackId: order.stack.id,
    tokens: [token],
    statusBefore: order.stack.status,
    // The look at the stack may have been out of date, but whatever ran before the change set was made is not this.
    touchedBefore: Math.max(order.stack.touchedAt, order.changeSet?.createdAt ?? 0),
    notBefore: order.stack.touchedAt,
    ...(order.changeSet === undefined ? {} : { changeSetId: order.changeSet.id }),
    expected: order.expected ?? new Set(),
  };
};

/**
 * Waits a little until an operation that is not followed shows in the stack: whoever looks next, in a step with mode
 * wait, must not take the end of an earlier one for its end.
 */
export const untilShown = async (context: Context, operation: Operation): Promise<void> => {
  const { cloudFormation, waiting, journal, log } = context;
  const read = async () => {
    const stack = await findStack(cloudFormation, operation.stackId);
    return isShownBy(stack, operation) ? { state: 'done' as const, value: stack } : { state: 'pending' as const };
  };
  const deadline = Math.min(waiting.clock.now() + SHOWING, waiting.deadline);
  try {
    journal.stack = await poll<Stack | undefined>({ what: 'the operation to show', ...waiting, deadline, read });
  } catch (error) {
    if (error instanceof DeliveryError && error.code === 'cancelled') throw error;
    log.warning(`the operation was started, but the stack does not show it yet: ${textOf(error)}`);
  }
};

/** Follows an operation to its end and keeps it in the journal. */
export const followThrough = async (context: Context, operation: Operation): Promise<OperationEnd> => {
  const { cloudFormation, log, waiting, journal } = context;
  const end = await log.group(operation.title, () => follow(operation, { ...waiting, cloudFormation, log }));
  journal.operations.push(end);
  journal.stack = end.stack;
  return end;
};

/** Starts an operation and follows it to its end. */
export const operate = async (context: Context, order: Launch): Promise<OperationEnd> =>
  followThrough(context, await launch(context, order));
