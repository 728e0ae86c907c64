import type { Document } from '../../../api-call.js';
import type { DeployedStack, ResourceSnapshot } from './stack.js';
import type { StackView } from './stack-store.js';

const toDate = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at));

/** Parameters in the format of Describe operations; NoEcho values are `****`. */
export const describeParameters = ({
  resolvedTemplate: { template, parameters, pseudoParameters },
}: DeployedStack): readonly Document[] =>
  [...template.parameters.values()].map(({ name, noEcho }) => ({
    ParameterKey: name,
    ParameterValue: noEcho ? '****' : parameters.get(name),
    ResolvedValue: noEcho ? undefined : pseudoParameters.ssmValues.get(name),
  }));

/** A stack with the members of DescribeStacks and ListStacks; the codec drops those that an operation does not have. */
export const describeStack = ({ stack, snapshot }: StackView, at: number): Document => {
  const { deployed } = snapshot;
  const { id, name, createdAt, parent } = stack.identity;
  return {
    ParentId: parent?.identity.id,
    RootId: parent?.root.identity.id,
    StackId: id,
    StackName: name,
    ChangeSetId: snapshot.changeSetId,
    Description: deployed.resolvedTemplate.template.description,
    TemplateDescription: deployed.resolvedTemplate.template.description,
    Parameters: describeParameters(deployed),
    CreationTime: toDate(createdAt),
    DeletionTime: toDate(snapshot.deletedAt),
    LastUpdatedTime: toDate(snapshot.updatedAt),
    RollbackConfiguration: deployed.rollbackConfiguration ?? {},
    StackStatus: snapshot.status,
    StackStatusReason: snapshot.reason,
    DisableRollback: snapshot.disableRollback,
    DeploymentConfig:
      snapshot.mode === 'EXPRESS' ? { Mode: snapshot.mode, DisableRollback: snapshot.disableRollback } : undefined,
    NotificationARNs: deployed.notificationArns,
    Capabilities: deployed.capabilities,
    Outputs: deployed.outputs.map(({ key, value, description, exportName }) => ({
      OutputKey: key,
      OutputValue: value,
      Description: description,
      ExportName: exportName,
    })),
    RoleARN: deployed.roleArn,
    Tags: deployed.tags,
    EnableTerminationProtection: stack.root.protection.findLatest(at)?.value ?? false,
    DriftInformation: stack.drift.findLatest(at)?.value ?? { StackDriftStatus: 'NOT_CHECKED' },
    RetainExceptOnCreate: snapshot.retainExceptOnCreate,
    LastOperations: snapshot.operations
      .slice(0, 2)
      .map(({ id: OperationId, type: OperationType }) => ({ OperationId, OperationType })),
  };
};

/** The members that all responses about a resource share. */
export const describeResource = ({
  at,
  value: snapshot,
}: {
  readonly at: number;
  readonly value: ResourceSnapshot;
}): Document => ({
  LogicalResourceId: snapshot.logicalId,
  PhysicalResourceId: snapshot.version?.physicalId,
  ResourceType: snapshot.type,
  ResourceStatus: snapshot.status,
  ResourceStatusReason: snapshot.reason,
  Timestamp: toDate(at),
  LastUpdatedTimestamp: toDate(at),
  DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
});
