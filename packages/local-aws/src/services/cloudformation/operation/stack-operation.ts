import type { Template } from '@aws-delivery/template/template';
import type { Mapping } from '@aws-delivery/template/value';
import type { Principal } from '../../../iam/principal.js';
import type { Random } from '../../../random.js';
import type { ResourceAttributes } from '../resource/resource-attributes.js';
import { evaluateRules, type ResourceOperation, type ResourceOutcome } from '../resource/resource-rules.js';
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
  /** Whether a principal lacks a permission at a moment. */
  readonly lacks: (principal: Principal, at: number) => (action: string, resource: string) => boolean;
  /** Tries so far, by stack, resource and what was tried: the scenario's rules may depend on it. */
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

/** What ends an operation from outside. */
export interface Alarm {
  readonly at: number;
  readonly cause: string;
}

/** How the planned part of an operation ends. */
export interface OperationOutcome {
  readonly end: number;
  readonly failures: readonly ResourceFailure[];
  /** Why the stack as a whole failed, where no resource did (an alarm, outputs that cannot be). */
  readonly cause?: string | undefined;
}

/** An EXPRESS operation's share of a resource's duration (aws-facts §1.4). */
const EXPRESS_DURATION_MS = 500;

/** EXPRESS does not wait until resources are stable. */
export const isExpress = ({ eventLog }: StackOperation): boolean =>
  eventLog.stack.root.getFinalSnapshot().mode === 'EXPRESS';

const buildAttemptKey = ({ stackName, resource, operation }: Omit<ResourceOperation, 'attempt'>): string =>
  `${stackName}/${resource.logicalId}/${operation}`;

/** What comes of doing something to a resource at a moment; counted as a try with `countTry`. */
export const evaluateOperation = (
  stackOperation: StackOperation,
  operation: ResourceOperation['operation'],
  { resource, properties }: Pick<ResourceVersion, 'resource' | 'properties'>,
  at: number,
): { readonly resourceOperation: ResourceOperation; readonly outcome: ResourceOutcome } => {
  const { context, eventLog, principal } = stackOperation;
  const stackName = eventLog.stack.identity.name;
  const request = { stackName, resource, operation, properties, lacks: context.lacks(principal, at) };
  const resourceOperation = { ...request, attempt: (context.attempts.get(buildAttemptKey(request)) ?? 0) + 1 };
  const outcome = evaluateRules(
    context.scenario,
    context.resourceAttributes.getTypeSpec(resource.type),
    resourceOperation,
  );
  if (!isExpress(stackOperation)) return { resourceOperation, outcome };
  return { resourceOperation, outcome: { ...outcome, duration: Math.min(outcome.duration, EXPRESS_DURATION_MS) } };
};

export const countAttempt = ({ context }: StackOperation, resourceOperation: ResourceOperation): void => {
  context.attempts.set(buildAttemptKey(resourceOperation), resourceOperation.attempt);
};

/** When something done to a physical resource has ended, and why it failed, if it did. */
export interface ResourceResult {
  readonly end: number;
  readonly reason?: string | undefined;
}

/** Deletes a resource, or takes it back, in one try. */
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

/** What failed, in the sentences in which CloudFormation sums it up; undefined where nothing did. */
export const describeFailures = ({ failures, cause = '' }: OperationOutcome): string | undefined => {
  const sentences = (['create', 'update', 'delete'] as const).flatMap((verb) => {
    const ids = failures.filter((failure) => failure.verb === verb).map(({ logicalId }) => logicalId);
    return ids.length === 0 ? [] : [`The following resource(s) failed to ${verb}: [${ids.join(', ')}]. `];
  });
  const message = sentences.join('') + cause;
  return message === '' ? undefined : message;
};
