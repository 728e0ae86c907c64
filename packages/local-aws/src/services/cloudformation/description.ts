import type { Document } from '../../call.js';
import type { Deployed, ResourceFact } from './stack.js';
import type { Found } from './store.js';

const time = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at));

/** Parameters as Describe operations show them; NoEcho values as `****`. */
export const describeParameters = ({ blueprint: { template, parameters } }: Deployed): readonly Document[] =>
  [...template.parameters.values()].map(({ name, noEcho }) => ({
    ParameterKey: name,
    ParameterValue: noEcho ? '****' : parameters.get(name),
  }));

/** A stack as DescribeStacks and ListStacks show it, each with the members it has. */
export const describeStack = ({ stack, fact }: Found, at: number): Document => {
  const { deployed } = fact;
  const { id, name, createdAt, parent } = stack.identity;
  return {
    ParentId: parent?.identity.id,
    RootId: parent?.root.identity.id,
    StackId: id,
    StackName: name,
    ChangeSetId: fact.changeSetId,
    Description: deployed.blueprint.template.description,
    TemplateDescription: deployed.blueprint.template.description,
    Parameters: describeParameters(deployed),
    CreationTime: time(createdAt),
    DeletionTime: time(fact.deletedAt),
    LastUpdatedTime: time(fact.updatedAt),
    RollbackConfiguration: deployed.rollbackConfiguration ?? {},
    StackStatus: fact.status,
    StackStatusReason: fact.reason,
    DisableRollback: fact.disableRollback,
    DeploymentConfig: fact.mode === 'EXPRESS' ? { Mode: fact.mode, DisableRollback: fact.disableRollback } : undefined,
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
    EnableTerminationProtection: stack.root.protection.latest(at)?.fact ?? false,
    DriftInformation: stack.drift.latest(at)?.fact ?? { StackDriftStatus: 'NOT_CHECKED' },
    RetainExceptOnCreate: fact.retainExceptOnCreate,
    LastOperations: fact.operations
      .slice(0, 2)
      .map(({ id: OperationId, type: OperationType }) => ({ OperationId, OperationType })),
  };
};

/** A resource, with the members that all answers about it share. */
export const describeResource = ({ at, fact }: { readonly at: number; readonly fact: ResourceFact }): Document => ({
  LogicalResourceId: fact.logicalId,
  PhysicalResourceId: fact.version?.physicalId,
  ResourceType: fact.type,
  ResourceStatus: fact.status,
  ResourceStatusReason: fact.reason,
  Timestamp: time(at),
  LastUpdatedTimestamp: time(at),
  DriftInformation: { StackResourceDriftStatus: 'NOT_CHECKED' },
});
