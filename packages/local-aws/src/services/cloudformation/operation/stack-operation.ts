import type { Template } from '@aws-delivery/template/template';
import type { Mapping } from '@aws-delivery/template/value';
import type { RequiredPermission } from '../../../api-call.js';
import type { Principal } from '../../../iam/principal.js';
import type { Random } from '../../../random.js';
import type { ResourceAttributes } from '../resource/resource-attributes.js';
import { listResourcePermissions } from '../resource/resource-permissions.js';
import {
  evaluateRules,
  REJECTION_DURATION_MS,
  type ResourceOperation,
  type ResourceOutcome,
} from '../resource/resource-rules.js';
import { findPermissions } from '../resource/resource-type.js';
import type { CloudFormationScenario } from '../scenario.js';
import type { OperationEntry, OperationType, ResourceVersion, Stack } from '../stack/stack.js';
import type { StackEventLog } from '../stack/stack-event-log.js';
import type { StackStore } from '../stack/stack-store.js';
import type { ResolvedTemplate } from '../template/resolved-template.js';

/** Both kinds of deployment; stack and resource statuses are named after them. */
export type DeploymentKind = 'CREATE' | 'UPDATE';

/** Bodies of nested templates by URL, including those of deeper levels. */
export type NestedTemplates = ReadonlyMap<string, string>;

export interface RollbackOptions {
  /** Logical ids of resources that are marked as complete without a rollback (`ResourcesToSkip`). */
  readonly skip: ReadonlySet<string>;
  /** Marks resources whose rollback fails as complete (`ForceRollback`). */
  readonly force: boolean;
  /** Deletes resources that the failed operation created, even with `DeletionPolicy: Retain`. */
  readonly retainExceptOnCreate: boolean;
}

/** Dependencies shared by all operations. */
export interface OperationContext {
  readonly scenario: CloudFormationScenario;
  readonly resourceAttributes: ResourceAttributes;
  readonly random: Random;
  /** IAM's error for a permission that a principal does not have at a moment. */
  readonly findDenial: (principal: Principal, at: number) => (permission: RequiredPermission) => string | undefined;
  /** Resource types whose permissions are not known: they were not checked in operations since the last response. */
  readonly uncheckedTypes: Set<string>;
  /** Attempts so far by stack, resource and operation; rules of the scenario may depend on them. */
  readonly attempts: Map<string, number>;
}

/** Creates what operations need; the engine implements it. */
export interface OperationFactory {
  readonly operationContext: OperationContext;
  readonly store: StackStore;
  createEntry(type: OperationType, token: string | undefined): OperationEntry;
  createEventLog(stack: Stack, operation: OperationEntry): StackEventLog;
  getRunningEventLog(stack: Stack): StackEventLog;
  resolveTemplate(
    stack: Stack,
    template: Template,
    parameters: ReadonlyMap<string, string>,
    notificationArns: readonly string[],
  ): ResolvedTemplate;
}

/** Operations of a root stack on its nested stacks. All times are server time. */
export interface NestedStackOperations {
  findOrCreateStack(parent: Stack, logicalId: string, at: number): Stack;
  isCurrent(stack: Stack, properties: Mapping): boolean;
  deploy(
    parent: StackOperation,
    stack: Stack,
    kind: DeploymentKind,
    properties: Mapping,
    startAt: number,
  ): OperationOutcome;
  cancelStack(stack: Stack, at: number): void;
  discardPlan(stack: Stack, at: number): void;
  rollBack(parent: StackOperation, stack: Stack, startAt: number, options: RollbackOptions): OperationOutcome;
  completeStack(stack: Stack, startAt: number): number;
  deleteStack(parent: StackOperation, stack: Stack, startAt: number): OperationOutcome;
}

/** One operation on one stack: its event log, its principal and the operations on nested stacks. */
export interface StackOperation {
  readonly context: OperationContext;
  readonly eventLog: StackEventLog;
  readonly principal: Principal;
  readonly nestedStacks: NestedStackOperations;
}

export interface ResourceFailure {
  readonly verb: 'create' | 'update' | 'delete';
  readonly logicalId: string;
}

/** A rollback trigger in state ALARM. */
export interface Alarm {
  readonly at: number;
  readonly cause: string;
}

/** The outcome of a planned operation. */
export interface OperationOutcome {
  readonly end: number;
  readonly failures: readonly ResourceFailure[];
  /** Why the stack failed for a reason other than its resources (an alarm, invalid outputs). */
  readonly cause?: string | undefined;
}

/** Name of CloudFormation's sessions of service roles. */
export const SERVICE_SESSION_NAME = 'AWSCloudFormation';

