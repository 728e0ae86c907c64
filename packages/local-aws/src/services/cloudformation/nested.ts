import { isMapping, isSame, type Mapping, textOfScalar } from '@aws-delivery/template/value';
import type { Blueprint } from './blueprint.js';
import { pursue, remove, settle, undoUpdate } from './course.js';
import { abandon, type Family, interrupt } from './interruption.js';
import {
  type Course,
  type Goal,
  hasFailed,
  type Job,
  type NestedCourse,
  type Nesting,
  type RollbackOptions,
  summaryOf,
} from './job.js';
import type { Journal } from './journal.js';
import type { Deployed, Operation, OperationType, Stack } from './stack.js';

/** A child's template with the parameters its parent gives it. */
export interface ChildPlan {
  readonly text: string;
  readonly blueprint: Blueprint;
}

export interface NestedStacksOptions {
  /** A new stack with no facts yet, under its parent. */
  readonly open: (parent: Stack, logicalId: string, at: number) => Stack;
  /** What a child is to become; an error text where that cannot be read. */
  readonly draw: (stack: Stack, url: string, parameters: ReadonlyMap<string, string>) => ChildPlan | string;
  readonly journal: (stack: Stack, operation: Operation, blueprint: Blueprint | undefined) => Journal;
  readonly operation: (type: OperationType) => Operation;
  readonly family: Family;
  readonly preserve: boolean;
}

const parametersOf = (properties: Mapping): ReadonlyMap<string, string> => {
  const { Parameters: given } = properties;
  const entries = isMapping(given) ? Object.entries(given) : [];
  return new Map(
    entries.map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : (textOfScalar(value) ?? '')]),
  );
};

/** The stacks under a stack, as long as one operation of their root lasts. */
export class NestedStacks implements Nesting {
  readonly #under = new Map<Stack, { readonly job: Job; readonly goal: Goal; readonly kind: 'CREATE' | 'UPDATE' }>();

  constructor(private readonly options: NestedStacksOptions) {}

  /** What a stack is to become by its resource's properties; an error text where that cannot be read. */
  plan(stack: Stack, properties: Mapping): ChildPlan | string {
    return this.options.draw(stack, String(properties['TemplateURL']), parametersOf(properties));
  }

  isSettled(stack: Stack, properties: Mapping): boolean {
    const { status, deployed } = stack.final();
    const plan = this.plan(stack, properties);
    if (typeof plan === 'string' || !status.endsWith('_COMPLETE')) return false;
    const given = Object.fromEntries(plan.blueprint.parameters);
    return plan.text === deployed.text && isSame(given, Object.fromEntries(deployed.parameters));
  }

  deploy(parent: Job, logicalId: string, properties: Mapping, begin: number, before: Stack | undefined): NestedCourse {
    const stack = before ?? this.options.open(parent.journal.stack, logicalId, begin);
    const kind = before === undefined ? 'CREATE' : 'UPDATE';
    const plan = this.plan(stack, properties);
    if (typeof plan === 'string') return { stack, end: begin, created: [], updated: [], deleted: [], cause: plan };
    const job = this.#job(parent, stack, `${kind}_STACK`, plan.blueprint);
    const goal = { blueprint: plan.blueprint, preserve: this.options.preserve };
    this.#under.set(stack, { job, goal, kind });
    this.#begin(job, kind, plan, begin);
    const course = pursue(job, goal, begin);
    const done = kind === 'CREATE' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
    if (hasFailed(course)) job.journal.status(course.end, `${kind}_FAILED`, summaryOf(course));
    else job.journal.status(course.end, done);
    return { ...course, stack };
  }

  interrupt(stack: Stack, at: number): void {
    interrupt(this.options.family, stack, at);
    const failed = stack.final().status.replace('_IN_PROGRESS', '_FAILED');
    this.options.family.journal(stack).status(at, failed, 'Resource update cancelled');
  }

  abandon(stack: Stack, at: number): void {
    abandon(this.options.family, stack, at);
  }

  revert(parent: Job, stack: Stack, begin: number, options: RollbackOptions): Course {
    if (stack.final().stable === undefined) return this.remove(parent, stack, begin);
    return undoUpdate(
      this.#job(parent, stack, 'ROLLBACK', undefined),
      begin,
      'Rollback requested by parent stack',
      options,
    );
  }

  settle(stack: Stack, begin: number): number {
    const under = this.#under.get(stack);
    return under === undefined ? begin : settle(under.job, under.goal, under.kind, begin);
  }

  remove(parent: Job, stack: Stack, begin: number): Course {
    return remove(
      this.#job(parent, stack, 'DELETE_STACK', undefined),
      begin,
      new Set(),
      'Delete requested by parent stack',
    );
  }

  #job(parent: Job, stack: Stack, type: OperationType, blueprint: Blueprint | undefined): Job {
    const { id, name } = stack.identity;
    const operation = { ...this.options.operation(type), token: parent.journal.operation.token };
    const place = { ...parent.place, stackId: id, stackName: name };
    return { ...parent, place, journal: this.options.journal(stack, operation, blueprint), nesting: this };
  }

  #begin({ journal }: Job, kind: string, { text, blueprint }: ChildPlan, begin: number): void {
    const old = journal.stack.at(Number.POSITIVE_INFINITY);
    const root = journal.stack.root.final();
    const deployed: Deployed = {
      ...root.deployed,
      ...old?.deployed,
      text,
      template: blueprint.template,
      parameters: blueprint.parameters,
      tags: root.deployed.tags,
      outputs: old?.deployed.outputs ?? [],
    };
    const { operation } = journal;
    const operations = [operation, ...(old?.operations ?? [])];
    const fact = { ...root, stable: undefined, changeSetId: undefined, updatedAt: undefined, ...old };
    journal.stack.facts.plan(begin, { ...fact, status: `${kind}_IN_PROGRESS`, deployed, operations });
    journal.status(begin, `${kind}_IN_PROGRESS`, 'User Initiated', kind === 'UPDATE' ? { updatedAt: begin } : {});
  }
}
