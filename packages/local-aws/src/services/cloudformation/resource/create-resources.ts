import { TemplateError } from '@aws-delivery/template/error';
import type { Resource } from '@aws-delivery/template/template';
import { isSame, type Mapping } from '@aws-delivery/template/value';
import {
  type Alarm,
  countAttempt,
  describeFailures,
  evaluateOperation,
  isExpress,
  type OperationOutcome,
  type StackOperation,
} from '../operation/stack-operation.js';
import { findUsableVersion, type ResourceSnapshot, type ResourceVersion, type Stack } from '../stack/stack.js';
import { STACK_TYPE, type StackEventLog } from '../stack/stack-event-log.js';
import type { ResolvedTemplate, ResourceLookup } from '../template/resolved-template.js';
import { matchesCondition, type ResourceOperation, type ResourceOutcome } from './resource-rules.js';

type Action = 'keep' | 'create' | 'update' | 'replace';

/** The planned operation on one resource. */
interface ResourceTask {
  readonly resource: Resource;
  readonly start: number;
  readonly before: ResourceSnapshot | undefined;
  /** The existing physical resource, if it is usable. */
  readonly current: ResourceVersion | undefined;
  readonly properties: Mapping;
  readonly action: Action;
}

/** A planned operation with its outcome. */
interface ResourceStep extends ResourceTask {
  readonly end: number;
  /** The physical resource afterwards. */
  readonly after: ResourceVersion | undefined;
  readonly failure: string | undefined;
  readonly resourceOperation?: ResourceOperation;
  readonly nested?: Stack;
}

const REPLACEMENT_REASON = 'Requested update requires the creation of a new physical resource; hence creating one.';
const REPLACEMENT_REJECTED_REASON = 'Replacement type updates not supported on stack with disable-rollback.';
const EXPRESS_REASON =
  'Resource operation completed using Express Mode. It may continue becoming available in the background.';

const toVerb = (action: Action): 'create' | 'update' => (action === 'create' ? 'create' : 'update');

/** When the physical resource starts to exist: shortly after the creation started. */
const computeInitiatedAt = (start: number, end: number): number => start + Math.min(500, (end - start) / 2);

/** Plans creations and updates of resources in dependency order, with as much concurrency as it allows. */
export class ResourceCreation {
  private readonly steps: ResourceStep[] = [];
  private readonly versions = new Map<string, ResourceVersion>();
  private readonly eventLog: StackEventLog;
  private readonly resolvedTemplate: ResolvedTemplate;
  /** Whether rollback is disabled; replacements are then rejected (docs/aws-facts.md §1.3). */
  private readonly preserveFailures: boolean;

  constructor(private readonly stackOperation: StackOperation) {
    this.eventLog = stackOperation.eventLog;
    const { stack } = stackOperation.eventLog;
    this.resolvedTemplate = stack.getFinalSnapshot().deployed.resolvedTemplate;
    this.preserveFailures = stack.root.getFinalSnapshot().disableRollback;
  }

  /**
   * Plans all resources from `planStart` on. The first failure stops the others unless rollback is disabled; an alarm
   * always does.
   */
  plan(planStart: number, alarm: Alarm | undefined): OperationOutcome {
    this.planSteps(planStart);
    const failures = this.steps.filter(({ failure }) => failure !== undefined).map(({ end }) => end);
    const end = Math.max(planStart, ...this.steps.map((step) => step.end));
    const stop = Math.min(alarm?.at ?? Number.POSITIVE_INFINITY, ...(this.preserveFailures ? [] : failures));
    for (const { nested, start } of this.steps) {
      if (nested !== undefined && start > stop) this.stackOperation.nestedStacks.discardPlan(nested, stop);
    }
    const startedSteps = this.steps.filter(({ start }) => start <= stop);
    // Log failures before the cancellations that they cause.
    for (const step of [...startedSteps].sort((left, right) => Number(left.end > stop) - Number(right.end > stop))) {
      this.logStep(step, stop);
    }
    const failed = startedSteps.filter((step) => step.failure !== undefined || step.end > stop);
    return {
      end: Math.min(end, stop),
      failures: failed.map(({ action, resource }) => ({ verb: toVerb(action), logicalId: resource.logicalId })),
      cause: stop === alarm?.at && end > stop ? alarm.cause : undefined,
    };
  }

  private planSteps(planStart: number): void {
    const { order, graph, resources } = this.resolvedTemplate;
    const endTimes = new Map<string, number>();
    for (const logicalId of order) {
      const resource = resources.get(logicalId);
      const dependencyEnds = [...(graph.get(logicalId) ?? [])].map((need) => endTimes.get(need));
      if (resource === undefined || dependencyEnds.includes(undefined)) continue;
      const step = this.planStep(resource, Math.max(planStart, ...dependencyEnds.filter((end) => end !== undefined)));
      this.steps.push(step);
      if (step.failure !== undefined) continue;
      endTimes.set(logicalId, step.end);
      if (step.after !== undefined) this.versions.set(logicalId, step.after);
    }
  }

