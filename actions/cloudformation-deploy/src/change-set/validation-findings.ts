import { paginate } from '@aws-delivery/aws/pagination';
import {
  DescribeEventsCommand,
  GetHookResultCommand,
  type GetHookResultCommandOutput,
  type HookResultSummary,
  ListHookResultsCommand,
  type OperationEvent,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';

/** A finding of a validation or a hook, for which a change set failed. */
export interface Finding {
  readonly logicalId: string;
  /** `NAME_CONFLICT_VALIDATION`, or the hook's type. */
  readonly name: string;
  /** Path in the template, such as `Resources`, `Queue`, `Properties`, `QueueName`; empty if unknown. */
  readonly path: readonly string[];
  readonly reason: string;
  readonly warnOnly: boolean;
}

/** One line with path, name and reason. */
export const formatFinding = ({ logicalId, path, name, reason }: Finding): string =>
  [path.length > 0 ? path.join('.') : logicalId, name, reason].filter((part) => part !== '').join(': ');

const getTemplatePath = ({ ValidationPath, LogicalResourceId }: OperationEvent): readonly string[] => {
  if (ValidationPath !== undefined) return ValidationPath.split('/').filter((step) => step !== '');
  return LogicalResourceId === undefined ? [] : ['Resources', LogicalResourceId];
};

const toFinding = (event: OperationEvent): Finding => ({
  logicalId: event.LogicalResourceId ?? '',
  name: event.ValidationName ?? event.HookType ?? '',
  path: getTemplatePath(event),
  reason: event.ValidationStatusReason ?? event.HookStatusReason ?? event.ResourceStatusReason ?? '',
  warnOnly: (event.ValidationFailureMode ?? event.HookFailureMode) === 'WARN',
});

/** Without the permission there are no findings; the reason of the change set is reported instead. */
const skipOnError = <T>(request: Promise<readonly T[]>): Promise<readonly T[]> => request.catch(() => []);

const fetchValidationFindings = async (
  cloudFormation: CloudFormation,
  changeSetId: string,
): Promise<readonly Finding[]> => {
  const { OperationEvents = [] } = await cloudFormation.send(
    new DescribeEventsCommand({ ChangeSetName: changeSetId, Filters: { FailedEvents: true } }),
  );
  return OperationEvents.filter(
    ({ ValidationStatus, HookStatus }) => (ValidationStatus ?? HookStatus) !== undefined,
  ).map(toFinding);
};

/** The logical id of a hook's target; empty if the target is the stack or the change set. */
const getHookResource = ({ Target: target }: GetHookResultCommandOutput): string =>
  target?.TargetType === 'RESOURCE' ? (target.TargetId?.split('/').at(-1) ?? '') : '';

const fetchHookFinding = async (cloudFormation: CloudFormation, summary: HookResultSummary): Promise<Finding> => {
  const { HookResultId, TypeName: name = 'hook', HookStatusReason = '' } = summary;
  const details = await cloudFormation.send(new GetHookResultCommand({ HookResultId }));
  const annotations = (details.Annotations ?? [])
    .filter(({ Status }) => Status === 'FAILED')
    .map(({ AnnotationName, StatusMessage, RemediationMessage }) =>
      [AnnotationName, StatusMessage, RemediationMessage].filter((part) => part !== undefined).join(': '),
    );
  const reason = [HookStatusReason, ...annotations].filter((part) => part !== '').join('; ');
  const logicalId = getHookResource(details);
  const path = logicalId === '' ? [] : ['Resources', logicalId];
  return { logicalId, name, path, reason, warnOnly: summary.FailureMode === 'WARN' };
};

/** A hook that rejected the change set, and one that failed itself. */
const FAILED_HOOK_STATUSES = ['HOOK_COMPLETE_FAILED', 'HOOK_FAILED'];

const fetchHookFindings = async (cloudFormation: CloudFormation, TargetId: string): Promise<readonly Finding[]> => {
  const summaries = await paginate(async (NextToken) => {
    const page = await cloudFormation.send(
      new ListHookResultsCommand({ TargetType: 'CHANGE_SET', TargetId, NextToken }),
    );
    return { items: page.HookResults ?? [], next: page.NextToken };
  });
  const failed = summaries.filter(({ Status: status = '' }) => FAILED_HOOK_STATUSES.includes(status));
  return Promise.all(failed.map((summary) => fetchHookFinding(cloudFormation, summary)));
};

/** Findings of validations and hooks in a change set. A hook's result replaces its event, which has fewer details. */
export const fetchFindings = async (
  cloudFormation: CloudFormation,
  changeSetId: string,
): Promise<readonly Finding[]> => {
  const [validations, hooks] = await Promise.all([
    skipOnError(fetchValidationFindings(cloudFormation, changeSetId)),
    skipOnError(fetchHookFindings(cloudFormation, changeSetId)),
  ]);
  const hookNames = new Set(hooks.map(({ name }) => name));
  return [...hooks, ...validations.filter(({ name }) => !hookNames.has(name))];
};
