import type { ApiCall } from '../../../api-call.js';
import { Timeline } from '../../../time/timeline.js';
import type { Deployments } from '../operation/deployments.js';
import type { Engine, PreparedDeployment, StackDeployment } from '../operation/engine.js';
import { NestedStacks } from '../operation/nested-stacks.js';
import type { Inputs } from '../operation-inputs.js';
import { findValidationFindings, type ValidationFinding } from '../resource/resource-rules.js';
import { createInitialSnapshot, type Stack } from '../stack/stack.js';
import { STACK_TYPE } from '../stack/stack-event-log.js';
import { buildArn } from '../stack/stack-ref.js';
import { withValidationErrors } from '../template/template-source.js';
import { type ChangeSet, findFailureReason } from './change-set.js';

type CreateInput = Inputs['CreateChangeSet'];

/** Creates change sets: computes changes, runs early validation and plans the creation status. */
export class ChangeSetBuilder {
  constructor(
    private readonly engine: Engine,
    private readonly deployments: Deployments,
  ) {}

  /** Plans REVIEW_IN_PROGRESS for a new stack. */
  startReview(stack: Stack, { deployed }: PreparedDeployment, at: number, token: string | undefined): void {
    const operation = this.engine.createEntry('CREATE_CHANGESET', token);
    stack.snapshots.plan(at, createInitialSnapshot({ ...deployed, outputs: [] }));
    this.engine.createEventLog(stack, operation).logStackStatus(at, 'REVIEW_IN_PROGRESS', 'User Initiated');
  }

  /** Builds a change set and its nested change sets. */
  build(input: CreateInput, stack: Stack, prepared: PreparedDeployment, call: ApiCall, parent?: ChangeSet): ChangeSet {
    const isNew = stack.getFinalSnapshot().status === 'REVIEW_IN_PROGRESS';
    const deployment = this.deployments.createDeployment(stack, isNew ? 'CREATE' : 'UPDATE', prepared, input);
    const changeSet: ChangeSet = {
      id: buildArn(stack.identity, `changeSet/${input.ChangeSetName}/${this.engine.operationContext.random.uuid()}`),
      name: input.ChangeSetName,
      stack,
      createdAt: call.at,
      input,
      deployment,
      changes: this.deployments.compare(deployment).listChanges(),
      findings: input.DisableValidation === true ? [] : this.validate(deployment, call.at),
      nested: new Map(),
      parentId: parent?.id,
      rootId: parent?.rootId ?? parent?.id,
      snapshots: new Timeline(),
    };
    const completed = input.IncludeNestedStacks
      ? { ...changeSet, nested: this.buildNested(changeSet, call) }
      : changeSet;
    this.schedule(completed, call.at, !isNew && this.deployments.isEmpty(deployment));
    return completed;
  }

  private schedule(changeSet: ChangeSet, at: number, isEmpty: boolean): void {
    const nested = [...changeSet.nested.values()];
    const { transforms } = changeSet.deployment.deployed.resolvedTemplate.template;
    const ownReason = findFailureReason(isEmpty && nested.length === 0, transforms, changeSet.findings);
    const failing = nested.find(({ findings }) => findings.length > 0);
    const reason = ownReason ?? (failing && `Nested change set ${failing.id} was not successful`);
    changeSet.snapshots.plan(at, { status: 'CREATE_IN_PROGRESS', execution: 'UNAVAILABLE' });
    changeSet.snapshots.plan(
      at + this.engine.operationContext.scenario.durations.changeSet,
      reason === undefined
        ? { status: 'CREATE_COMPLETE', execution: 'AVAILABLE' }
        : { status: 'FAILED', execution: 'UNAVAILABLE', reason },
    );
  }

  private validate(
    { deployed: { resolvedTemplate }, principal, stack }: StackDeployment,
    at: number,
  ): readonly ValidationFinding[] {
    const { scenario, findDenial } = this.engine.operationContext;
    const existing = stack.getFinalVersions();
    return [...resolvedTemplate.resources.values()].flatMap((resource) =>
      findValidationFindings(scenario, {
        stackName: stack.identity.name,
        resource,
        operation: existing.has(resource.logicalId) ? 'update' : 'create',
        properties: withValidationErrors(() => resolvedTemplate.evaluateProperties(resource, () => 'pending')),
        attempt: 1,
        lacks: (action, target) => findDenial(principal, at)({ action, resource: target }) !== undefined,
      }),
    );
  }

  /** Builds change sets for changed nested stacks; new ones get REVIEW_IN_PROGRESS. */
  private buildNested(parent: ChangeSet, call: ApiCall): ReadonlyMap<string, ChangeSet> {
    const { stack, deployment, changes } = parent;
    const nestedStacks = new NestedStacks(this.engine, deployment.nestedTemplates);
    const nestedChanges = changes.filter(({ type, action }) => type === STACK_TYPE && action !== 'Remove');
    return new Map(
      nestedChanges.flatMap(({ logicalId, after = {} }) => {
        const child =
          stack.getFinalVersions().get(logicalId)?.nested ?? nestedStacks.findOrCreateStack(stack, logicalId, call.at);
        const inputs = nestedStacks.resolveInputs(child, after);
        if (typeof inputs === 'string') return [];
        const prepared = { ...deployment, deployed: { ...deployment.deployed, ...inputs, outputs: [] } };
        if (child.getSnapshot(call.at) === undefined) this.startReview(child, prepared, call.at, undefined);
        const input = { ...parent.input, ChangeSetName: `${parent.name}-${logicalId}` };
        return [[logicalId, this.build(input, child, prepared, call, parent)] as const];
      }),
    );
  }
}
