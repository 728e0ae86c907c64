import { type StackEvent as AwsEvent, DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';

/** An event of a stack, reduced to the fields in use to save memory: a stack may have thousands of events. */
export interface StackEvent {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** ARN of the stack that the event belongs to. */
  readonly stackId: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  /** The resource's status; empty for a hook's event. */
  readonly status: string;
  readonly reason: string;
  /** Type and message of a failed hook; empty for all other events. */
  readonly hook: string;
  readonly token: string | undefined;
  readonly operationId: string | undefined;
}

const formatHookFailure = ({ HookType, HookStatus, HookStatusReason }: AwsEvent): string =>
  HookStatus === 'HOOK_COMPLETE_FAILED' ? `${HookType}: ${HookStatusReason ?? 'no reason given'}` : '';

const toStackEvent = (event: AwsEvent): StackEvent => ({
  id: event.EventId ?? '',
  at: event.Timestamp?.getTime() ?? 0,
  stackId: event.StackId ?? '',
  logicalId: event.LogicalResourceId ?? '',
  physicalId: event.PhysicalResourceId ?? '',
  type: event.ResourceType ?? '',
  status: event.ResourceStatus ?? '',
  reason: event.ResourceStatusReason ?? '',
  hook: formatHookFailure(event),
  token: event.ClientRequestToken,
  operationId: event.OperationId,
});

/** Whether the event is about the stack itself rather than a resource. */
export const isStackLevelEvent = ({ physicalId, stackId }: StackEvent): boolean => physicalId === stackId;

/** ARN of the nested stack that the event is about; undefined for other resources. */
export const getNestedStackId = (event: StackEvent): string | undefined =>
  event.type === 'AWS::CloudFormation::Stack' && !isStackLevelEvent(event) && event.physicalId.startsWith('arn:')
    ? event.physicalId
    : undefined;

/** A resource that was stopped because of another failure is never a cause (docs/aws-facts.md §1.6). */
export const isCancelled = (reason: string): boolean => /^Resource (?:\w+ )?cancelled\b/iu.test(reason);

export const isFailure = ({ status, reason }: StackEvent): boolean =>
  status.endsWith('_FAILED') && !isCancelled(reason);

/** Events of a stack, newest first, up to the first that `isOld`, exclusive. Pages are fetched on demand. */
export async function* readEvents(
  cloudFormation: CloudFormation,
  stackId: string,
  isOld: (event: StackEvent) => boolean,
): AsyncGenerator<StackEvent> {
  let NextToken: string | undefined;
  do {
    const page = await cloudFormation.send(new DescribeStackEventsCommand({ StackName: stackId, NextToken }));
    for (const event of (page.StackEvents ?? []).map(toStackEvent)) {
      if (isOld(event)) return;
      yield event;
    }
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
}
