import type { Document } from '../../call.js';
import type { Deployed, ResourceFact, Stack, StackFact } from './stack.js';

const time = (at: number | undefined): Date | undefined => (at === undefined ? undefined : new Date(at));

/** Parameters as Describe operations show them; NoEcho values as `****`. */
export const describeParameters = ({ template, parameters }: Deployed): readonly Document[] =>
  [...template.parameters.values()].map(({ name, noEcho }) => ({
    ParameterKey: name,
    ParameterValue: noEcho ? '****' : parameters.get(name),
  }));

const driftOf = (stack: Stack, at: number): Document =>
  stack.drift.latest(at)?.fact ?? { StackDriftStatus: 'NOT_CHECKED' };

const familyOf = (stack: Stack): Document => {
  const { parent } = stack.identity;
  return parent === undefined ? {} : { ParentId: parent.identity.id, RootId: stack.root.identity.id };
};

const operationsOf = ({ operations }: StackFact): readonly Document[] =>
  operations.slice(0, 2).map(({ id, type }) => ({ OperationId: id, OperationType: type }));

/** A stack as DescribeStacks shows it. */
export const describeStack = (stack: Stack, fact: StackFact, at: number): Document => {
  const { deployed } = fact;
  const { id, name, createdAt } = stack.identity;
  return {
    ...familyOf(stack),
    StackId: id,
    StackName: name,
    ChangeSetId: fact.changeSetId,
    Description: deployed.template.description,
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
    DriftInformation: driftOf(stack, at),
    RetainExceptOnCreate: fact.retainExceptOnCreate,
    LastOperations: operationsOf(fact),
  };
};

/** A stack as ListStacks shows it. */
export const summariseStack = (stack: Stack, fact: StackFact, at: number): Document => ({
  ...familyOf(stack),
  StackId: stack.identity.id,
  StackName: stack.identity.name,
  TemplateDescription: fact.deployed.template.description,
  CreationTime: time(stack.identity.createdAt),
  LastUpdatedTime: time(fact.updatedAt),
  DeletionTime: time(fact.deletedAt),
  StackStatus: fact.status,
  StackStatusReason: fact.reason,
  DriftInformation: driftOf(stack, at),
  LastOperations: operationsOf(fact),
});

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
