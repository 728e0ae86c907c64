import type { Document } from '../../../api-call.js';
import type { StackSetScenario } from '../scenario.js';
import {
  getInstanceStatus,
  getOperationEnd,
  getOperationStatus,
  getResultStatus,
  type Instance,
  type Operation,
  type StackSet,
} from './stack-set.js';
import { type Cell, getCellKey } from './stack-set-schedule.js';

export const describeStackSet = (stackSet: StackSet, at: number): Document => {
  const { name, id, arn, fields, unitTargets } = stackSet;
  const isSelfManaged = fields.permissionModel === 'SELF_MANAGED';
  const account = arn.split(':')[4] ?? '';
  return {
    ...{ StackSetName: name, StackSetId: id, StackSetARN: arn, Status: 'ACTIVE' },
    Description: fields.Description,
    TemplateBody: fields.template,
    Parameters: [...fields.parameters].map(([ParameterKey, value]) => ({
      ParameterKey,
      ParameterValue: fields.secretNames.has(ParameterKey) ? '****' : value,
    })),
    Capabilities: fields.Capabilities ?? [],
    Tags: fields.Tags ?? [],
    // AWS fills in the default roles of self-managed sets.
    AdministrationRoleARN:
      fields.administrationRoleArn ??
      (isSelfManaged ? `arn:aws:iam::${account}:role/AWSCloudFormationStackSetAdministrationRole` : undefined),
    ExecutionRoleName:
      fields.executionRoleName ?? (isSelfManaged ? 'AWSCloudFormationStackSetExecutionRole' : undefined),
    AutoDeployment: fields.autoDeployment,
    PermissionModel: fields.permissionModel,
    OrganizationalUnitIds: [...unitTargets.keys()],
    ManagedExecution: { Active: fields.managedExecution },
    Regions: [...new Set(stackSet.listInstances(at).map(({ region }) => region))],
  };
};

export const describeOperation = (operation: Operation, at: number): Document => {
  const end = getOperationEnd(operation);
  const failed = operation.cells.filter((cell) => getResultStatus(cell, at) === 'FAILED').length;
  return {
    OperationId: operation.id,
    Action: operation.action,
    Status: getOperationStatus(operation, at),
    CreationTimestamp: new Date(operation.createdAt),
    EndTimestamp: at < end ? undefined : new Date(end),
    StatusDetails: { FailedStackInstancesCount: failed },
  };
};

export const describeResult = (cell: Cell, at: number): Document => ({
  Account: cell.account,
  Region: cell.region,
  OrganizationalUnitId: cell.organizationalUnit,
  Status: getResultStatus(cell, at),
  StatusReason: at >= cell.end ? cell.reason : undefined,
  AccountGateResult: at >= cell.end ? { Status: cell.gate } : undefined,
});

export interface InstanceContext {
  readonly stackSetId: string;
  readonly scenario: StackSetScenario;
  readonly at: number;
}

const getDriftStatus = (instance: Instance, { scenario, at }: InstanceContext): string => {
  const detection = instance.history.findLast(({ operation }) => operation.action === 'DETECT_DRIFT');
  if (detection === undefined || at < detection.cell.end) return 'NOT_CHECKED';
  return scenario.drifted.includes(getCellKey(instance)) ? 'DRIFTED' : 'IN_SYNC';
};

export const describeInstance = (instance: Instance, context: InstanceContext): Document => {
  const { status, detailed, reason } = getInstanceStatus(instance, context.at);
  const isInoperable = context.scenario.inoperable.includes(getCellKey(instance));
  return {
    StackSetId: context.stackSetId,
    Account: instance.account,
    Region: instance.region,
    StackId: instance.stackId,
    OrganizationalUnitId: instance.organizationalUnit,
    ParameterOverrides: instance.overrides,
    Status: isInoperable ? 'INOPERABLE' : status,
    StackInstanceStatus: { DetailedStatus: isInoperable ? 'INOPERABLE' : detailed },
    StatusReason: reason,
    DriftStatus: getDriftStatus(instance, context),
    LastOperationId: instance.history.at(-1)?.operation.id,
  };
};
