import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { poll } from '@aws-delivery/aws/poll';
import { CancelUpdateStackCommand, DeleteStackCommand, RollbackStackCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import type { StopPolicy } from '../inputs/request.js';
import { findStack, type Stack } from '../stack/stack.js';
import { getStatusInfo, type StackStatusInfo } from '../stack/stack-state.js';
import type { WaitContext } from '../wait-context.js';
import { readEvents } from './stack-events.js';

export interface StopOptions {
  readonly cloudFormation: CloudFormation;
  readonly waitContext: WaitContext;
  /** ARN. */
  readonly stackId: string;
  /** Of the operation to stop: no other one is touched. */
  readonly token: string;
  readonly policy: StopPolicy;
  readonly roleArn: string | undefined;
}

/** For how long an operation that was about to start may take to show up. */
const START_VISIBILITY_TIMEOUT_MS = 10_000;

type OperationState = 'latest' | 'superseded' | 'not-started';

/** As far back as anybody looks for the beginning of an operation. */
const MAX_EVENTS = 1000;

const readOperationState = async ({ cloudFormation, stackId, token }: StopOptions): Promise<OperationState> => {
  let eventCount = 0;
  for await (const event of readEvents(cloudFormation, stackId, () => eventCount >= MAX_EVENTS)) {
    if (event.token === token) return eventCount === 0 ? 'latest' : 'superseded';
    eventCount += 1;
  }
  return 'not-started';
};

/** Where the operation with this token stands. Waits a little for it to show up; what cannot be read is thrown. */
const waitForOperationState = (options: StopOptions): Promise<OperationState> => {
  const { waitContext } = options;
  const deadline = waitContext.clock.now() + START_VISIBILITY_TIMEOUT_MS;
  const read = async () => {
    const state = await readOperationState(options);
    return state === 'not-started' ? { state: 'pending' as const } : { state: 'done' as const, value: state };
  };
  return poll<OperationState>({ ...waitContext, label: 'the operation to show up', deadline, read }).catch(
    (error: unknown) => {
      // A timeout with a cause is one in which the last reading failed.
      const isAbsent = error instanceof DeliveryError && error.code === 'timeout' && error.cause === undefined;
      if (isAbsent) return 'not-started';
      throw error;
    },
  );
};

type StopAction = 'cancel' | 'delete' | 'roll-back' | 'nothing';

/** What a policy does in a situation, as data: rows are what can be done, columns what is wanted. */
const stopActions: Readonly<
  Record<'cancel' | 'delete' | 'roll-back' | 'no', Readonly<Record<StopPolicy, StopAction>>>
> = {
  cancel: { leave: 'nothing', 'cancel-update': 'cancel', rollback: 'cancel' },
  // A creation has nothing to go back to: rolling it back is deleting it.
  delete: { leave: 'nothing', 'cancel-update': 'nothing', rollback: 'delete' },
  'roll-back': { leave: 'nothing', 'cancel-update': 'nothing', rollback: 'roll-back' },
  no: { leave: 'nothing', 'cancel-update': 'nothing', rollback: 'nothing' },
};

const getStopAction = ({ state: stackState, stopMethod }: StackStatusInfo, policy: StopPolicy): StopAction =>
  stopActions[stackState === 'preserved' ? 'roll-back' : stopMethod][policy];

const applyStopAction = async (
  { cloudFormation, token, roleArn: RoleARN }: StopOptions,
  stack: Stack,
  action: StopAction,
): Promise<string> => {
  const request = { StackName: stack.id, ClientRequestToken: `${token}-stop` };
  switch (action) {
    case 'cancel':
      await cloudFormation.send(new CancelUpdateStackCommand(request));
      return 'its update was cancelled and is being rolled back';
    case 'delete':
      if (stack.hasTerminationProtection) return 'its creation goes on: termination protection forbids to delete it';
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
  const state = await waitForOperationState(options);
  if (state === 'not-started') return undefined;
  if (state === 'superseded') return 'another operation has followed it';
  const stack = await findStack(options.cloudFormation, options.stackId);
  if (stack === undefined) return 'the stack is gone';
  return applyStopAction(options, stack, getStopAction(getStatusInfo(stack.status), options.policy));
};