  private readonly findVersion: ResourceLookup = (logicalId) => this.versions.get(logicalId);

  private planStep(resource: Resource, start: number): ResourceStep {
    const before = this.eventLog.stack.getFinalResource(resource.logicalId);
    const current = findUsableVersion(before);
    const common = { resource, start, before, current };
    try {
      const properties = this.resolvedTemplate.evaluateProperties(resource, this.findVersion);
      const action = this.chooseAction(resource, properties, before, current);
      const task = { ...common, properties, action };
      if (action === 'keep' && current !== undefined) {
        const isSameDeclaration = isSame(current.resource.declaration, resource.declaration);
        return {
          ...task,
          end: start,
          after: isSameDeclaration ? current : { ...current, resource },
          failure: undefined,
        };
      }
      return resource.type === STACK_TYPE ? this.planNestedStack(task) : this.planResource(task);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const action = current === undefined ? 'create' : 'update';
      return { ...common, action, end: start, properties: {}, after: undefined, failure: error.message };
    }
  }

  private chooseAction(
    { type }: Resource,
    properties: Mapping,
    before: ResourceSnapshot | undefined,
    current: ResourceVersion | undefined,
  ): Action {
    if (current === undefined) return 'create';
    const { nested, resource } = current;
    const isCurrent = nested === undefined || this.stackOperation.nestedStacks.isCurrent(nested, properties);
    if (isCurrent && before?.status !== 'UPDATE_FAILED' && isSame(current.properties, properties)) return 'keep';
    const { replace } = this.stackOperation.context.resourceAttributes.getTypeSpec(type);
    const mustReplace = replace.some((property) => !isSame(current.properties[property], properties[property]));
    return mustReplace || resource.type !== type ? 'replace' : 'update';
  }

  private planResource(task: ResourceTask): ResourceStep {
    const actualStart = task.start + this.computeCleanupTime(task);
    const { resourceOperation, outcome } = evaluateOperation(
      this.stackOperation,
      task.action === 'update' ? 'update' : 'create',
      task,
      actualStart,
    );
    const reason = this.findFailureReason(task.action, resourceOperation);
    const finalOutcome = reason === undefined ? outcome : { duration: 0, failure: { reason, physical: false } };
    const after = this.computeVersion(task, finalOutcome);
    return {
      ...task,
      end: actualStart + finalOutcome.duration,
      after,
      failure: finalOutcome.failure?.reason,
      resourceOperation,
    };
  }

  private computeVersion(
    { resource, action, properties, current }: ResourceTask,
    { failure }: ResourceOutcome,
  ): ResourceVersion | undefined {
    const { resourceAttributes } = this.stackOperation.context;
    const stackRef = this.eventLog.stack.identity;
    if (failure !== undefined && (action !== 'create' || !failure.physical)) return current;
    if (action === 'update' && current !== undefined)
      return resourceAttributes.updateVersion(current, resource, properties, stackRef);
    return resourceAttributes.createVersion(resource, properties, stackRef);
  }

  /** Duration of deleting the remains of a failed creation before the next attempt (docs/aws-facts.md §1.3). */
  private computeCleanupTime({ before }: ResourceTask): number {
    const version = before?.status === 'CREATE_FAILED' ? before.version : undefined;
    return version === undefined || version.nested !== undefined
      ? 0
      : this.stackOperation.context.scenario.durations.delete;
  }

  private findFailureReason(action: Action, resourceOperation: ResourceOperation): string | undefined {
    if (action === 'replace' && this.preserveFailures) return REPLACEMENT_REJECTED_REASON;
    const failed = this.stackOperation.context.scenario.hooks
      .filter(({ on, mode }) => mode === 'FAIL' && matchesCondition(on, resourceOperation))
      .map(({ type }) => type);
    return failed.length === 0 ? undefined : `The following hook(s) failed: [${failed.join(', ')}]`;
  }

