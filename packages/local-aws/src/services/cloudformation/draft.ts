import type { Call } from '../../call.js';
import { Timeline } from '../../timeline.js';
import { type ChangeSet, failureOf } from './change-set.js';
import type { Deployments } from './deployment.js';
import type { Engine, Order, Prepared } from './engine.js';
import { STACK_TYPE } from './journal.js';
import { NestedStacks } from './nested.js';
import { arnOf } from './place.js';
import type { Inputs } from './request.js';
import { type Finding, validationFindings } from './rule.js';
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
    this.engine.journal(stack, operation).status(at, 'REVIEW_IN_PROGRESS', 'User Initiated');
  }

  /** Works out a change set and how its creation ends; its nested ones with it. */
  draft(input: CreateInput, stack: Stack, prepared: Prepared, call: Call, parent?: ChangeSet): ChangeSet {
    const isNew = stack.final().status === 'REVIEW_IN_PROGRESS';
    const order = this.deployments.order(stack, isNew ? 'CREATE' : 'UPDATE', prepared, input);
    const set: ChangeSet = {
      id: arnOf(stack.identity, `changeSet/${input.ChangeSetName}/${this.engine.world.random.uuid()}`),
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
    const nested = [...set.nested.values()];
    const { transforms } = set.order.deployed.blueprint.template;
    const own = failureOf(isEmpty && nested.length === 0, transforms, set.findings);
    const failing = nested.find(({ findings }) => findings.length > 0);
    const reason = own ?? (failing && `Nested change set ${failing.id} was not successful`);
    set.facts.plan(at, { status: 'CREATE_IN_PROGRESS', execution: 'UNAVAILABLE' });
    set.facts.plan(
      at + this.engine.world.scenario.durations.changeSet,
      reason === undefined
        ? { status: 'CREATE_COMPLETE', execution: 'AVAILABLE' }
        : { status: 'FAILED', execution: 'UNAVAILABLE', reason },
    );
  }

  #findings({ deployed: { blueprint }, principal, stack }: Order, at: number): readonly Finding[] {
    const { scenario, lacks } = this.engine.world;
    const existing = stack.versions();
    return [...blueprint.resources.values()].flatMap((resource) =>
      validationFindings(scenario, {
        stackName: stack.identity.name,
        resource,
        operation: existing.has(resource.logicalId) ? 'update' : 'create',
        properties: judged(() => blueprint.properties(resource, () => 'later')),
        attempt: 1,
        lacks: lacks(principal, at),
      }),
    );
  }

  /** Change sets for the stacks behind the resources that change; those to be made are put up for review. */
  #nested(parent: ChangeSet, call: Call): ReadonlyMap<string, ChangeSet> {
    const { stack, order, changes } = parent;
    const nesting = new NestedStacks(this.engine, order.texts);
    const inner = changes.filter(({ type, action }) => type === STACK_TYPE && action !== 'Remove');
    return new Map(
      inner.flatMap(({ logicalId, after = {} }) => {
        const child = stack.versions().get(logicalId)?.nested ?? nesting.open(stack, logicalId, call.at);
        const plan = nesting.plan(child, after);
        if (typeof plan === 'string') return [];
        const prepared = { ...order, deployed: { ...order.deployed, ...plan, outputs: [] } };
        if (child.at(call.at) === undefined) this.review(child, prepared, call.at, undefined);
        const input = { ...parent.input, ChangeSetName: `${parent.name}-${logicalId}` };
        return [[logicalId, this.draft(input, child, prepared, call, parent)] as const];
      }),
    );
  }
}
