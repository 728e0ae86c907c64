import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { tryParseArn } from '@aws-delivery/aws/arn';
import { getConsoleUrl } from '@aws-delivery/aws/region';
import { type Stack as AwsStack, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import { classifyServiceError } from '../service-error.js';
import { isStatus, type Status } from './stack-state.js';

export interface StackOutput {
  readonly key: string;
  readonly value: string;
  readonly description: string | undefined;
}

/** A stack at the time it was read. */
export interface Stack {
  /** ARN. It finds the stack even after its deletion; the name then finds none, or a new stack. */
  readonly id: string;
  readonly name: string;
  readonly status: Status;
  readonly reason: string | undefined;
  readonly outputs: readonly StackOutput[];
  /** Values by name; `****` for NoEcho parameters. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly tags: Readonly<Record<string, string>>;
  readonly notificationArns: readonly string[];
  readonly capabilities: readonly string[];
  readonly hasTerminationProtection: boolean;
  /** The last operation had the EXPRESS mode, after which neither a retry nor RollbackStack is allowed. */
  readonly isExpress: boolean;
  /** ARN of the change set executed last. */
  readonly changeSetId: string | undefined;
  /** Latest of the stack's own timestamps, in milliseconds since the epoch. */
  readonly touchedAt: number;
  /** Ids of the latest operations, newest first. */
  readonly operationIds: readonly string[];
}

const toOutputs = (stack: AwsStack): readonly StackOutput[] =>
  (stack.Outputs ?? []).flatMap(({ OutputKey: key, OutputValue: value, Description: description }) =>
    key === undefined ? [] : [{ key, value: value ?? '', description }],
  );

const toParameters = (stack: AwsStack): ReadonlyMap<string, string> =>
  new Map(
    (stack.Parameters ?? []).flatMap(({ ParameterKey: key, ParameterValue: value }) =>
      key === undefined ? [] : [[key, value ?? ''] as const],
    ),
  );

const toStack = (stack: AwsStack): Stack => {
  const { StackId: id, StackStatus: status, StackName: name = '' } = stack;
  if (id === undefined || !isStatus(status)) {
    throw new DeliveryError('unexpected', `stack ${name} has the unknown status '${status}': update the action`);
  }
  const timestamps = [stack.CreationTime, stack.LastUpdatedTime, stack.DeletionTime].map(
    (date) => date?.getTime() ?? 0,
  );
  return {
    id,
    name,
    status,
    reason: stack.StackStatusReason,
    outputs: toOutputs(stack),
    parameters: toParameters(stack),
    tags: Object.fromEntries((stack.Tags ?? []).map(({ Key: key = '', Value: value = '' }) => [key, value])),
    notificationArns: stack.NotificationARNs ?? [],
    capabilities: stack.Capabilities ?? [],
    hasTerminationProtection: stack.EnableTerminationProtection ?? false,
    isExpress: stack.DeploymentConfig?.Mode === 'EXPRESS',
    changeSetId: stack.ChangeSetId,
    touchedAt: Math.max(...timestamps),
    operationIds: (stack.LastOperations ?? []).flatMap(({ OperationId }) => OperationId ?? []),
  };
};

/** Reads a stack by name or ARN; undefined if it does not exist. */
export const findStack = async (cloudFormation: CloudFormation, nameOrId: string): Promise<Stack | undefined> => {
  try {
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: nameOrId }));
    return stack === undefined ? undefined : toStack(stack);
  } catch (error) {
    if (classifyServiceError(error) === 'no-stack') return undefined;
    throw error;
  }
};

/** Values of outputs by name; undefined for a stack that does not exist. */
export const getOutputs = (stack: Stack | undefined): ReadonlyMap<string, string> | undefined =>
  stack === undefined ? undefined : new Map(stack.outputs.map(({ key, value }) => [key, value]));

/** URL of the stack's events; undefined in partitions without a public console. */
export const getStackConsoleUrl = (stackId: string): string | undefined => {
  const region = tryParseArn(stackId)?.region ?? '';
  const path = `/cloudformation/home?region=${region}#/stacks/events?stackId=${encodeURIComponent(stackId)}`;
  return getConsoleUrl(region, path);
};
