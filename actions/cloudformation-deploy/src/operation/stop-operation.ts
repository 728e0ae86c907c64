import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { poll } from '@aws-delivery/aws/poll';
import { CancelUpdateStackCommand, DeleteStackCommand, RollbackStackCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import type { StopPolicy } from '../inputs/request.js';
import { findStack, type Stack } from '../stack/stack.js';
import { getStatusInfo, isTerminal, type StackStatusInfo } from '../stack/stack-state.js';
import type { WaitContext } from '../wait-context.js';
import { readEvents } from './stack-events.js';

export interface StopOptions {
  readonly cloudFormation: CloudFormation;
  readonly waitContext: WaitContext;
  /** ARN. */
  readonly stackId: string;
  /** Client request token of the operation to stop. Other operations are never stopped. */
  readonly token: string;
  readonly policy: StopPolicy;
  readonly roleArn: string | undefined;
}

/** Time until the events of an operation that may have started are visible. */
const START_VISIBILITY_TIMEOUT_MS = 10_000;

type OperationState = 'latest' | 'superseded' | 'not-started';

/** Limit of the events that are searched for the start of the operation. */
const MAX_EVENTS = 1000;

const readOperationState = async ({ cloudFormation, stackId, token }: StopOptions): Promise<OperationState> => {
  let eventCount = 0;
  for await (const event of readEvents(cloudFormation, stackId, () => eventCount >= MAX_EVENTS)) {
    if (event.token === token) return eventCount === 0 ? 'latest' : 'superseded';
    eventCount += 1;
  }
  return 'not-started';
};

/**
 * Waits until the events show the operation; `not-started` if they do not.
 * @throws DeliveryError if the events cannot be read
 */
const waitForOperationState = (options: StopOptions): Promise<OperationState> => {
  const { waitContext } = options;
  const deadline = Math.min(waitContext.clock.now() + START_VISIBILITY_TIMEOUT_MS, waitContext.deadline);
  const read = async () => {
    const state = await readOperationState(options);
    return state === 'not-started' ? { state: 'pending' as const } : { state: 'done' as const, value: state };
  };
  return poll<OperationState>({ ...waitContext, label: 'the first event of the operation', deadline, read }).catch(
    (error: unknown) => {
      // The timeout has a cause if the last read failed.
      const isAbsent = error instanceof DeliveryError && error.code === 'timeout' && error.cause === undefined;
      if (isAbsent) return 'not-started';
      throw error;
    },
  );
};

type StopAction = 'cancel' | 'delete' | 'roll-back' | 'nothing';

/** The action for each way to stop (rows) and policy (columns). */
const stopActions: Readonly<
  Record<'cancel' | 'delete' | 'roll-back' | 'no', Readonly<Record<StopPolicy, StopAction>>>
> = {
  cancel: { leave: 'nothing', 'cancel-update': 'cancel', rollback: 'cancel' },
  // A creation has no earlier state: it is rolled back by deleting the stack.
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
      return 'the update was cancelled and is being rolled back';
    case 'delete':
      if (stack.hasTerminationProtection)
        return 'the creation continues because termination protection prevents the deletion of the stack';
      await cloudFormation.send(new DeleteStackCommand({ ...request, RoleARN }));
      return 'the creation was stopped and the stack is being deleted';
    case 'roll-back':
      await cloudFormation.send(new RollbackStackCommand({ ...request, RoleARN }));
      return 'the preserved failure is being rolled back';
    case 'nothing':
      return isTerminal(stack.status)
        ? `the operation has ended (${stack.status})`
        : `the operation continues (${stack.status}). Use mode: wait to wait for it`;
  }
};

/** Applies the policy to an operation. Returns the action in words; undefined if the operation has not started. */
export const stopOperation = async (options: StopOptions): Promise<string | undefined> => {
  const state = await waitForOperationState(options);
  if (state === 'not-started') return undefined;
  if (state === 'superseded') return 'another operation has started on the stack';
  const stack = await findStack(options.cloudFormation, options.stackId);
  if (stack === undefined) return 'the stack does not exist';
  return applyStopAction(options, stack, getStopAction(getStatusInfo(stack.status), options.policy));
};