/** Maximum duration of a resource operation in EXPRESS mode (docs/aws-facts.md §1.4). */
const EXPRESS_DURATION_MS = 500;

/** Whether the operation runs in EXPRESS mode, which does not wait until resources are stable. */
export const isExpress = ({ eventLog }: StackOperation): boolean =>
  eventLog.stack.root.getFinalSnapshot().mode === 'EXPRESS';

const buildAttemptKey = ({ stackName, resource, operation }: Omit<ResourceOperation, 'attempt'>): string =>
  `${stackName}/${resource.logicalId}/${operation}`;

/** Evaluates the outcome of a resource operation. `countAttempt` counts it as an attempt. */
export const evaluateOperation = (
  stackOperation: StackOperation,
  operation: ResourceOperation['operation'],
  { resource, properties }: Pick<ResourceVersion, 'resource' | 'properties'>,
  at: number,
): { readonly resourceOperation: ResourceOperation; readonly outcome: ResourceOutcome } => {
  const { context, eventLog, principal } = stackOperation;
  const stackName = eventLog.stack.identity.name;
  const findDenial = context.findDenial(principal, at);
  const lacks: ResourceOperation['lacks'] = (action, target) => findDenial({ action, resource: target }) !== undefined;
  const request = { stackName, resource, operation, properties, lacks };
  const resourceOperation = { ...request, attempt: (context.attempts.get(buildAttemptKey(request)) ?? 0) + 1 };
  const typeSpec = context.resourceAttributes.getTypeSpec(resource.type);
  const denial = listPermissions(stackOperation, request)
    .map(findDenial)
    .find((message) => message !== undefined);
  const outcome =
    denial === undefined ? evaluateRules(context.scenario, typeSpec, resourceOperation) : createDeniedOutcome(denial);
  if (!isExpress(stackOperation)) return { resourceOperation, outcome };
  return { resourceOperation, outcome: { ...outcome, duration: Math.min(outcome.duration, EXPRESS_DURATION_MS) } };
};

/** The failure of a handler that is not authorized, as CloudFormation reports it. */
const createDeniedOutcome = (message: string): ResourceOutcome => ({
  duration: REJECTION_DURATION_MS,
  failure: {
    reason: `Resource handler returned message: "${message}" (HandlerErrorCode: AccessDenied)`,
    physical: false,
  },
});

/** The permissions that an operation on a resource uses. Types without known permissions are recorded. */
const listPermissions = (
  { context, eventLog: { stack }, principal }: StackOperation,
  { resource, operation, properties }: Pick<ResourceOperation, 'resource' | 'operation' | 'properties'>,
): readonly RequiredPermission[] => {
  if (principal.kind === 'root') return [];
  const { logicalId, type } = resource;
  const permissions = findPermissions(type, context.scenario);
  if (permissions === undefined) {
    context.uncheckedTypes.add(type);
    return [];
  }
  const current = operation === 'create' ? undefined : stack.getFinalResource(logicalId)?.version;
  return listResourcePermissions(permissions, {
    operation,
    type,
    properties,
    before: operation === 'delete' ? undefined : current?.properties,
    arn: context.resourceAttributes.buildArn(permissions.arn, resource, properties, stack.identity, current),
    isCaller: principal.kind !== 'session' || principal.sessionName !== SERVICE_SESSION_NAME,
    isStackTagged: stack.getFinalSnapshot().deployed.tags.length > 0,
  });
};

export const countAttempt = ({ context }: StackOperation, resourceOperation: ResourceOperation): void => {
  context.attempts.set(buildAttemptKey(resourceOperation), resourceOperation.attempt);
};

/** End of a resource operation, and the reason if it failed. */
export interface ResourceResult {
  readonly end: number;
  readonly reason?: string | undefined;
}

/** Evaluates a deletion or rollback and counts the attempt. */
export const performOperation = (
  stackOperation: StackOperation,
  operation: 'delete' | 'rollback',
  version: ResourceVersion,
  at: number,
): ResourceResult => {
  const { resourceOperation, outcome } = evaluateOperation(stackOperation, operation, version, at);
  countAttempt(stackOperation, resourceOperation);
  return { end: at + outcome.duration, reason: outcome.failure?.reason };
};

/** CloudFormation's summary of the failures; undefined if there are none. */
export const describeFailures = ({ failures, cause = '' }: OperationOutcome): string | undefined => {
  const sentences = (['create', 'update', 'delete'] as const).flatMap((verb) => {
    const ids = failures.filter((failure) => failure.verb === verb).map(({ logicalId }) => logicalId);
    return ids.length === 0 ? [] : [`The following resource(s) failed to ${verb}: [${ids.join(', ')}]. `];
  });
  const message = sentences.join('') + cause;
  return message === '' ? undefined : message;
};
