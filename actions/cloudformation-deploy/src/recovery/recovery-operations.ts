import {
  type Capability,
  ContinueUpdateRollbackCommand,
  DeleteStackCommand,
  type DeleteStackCommandInput,
  RollbackStackCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import type { OperationResult } from '../operation/follow-operation.js';
import { runOperation, type StackOperation } from '../operation/start-operation.js';
import type { RunContext } from '../run-context.js';
import type { Stack } from '../stack/stack.js';

/** Rolls a preserved failure back to the last stable state, or deletes a stack that never had one. */
export const createRollbackOperation = ({ request, cloudFormation }: RunContext, stack: Stack): StackOperation => ({
  kind: 'rollback',
  title: 'rollback',
  stack,
  start: (ClientRequestToken) =>
    cloudFormation.send(
      new RollbackStackCommand({ StackName: stack.id, RoleARN: request.roleArn, ClientRequestToken }),
    ),
});

/** Continues a failed rollback. */
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

/** Options for resources that cannot be deleted; allowed only in DELETE_FAILED. */
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

const KNOWN_CAPABILITIES = ['CAPABILITY_IAM', 'CAPABILITY_NAMED_IAM', 'CAPABILITY_AUTO_EXPAND'];
const isCapability = (value: string): value is Capability => KNOWN_CAPABILITIES.includes(value);

/**
 * Retries a preserved failure without changes: previous template, previous parameters, rollback disabled. CloudFormation
 * keeps tags, notification topics and alarms that are left out, but not capabilities (docs/aws-facts.md §1.3).
 */
export const createRetryOperation = (
  { request, cloudFormation }: RunContext,
  stack: Stack,
  number: number,
): StackOperation => ({
  kind: 'change',
  title: `retry ${number} from the point of failure`,
  stack,
  start: (ClientRequestToken) =>
    cloudFormation.send(
      new UpdateStackCommand({
        StackName: stack.id,
        UsePreviousTemplate: true,
        Parameters: [...stack.parameters.keys()].map((ParameterKey) => ({ ParameterKey, UsePreviousValue: true })),
        Capabilities: stack.capabilities.filter(isCapability),
        RoleARN: request.roleArn,
        DisableRollback: true,
        ClientRequestToken,
      }),
    ),
});

export const rollBack = (context: RunContext, stack: Stack): Promise<OperationResult> =>
  runOperation(context, createRollbackOperation(context, stack));

export const deleteStack = (context: RunContext, stack: Stack): Promise<OperationResult> =>
  runOperation(context, createDeleteOperation(context, stack));
