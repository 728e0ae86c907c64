import { DeliveryError } from '@aws-delivery/action-kit/error';
import { poll } from '@aws-delivery/action-kit/poll';
import { CancelUpdateStackCommand, DeleteStackCommand, RollbackStackCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from './cloudformation.js';
import { readEvents } from './event.js';
import type { Interruption } from './request.js';
import { factsOf, type StatusFacts } from './situation.js';
import { findStack, type Stack } from './stack.js';
import type { Waiting } from './waiting.js';

export interface StopOptions {
  readonly cloudFormation: CloudFormation;
  readonly waiting: Waiting;
  /** ARN. */
  readonly stackId: string;
  /** Of the operation to stop: no other one is touched. */
  readonly token: string;
  readonly policy: Interruption;
  readonly roleArn: string | undefined;
}

/** For how long an operation that was about to start may take to show up. */
const SHOWING = 10_000;

type Standing = 'latest' | 'superseded' | 'not-begun';

/** As far back as anybody looks for the beginning of an operation. */
const MOST_EVENTS = 1000;

const look = async ({ cloudFormation, stackId, token }: StopOptions): Promise<Standing> => {
  let seen = 0;
  for await (const event of readEvents(cloudFormation, stackId, () => seen >= MOST_EVENTS)) {
    if (event.token === token) return seen === 0 ? 'latest' : 'superseded';
    seen += 1;
  }
  return 'not-begun';
};

/** Where the operation with this token stands. Waits a little for it to show up; what cannot be read is thrown. */
const standingOf = (options: StopOptions): Promise<Standing> => {
  const { waiting } = options;
  const deadline = waiting.clock.now() + SHOWING;
  const read = async () => {
    const standing = await look(options);
    return standing === 'not-begun' ? { state: 'pending' as const } : { state: 'done' as const, value: standing };
  };
  return poll<Standing>({ ...waiting, what: 'the operation to show up', deadline, read }).catch((error: unknown) => {
    // A timeout with a cause is one in which the last reading failed.
    const isAbsent = error instanceof DeliveryError && error.code === 'timeout' && error.cause === undefined;
    if (isAbsent) return 'not-begun';
    throw error;
  });
};

type Means = 'cancel' | 'delete' | 'roll-back' | 'nothing';

/** What a policy does in a situation, as data: rows are what can be done, columns what is wanted. */
const means: Readonly<Record<'cancel' | 'delete' | 'roll-back' | 'no', Readonly<Record<Interruption, Means>>>> = {
  cancel: { leave: 'nothing', 'cancel-update': 'cancel', rollback: 'cancel' },
  // A creation has nothing to go back to: rolling it back is deleting it.
  delete: { leave: 'nothing', 'cancel-update': 'nothing', rollback: 'delete' },
  'roll-back': { leave: 'nothing', 'cancel-update': 'nothing', rollback: 'roll-back' },
  no: { leave: 'nothing', 'cancel-update': 'nothing', rollback: 'nothing' },
};

const meansOf = ({ situation, stop }: StatusFacts, policy: Interruption): Means =>
  means[situation === 'preserved' ? 'roll-back' : stop][policy];

const apply = async (
  { cloudFormation, token, roleArn: RoleARN }: StopOptions,
  stack: Stack,
  by: Means,
): Promise<string> => {
  const request = { StackName: stack.id, ClientRequestToken: `${token}-stop` };
  switch (by) {
    case 'cancel':
      await cloudFormation.send(new CancelUpdateStackCommand(request));
      return 'its update was cancelled and is being rolled back';
    case 'delete':
      if (stack.isProtected) return 'its creation goes on: termination protection forbids to delete it';
      await cloudFormation.send(new DeleteStackCommand({ ...request, RoleARN }));
      return 'its creation was stopped: the stack is being deleted';
    case 'roll-back':
      await cloudFormation.send(new RollbackStackCommand({ ...request, RoleARN }));
      return 'its preserved failure is being rolled back';
    case 'nothing':
      return `it is left as it is (${stack.status}): attach to it with mode wait`;
  }
};

/** Stops an operation as the policy says. Gives back what was done, in words; undefined where it never began. */
export const stopOperation = async (options: StopOptions): Promise<string | undefined> => {
  const standing = await standingOf(options);
  if (standing === 'not-begun') return undefined;
  if (standing === 'superseded') return 'another operation has followed it';
  const stack = await findStack(options.cloudFormation, options.stackId);
  if (stack === undefined) return 'the stack is gone';
  return apply(options, stack, meansOf(factsOf(stack.status), options.policy));
};
