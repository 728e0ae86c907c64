import type { Call } from '../../call.js';
import { Timeline } from '../../timeline.js';
import { type ChangeSet, type Finding, failureOf } from './change-set.js';
import type { Deployments, Prepared } from './deployment.js';
import type { Engine, Order } from './engine.js';
import { STACK_TYPE } from './journal.js';
import { arnOf } from './place.js';
import type { Inputs } from './request.js';
import { validationFindings } from './rule.js';
import { newFact, type Stack } from './stack.js';
import { judged } from './template-source.js';

type CreateInput = Inputs['CreateChangeSet'];

/** Makes change sets: what they would change, what early validation finds, how their creation ends. */
export class Drafts {
  constructor(
    private readonly engine: Engine,
    private readonly deployments: Deployments,
  ) {}

  /** Puts up for review a stack that is still to be made. */
  review(stack: Stack, { deployed }: Prepared, at: number, token: string | undefined): void {
    const operation = this.engine.operation('CREATE_CHANGESET', token);
    stack.facts.plan(at, newFact({ ...deployed, outputs: [] }));
    this.engine.journal(stack, operation, undefined).status(at, 'REVIEW_IN_PROGRESS', 'User Initiated');
  }

  /** Works out a change set and how its creation ends; its nested ones with it. */
  draft(input: CreateInput, stack: Stack, prepared: Prepared, call: Call, parent?: ChangeSet): ChangeSet {
    const isNew = stack.final().status === 'REVIEW_IN_PROGRESS';
    const order = this.deployments.order(stack, isNew ? 'CREATE' : 'UPDATE', prepared, {
      token: undefined,
      disableRollback: false,
      mode: input.DeploymentConfig?.Mode,
      retainExceptOnCreate: false,
    });
    const set: ChangeSet = {
      id: arnOf(this.engine.store.home(call), `changeSet/${input.ChangeSetName}/${this.engine.world.random.uuid()}`),
      name: input.ChangeSetName,
      stack,
      createdAt: call.at,
      input,
      order,
      changes: this.deployments.compare(order).changes(),
      findings: input.DisableValidation === true ? [] : this.#findings(order, call.at),
      nested: new Map(),
      parentId: parent?.id,
      rootId: parent?.rootId ?? parent?.id,
      facts: new Timeline(),
    };
    const complete = input.IncludeNestedStacks ? { ...set, nested: this.#nested(set, call) } : set;
    this.#schedule(complete, call.at, !isNew && this.deployments.isEmpty(order));
    return complete;
  }

  #schedule(set: ChangeSet, at: number, isEmpty: boolean): void {
    const { template } = set.order.goal.blueprint;
    const own = failureOf(isEmpty && set.nested.size === 0, template.transforms, set.findings);
    const end = at + this.engine.world.scenario.durations.changeSet;
    const failing = [...set.nested.values()].find(({ findings }) => findings.length > 0);
    const reason = own ?? (failing === undefined ? undefined : `Nested change set ${failing.id} was not successful`);
    set.facts.plan(at, { status: 'CREATE_IN_PROGRESS', execution: 'UNAVAILABLE' });
    set.facts.plan(
      end,
      reason === undefined
        ? { status: 'CREATE_COMPLETE', execution: 'AVAILABLE' }
        : { status: 'FAILED', execution: 'UNAVAILABLE', reason },
    );
  }

  #findings({ goal, principal, stack }: Order, at: number): readonly Finding[] {
    return [...goal.blueprint.resources.values()].flatMap((resource) => {
      const properties = judged(() => goal.blueprint.properties(resource, () => 'later'));
      const isThere = stack.versions().has(resource.logicalId);
      return validationFindings(this.engine.world.scenario, {
        stackName: stack.identity.name,
        resource,
        operation: isThere ? 'update' : 'create',
        properties,
        attempt: 1,
        lacks: this.engine.world.lacks(principal, at),
      }).map((finding) => ({ ...finding, logicalId: resource.logicalId, type: resource.type }));
    });
  }

  /** Change sets for the stacks behind the resources that change; those to be made are put up for review. */
  #nested(parent: ChangeSet, call: Call): ReadonlyMap<string, ChangeSet> {
    const nesting = this.engine.nesting(parent.order.operation, parent.order.texts, true);
    const inner = parent.changes.filter(
      ({ type, action }) => type === STACK_TYPE && (action === 'Add' || action === 'Modify'),
    );
    return new Map(
      inner.flatMap(({ logicalId, after }) => {
        const existing = parent.stack.versions().get(logicalId)?.nested;
        const stack = existing ?? this.engine.child(parent.stack, logicalId, call.at);
        const plan = nesting.plan(stack, after ?? {});
        if (typeof plan === 'string') return [];
        const { deployed } = parent.order.patch;
        const own = {
          ...deployed,
          text: plan.text,
          template: plan.blueprint.template,
          parameters: plan.blueprint.parameters,
          outputs: [],
        };
        const { texts, principal } = parent.order;
        const prepared: Prepared = { blueprint: plan.blueprint, texts, deployed: own, principal };
        if (stack.at(call.at) === undefined) this.review(stack, prepared, call.at, undefined);
        const input = { ...parent.input, ChangeSetName: `${parent.name}-${logicalId}` };
        return [[logicalId, this.draft(input, stack, prepared, call, parent)] as const];
      }),
    );
  }
}
