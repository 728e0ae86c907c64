import { cancellationOf } from '@aws-delivery/action-kit/cancel';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Context } from './context.js';
import type { Ending } from './result.js';
import { findStack } from './stack.js';
import { stopOperation } from './stop.js';

/** After the deadline, a little time is left to carry out what is to happen at the deadline. */
const GRACE = 30_000;

/** What the action does about an operation that it could not follow to its end. */
const stopAfterTimeout = async (context: Context, error: DeliveryError): Promise<DeliveryError> => {
  const { cloudFormation, interruptions, request, waiting, log } = context;
  const { unfinished } = interruptions;
  if (unfinished?.kind !== 'operation') return error;
  const { stack: stackId, token } = unfinished;
  const late = { ...waiting, deadline: waiting.clock.now() + GRACE };
  const options = {
    cloudFormation,
    waiting: late,
    stackId,
    token,
    policy: request.onTimeout,
    roleArn: request.roleArn,
  };
  const done = await stopOperation(options).catch((trouble: unknown) => `stopping it failed: ${textOf(trouble)}`);
  if (done === undefined) return error;
  log.info(done);
  return new DeliveryError('timeout', `${error.message}; ${done}`, { cause: error });
};

/** What is known of an operation when nobody is let in any more to look at it. */
const withoutSession = ({ interruptions }: Context, error: DeliveryError): DeliveryError => {
  if (interruptions.unfinished?.kind !== 'operation') return error;
  const remedy = 'the operation goes on all the same: get new credentials, for longer, and attach to it with mode wait';
  return new DeliveryError('expired', `${error.message}; ${remedy}`, { cause: error });
};

const tell = async (context: Context, error: unknown): Promise<unknown> => {
  if (!(error instanceof DeliveryError)) return error;
  if (error.code === 'timeout') return stopAfterTimeout(context, error);
  return error.code === 'expired' ? withoutSession(context, error) : error;
};

/** Ends a run that was stopped by an error, a timeout or a cancel. What it leaves unfinished the post step cleans up. */
export const giveUp = async (context: Context, error: unknown): Promise<Ending> => {
  const { interruptions, journal, cloudFormation, request, waiting } = context;
  // After a cancel there is no time left: the post step does what on-cancel says.
  if (waiting.signal.aborted) return { kind: 'interrupted', error: cancellationOf(waiting.signal) };
  const told = await tell(context, error);
  if (interruptions.unfinished?.kind === 'operation') interruptions.settle();
  const name = journal.stack?.id ?? request.stack;
  journal.stack = await findStack(cloudFormation, name).catch(() => journal.stack);
  return { kind: 'interrupted', error: told };
};
