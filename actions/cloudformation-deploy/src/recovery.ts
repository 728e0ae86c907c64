import {
  ContinueUpdateRollbackCommand,
  DeleteStackCommand,
  type DeleteStackCommandInput,
  RollbackStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { Context } from './context.js';
import { type Launch, operate } from './launch.js';
import type { OperationEnd } from './operation.js';
import type { Stack } from './stack.js';

/** Takes a preserved failure back to the last stable state; a stack without one is deleted by it. */
export const rollBackOrder = ({ request, cloudFormation }: Context, stack: Stack): Launch => ({
  kind: 'rollback',
  title: 'rollback',
  stack,
  start: (ClientRequestToken) =>
    cloudFormation.send(
      new RollbackStackCommand({ StackName: stack.id, RoleARN: request.roleArn, ClientRequestToken }),
    ),
});

/** Continues a rollback that got stuck. */
export const continueRollbackOrder = ({ request, cloudFormation }: Context, stack: Stack): Launch => ({
  kind: 'rollback',
  title: 'continued rollback',
  stack,
  start: (ClientRequestToken) =>
    cloudFormation.send(
      new ContinueUpdateRollbackCommand({
        StackName: stack.id,
        RoleARN: request.roleArn,
        ClientRequestToken,
        ...(request.skipped.length > 0 ? { ResourcesToSkip: [...request.skipped] } : {}),
        ...(request.isForced ? { ForceRollback: true } : {}),
      }),
    ),
});

/** What a deletion may leave behind; legal only where an earlier one failed. */
export type Leftovers = Pick<DeleteStackCommandInput, 'RetainResources' | 'DeletionMode'>;

export const deleteOrder = ({ request, cloudFormation }: Context, stack: Stack, leftovers: Leftovers = {}): Launch => ({
  kind: 'delete',
  title: 'deletion',
  stack,
  start: (ClientRequestToken) =>
    cloudFormation.send(
      new DeleteStackCommand({ StackName: stack.id, RoleARN: request.roleArn, ClientRequestToken, ...leftovers }),
    ),
});

export const rollBack = (context: Context, stack: Stack): Promise<OperationEnd> =>
  operate(context, rollBackOrder(context, stack));

export const deleteStack = (context: Context, stack: Stack): Promise<OperationEnd> =>
  operate(context, deleteOrder(context, stack));