  private planNestedStack(task: ResourceTask): ResourceStep {
    const { resource, start, before, properties, current } = task;
    const { nestedStacks, context } = this.stackOperation;
    const { stack } = this.eventLog;
    const existing = before?.status === 'DELETE_COMPLETE' ? undefined : before?.version?.nested;
    const nested = existing ?? nestedStacks.findOrCreateStack(stack, resource.logicalId, start);
    const outcome = nestedStacks.deploy(
      this.stackOperation,
      nested,
      existing === undefined ? 'CREATE' : 'UPDATE',
      properties,
      start,
    );
    const { id } = nested.identity;
    const outputs = nested
      .getFinalSnapshot()
      .deployed.outputs.map(({ key, value }): [string, string] => [`Outputs.${key}`, value]);
    const version = context.resourceAttributes.createVersion(resource, properties, stack.identity);
    const after = { ...version, physicalId: id, attributes: new Map(outputs), nested };
    const action = current === undefined ? 'create' : 'update';
    const reason = describeFailures(outcome);
    const failure = reason && `Embedded stack ${id} was not successfully ${action}d: ${reason}`;
    return { ...task, action, end: outcome.end, after, failure, nested };
  }

  private logStep(step: ResourceStep, stop: number): void {
    const { action, start, end, before, after } = step;
    if (action === 'keep' && before !== undefined) {
      if (after !== before.version)
        this.eventLog.updateResource(start, { ...before, reason: undefined, version: after });
      return;
    }
    if (step.resourceOperation !== undefined) countAttempt(this.stackOperation, step.resourceOperation);
    const actualStart = start + this.logCleanup(step);
    this.logStart(step, actualStart, stop);
    if (end > stop) this.cancelResource(step, actualStart, stop);
    else this.logEnd(step);
  }

  private logCleanup(step: ResourceStep): number {
    const cleanupTime = this.computeCleanupTime(step);
    const { start, before, resource } = step;
    if (cleanupTime === 0 || before === undefined) return 0;
    const snapshot = { ...before, type: resource.type, reason: undefined };
    this.eventLog.logResourceStatus(start, { ...snapshot, status: 'DELETE_IN_PROGRESS' });
    this.eventLog.logResourceStatus(start + cleanupTime, { ...snapshot, status: 'DELETE_COMPLETE' });
    return cleanupTime;
  }

  /** Logs the start of a resource operation: in progress, hooks, physical resource initiated. */
  private logStart(
    { resource, action, end, before, after, properties, resourceOperation }: ResourceStep,
    start: number,
    stop: number,
  ): void {
    const { logicalId, type } = resource;
    const status = `${toVerb(action).toUpperCase()}_IN_PROGRESS`;
    const version = action === 'create' ? undefined : before?.version;
    const snapshot = { logicalId, type, status, reason: undefined, version };
    const reason = action === 'replace' ? REPLACEMENT_REASON : undefined;
    this.eventLog.logResourceStatus(start, { ...snapshot, reason }, properties);
    if (resourceOperation !== undefined) this.logHooks(resourceOperation, snapshot, start);
    const initiated = computeInitiatedAt(start, end);
    const isMade = action !== 'update' && after !== undefined && after !== before?.version;
    if (!isMade || initiated > stop) return;
    this.eventLog.logResourceStatus(
      initiated,
      { ...snapshot, reason: 'Resource creation Initiated', version: after },
      properties,
    );
  }

  private cancelResource(
    { resource, action, end, before, after, nested }: ResourceStep,
    start: number,
    stop: number,
  ): void {
    if (nested !== undefined) this.stackOperation.nestedStacks.cancelStack(nested, stop);
    const { logicalId, type } = resource;
    const isCreation = action === 'create';
    const version = isCreation && computeInitiatedAt(start, end) <= stop ? after : before?.version;
    const status = isCreation ? 'CREATE_FAILED' : 'UPDATE_FAILED';
    const reason = `Resource ${isCreation ? 'creation' : 'update'} cancelled`;
    this.eventLog.logResourceStatus(stop, { logicalId, type, status, reason, version });
  }

  private logEnd({ resource, action, end, after, failure, properties }: ResourceStep): void {
    const { logicalId, type } = resource;
    const reason = failure ?? (isExpress(this.stackOperation) ? EXPRESS_REASON : undefined);
    const status = `${toVerb(action).toUpperCase()}_${failure === undefined ? 'COMPLETE' : 'FAILED'}`;
    this.eventLog.logResourceStatus(end, { logicalId, type, status, reason, version: after }, properties);
  }

  private logHooks(resourceOperation: ResourceOperation, snapshot: ResourceSnapshot, at: number): void {
    for (const { type, on, mode, reason } of this.stackOperation.context.scenario.hooks) {
      if (!matchesCondition(on, resourceOperation)) continue;
      this.eventLog.logHook(at, snapshot, {
        HookType: type,
        HookStatus: 'HOOK_COMPLETE_FAILED',
        HookStatusReason: reason,
        HookInvocationPoint: 'PRE_PROVISION',
        HookFailureMode: mode,
        HookInvocationId: this.stackOperation.context.random.uuid(),
      });
    }
  }
}
