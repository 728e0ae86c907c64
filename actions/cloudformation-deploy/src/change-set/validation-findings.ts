import {
  DescribeEventsCommand,
  GetHookResultCommand,
  type GetHookResultCommandOutput,
  type HookResultSummary,
  ListHookResultsCommand,
  type ListHookResultsCommandOutput,
  type OperationEvent,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';

/** Why a change set was not made: what a validation or a hook found. */
export interface Finding {
  readonly logicalId: string;
  /** `NAME_CONFLICT_VALIDATION`, or the hook's type. */
  readonly name: string;
  /** Path in the template, such as `Resources`, `Queue`, `Properties`, `QueueName`; empty where there is none. */
  readonly path: readonly string[];
  readonly reason: string;
  readonly isWarning: boolean;
}

/** One line for people. */
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
  isWarning: (event.ValidationFailureMode ?? event.HookFailureMode) === 'WARN',
});

/** Nothing where the permission is missing: the change set's own reason is all there is then. */
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

/** The logical id of the resource a hook looked at; empty where it looked at the stack or the change set. */
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
  return { logicalId, name, path, reason, isWarning: summary.FailureMode === 'WARN' };
};

/** A hook that objects, and one that breaks down. */
const FAILED_HOOK_STATUSES = ['HOOK_COMPLETE_FAILED', 'HOOK_FAILED'];

const fetchHookFindings = async (cloudFormation: CloudFormation, TargetId: string): Promise<readonly Finding[]> => {
  const failed: HookResultSummary[] = [];
  let NextToken: string | undefined;
  do {
    const page: ListHookResultsCommandOutput = await cloudFormation.send(
      new ListHookResultsCommand({ TargetType: 'CHANGE_SET', TargetId, NextToken }),
    );
    failed.push(...(page.HookResults ?? []).filter(({ Status: status = '' }) => FAILED_HOOK_STATUSES.includes(status)));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return Promise.all(failed.map((summary) => fetchHookFinding(cloudFormation, summary)));
};

/** What validations and hooks found in a change set. Hooks' own results say more than the events about them. */
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
