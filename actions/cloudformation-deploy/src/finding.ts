import { DescribeEventsCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from './cloudformation.js';

/** Why a change set was not made: what a validation or a hook found. */
export interface Finding {
  readonly logicalId: string;
  readonly type: string;
  /** `NAME_CONFLICT_VALIDATION`, or the hook's type. */
  readonly name: string;
  /** Path of the property, such as `/Resources/Queue/Properties/QueueName`; empty where there is none. */
  readonly path: string;
  readonly reason: string;
  readonly isWarning: boolean;
}

/** One line for people. */
export const findingText = ({ logicalId, path, name, reason }: Finding): string =>
  [logicalId || path, name, reason].filter((part) => part !== '').join(': ');

/**
 * Findings of validations and hooks on a change set. Only DescribeEvents tells them: without the permission, the
 * change set's own reason is all there is.
 */
export const findingsOf = async (cloudFormation: CloudFormation, changeSetId: string): Promise<readonly Finding[]> => {
  try {
    const { OperationEvents = [] } = await cloudFormation.send(
      new DescribeEventsCommand({ ChangeSetName: changeSetId, Filters: { FailedEvents: true } }),
    );
    return OperationEvents.filter(
      ({ ValidationStatus, HookStatus }) => (ValidationStatus ?? HookStatus) !== undefined,
    ).map((event) => ({
      logicalId: event.LogicalResourceId ?? '',
      type: event.ResourceType ?? '',
      name: event.ValidationName ?? event.HookType ?? '',
      path: event.ValidationPath ?? '',
      reason: event.ValidationStatusReason ?? event.HookStatusReason ?? event.ResourceStatusReason ?? '',
      isWarning: (event.ValidationFailureMode ?? event.HookFailureMode) === 'WARN',
    }));
  } catch {
    return [];
  }
};
