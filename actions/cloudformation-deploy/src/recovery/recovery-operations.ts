import {
  ContinueUpdateRollbackCommand,
  DeleteStackCommand,
  type DeleteStackCommandInput,
  RollbackStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { RunContext } from '../context.js';
import type { OperationResult } from '../operation/follow-operation.js';
import { runOperation, type StackOperation } from '../operation/start-operation.js';
import type { Stack } from '../stack/stack.js';

/** Takes a preserved failure back to the last stable state; a stack without one is deleted by it. */
export const createRollbackOperation = ({ request, cloudFormation }: RunContext, stack: Stack): StackOperation => ({
  kind: 'rollback',
  title: 'rollback',
  stack,
  start: (ClientRequestToken) =>
    cloudFormation.send(
      new RollbackStackCommand({ StackName: stack.id, RoleARN: request.roleArn, ClientRequestToken }),
    ),
});

/** Continues a rollback that got stuck. */
export const createContinueRollbackOperation = (
  { request, cloudFormation }: RunContext,
  stack: Stack,
): StackOperation => ({
  kind: 'rollback',
  title: 'continued rollback',
  stack,
  start: (ClientRequestToken) =>
    cloudFormation.send(
      new ContinueUpdateRollbackCommand({
        StackName: stack.id,
        RoleARN: request.roleArn,
        ClientRequestToken,
        ...(request.resourcesToSkip.length > 0 ? { ResourcesToSkip: [...request.resourcesToSkip] } : {}),
        ...(request.forceRollback ? { ForceRollback: true } : {}),
      }),
    ),
});

/** What a deletion may leave behind; legal only where an earlier one failed. */
export type RetainOptions = Pick<DeleteStackCommandInput, 'RetainResources' | 'DeletionMode'>;

export const createDeleteOperation = (
  { request, cloudFormation }: RunContext,
  stack: Stack,
  retainOptions: RetainOptions = {},
): StackOperation => ({
  kind: 'delete',
  title: 'deletion',
  stack,
  start: (ClientRequestToken) =>
    cloudFormation.send(
      new DeleteStackCommand({ StackName: stack.id, RoleARN: request.roleArn, ClientRequestToken, ...retainOptions }),
    ),
});

export const rollBack = (context: RunContext, stack: Stack): Promise<OperationResult> =>
  runOperation(context, createRollbackOperation(context, stack));

export const deleteStack = (context: RunContext, stack: Stack): Promise<OperationResult> =>
  runOperation(context, createDeleteOperation(context, stack));
