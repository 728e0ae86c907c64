import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { ResourceToImport, RollbackConfiguration } from '@aws-sdk/client-cloudformation';
import type { Inputs } from '../../action.js';
import type { Mode } from '../recovery/recovery-table.js';

/** Options of a change set apart from template, parameters and tags. */
export interface ChangeSetOptions {
  readonly name: string | undefined;
  readonly description: string | undefined;
  readonly includeNestedStacks: boolean;
  readonly failOnEmpty: boolean;
  readonly keepFailedChangeSet: boolean;
  readonly isExpress: boolean;
  readonly revertDrift: boolean;
  readonly earlyValidation: boolean;
  readonly importExistingResources: boolean;
  readonly resourcesToImport: readonly ResourceToImport[];
  readonly retainExceptOnCreate: boolean;
  readonly resourceTypes: readonly string[] | undefined;
  readonly notificationArns: readonly string[] | undefined;
  readonly rollbackConfiguration: RollbackConfiguration | undefined;
  readonly showValues: boolean;
}

const isStringRecord = (value: unknown): value is Record<string, string> =>
  isRecord(value) && Object.values(value).every((entry) => typeof entry === 'string');

const parseResourceToImport = (item: unknown): ResourceToImport => {
  const { ResourceType, LogicalResourceId, ResourceIdentifier } = isRecord(item) ? item : {};
  if (typeof ResourceType === 'string' && typeof LogicalResourceId === 'string' && isStringRecord(ResourceIdentifier)) {
    return { ResourceType, LogicalResourceId, ResourceIdentifier };
  }
  const form = '{ResourceType, LogicalResourceId, ResourceIdentifier}';
  throw new DeliveryError(
    'invalid-input',
    `input 'resources-to-import': '${JSON.stringify(item)}' is not of the form ${form}`,
  );
};

const parseResourcesToImport = (document: unknown): readonly ResourceToImport[] => {
  if (document === undefined) return [];
  if (Array.isArray(document)) return document.map(parseResourceToImport);
  throw new DeliveryError('invalid-input', "input 'resources-to-import' must be a JSON or YAML list");
};

// Limits: docs/aws-facts.md §1.8.
const parseRollbackConfiguration = (inputs: Inputs): RollbackConfiguration | undefined => {
  const [alarms, seconds] = [inputs['rollback-alarms'], inputs['monitoring-time']];
  if (alarms === undefined && seconds === 0) return undefined;
  if (seconds % 60 !== 0 || seconds > 180 * 60) {
    throw new DeliveryError(
      'invalid-input',
      `input 'monitoring-time': '${seconds}s' is not a number of whole minutes up to 3h`,
    );
  }
  const triggers = (alarms ?? []).map((Arn) => ({ Arn, Type: parseAlarmType(Arn) }));
  if (triggers.length > 5) {
    throw new DeliveryError(
      'invalid-input',
      `input 'rollback-alarms' has ${triggers.length} alarms: at most 5 are allowed`,
    );
  }
  return { RollbackTriggers: triggers, MonitoringTimeInMinutes: seconds / 60 };
};

const parseAlarmType = (arn: string): string => {
  if (!/^arn:[^:]+:cloudwatch:[^:]*:\d*:alarm:./u.test(arn)) {
    throw new DeliveryError('invalid-input', `input 'rollback-alarms': '${arn}' is not the ARN of a CloudWatch alarm`);
  }
  return 'AWS::CloudWatch::Alarm';
};

/** Nested stacks are included whenever `protect` has to check them. */
export const parseChangeSetOptions = (inputs: Inputs, mode: Mode): ChangeSetOptions => ({
  name: inputs['change-set-name'],
  description: inputs['change-set-description'],
  includeNestedStacks:
    inputs.protect.some((value) => value !== 'none') || (inputs['include-nested-stacks'] ?? mode === 'preview'),
  failOnEmpty: inputs['fail-on-empty'],
  keepFailedChangeSet: inputs['keep-failed-change-set'],
  isExpress: inputs['deployment-mode'] === 'EXPRESS',
  revertDrift: inputs['deployment-mode'] === 'REVERT_DRIFT',
  earlyValidation: inputs['early-validation'],
  importExistingResources: inputs['import-existing-resources'],
  resourcesToImport: parseResourcesToImport(inputs['resources-to-import']),
  retainExceptOnCreate: inputs['retain-except-on-create'],
  resourceTypes: inputs['resource-types'],
  notificationArns: inputs['notification-arns'],
  rollbackConfiguration: parseRollbackConfiguration(inputs),
  showValues: inputs['show-values'],
});
