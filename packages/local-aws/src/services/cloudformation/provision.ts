import { TemplateError } from '@aws-delivery/template/error';
import type { Resource } from '@aws-delivery/template/resource';
import { isSame, type Mapping } from '@aws-delivery/template/value';
import type { Lookup } from './blueprint.js';
import { attempt, type Course, countTry, EXPRESS_REASON, type Goal, hasFailed, type Job, summaryOf } from './job.js';
import { STACK_TYPE } from './journal.js';
import { applies, type Outcome, type Trial } from './rule.js';
import { type ResourceFact, type ResourceVersion, type Stack, standing } from './stack.js';

type Action = 'keep' | 'create' | 'update' | 'replace';

/** What will be done to one resource, and how it will end. */
interface Step {
  readonly resource: Resource;
  readonly action: Action;
  readonly start: number;
  readonly end: number;
  readonly properties: Mapping;
  readonly before: ResourceFact | undefined;
  /** What exists afterwards. */
  readonly after: ResourceVersion | undefined;
  readonly failure: string | undefined;
  readonly trial?: Trial;
  readonly nested?: Stack;
}

const REPLACING = 'Requested update requires the creation of a new physical resource; hence creating one.';
const NO_REPLACEMENT = 'Replacement type updates not supported on stack with disable-rollback.';

const verbOf = (action: Action): 'CREATE' | 'UPDATE' => (action === 'create' ? 'CREATE' : 'UPDATE');

const NOUNS = { CREATE: 'creation', UPDATE: 'update' } as const;

/** When a physical resource begins to be: soon after it is asked for. */
const initiation = (begin: number, end: number): number => begin + Math.min(500, (end - begin) / 2);

/** Creates and updates resources in the order of their dependencies, as many at once as that allows. */
export class Provision {
  readonly #steps: Step[] = [];
  readonly #made = new Map<string, ResourceVersion>();

  constructor(
    private readonly job: Job,
    private readonly goal: Goal,
  ) {}

  /**
   * Plans everything from `begin` on. Unless failures are preserved, the first one ends it for all, and `deadline`
   * (a timeout, an alarm) ends it in any case.
   */
  plan(begin: number, deadline: { readonly at: number; readonly cause: string } | undefined): Course {
    this.#lay(begin);
    const failures = this.#steps.filter(({ failure }) => failure !== undefined).map(({ end }) => end);
    const end = Math.max(begin, ...this.#steps.map((step) => step.end));
    const stop = Math.min(deadline?.at ?? Number.POSITIVE_INFINITY, ...(this.goal.preserve ? [] : failures));
    const begun = this.#steps.filter(({ start }) => start <= stop);
    for (const { nested, start } of this.#steps) {
      if (nested !== undefined && start > stop) this.job.nesting.abandon(nested, stop);
    }
    // What failed comes before what is cancelled because of it.
    for (const step of [...begun].sort((left, right) => Number(left.end > stop) - Number(right.end > stop))) {
      this.#write(step, stop);
    }
    const failed = begun.filter((step) => step.failure !== undefined || step.end > stop);
    const idsOf = (isUpdate: boolean) =>
      failed
        .filter(({ action }) => (verbOf(action) === 'UPDATE') === isUpdate)
        .map(({ resource }) => resource.logicalId);
    return {
      end: Math.min(end, stop),
      created: idsOf(false),
      updated: idsOf(true),
      deleted: [],
      cause: deadline !== undefined && stop === deadline.at && end > stop ? deadline.cause : undefined,
    };
  }

  #lay(begin: number): void {
    const { order, graph, resources } = this.goal.blueprint;
    const done = new Map<string, number>();
    for (const logicalId of order) {
      const resource = resources.get(logicalId);
      const needs = [...(graph.get(logicalId) ?? [])].map((need) => done.get(need));
      if (resource === undefined || needs.includes(undefined)) continue;
      const step = this.#step(resource, Math.max(begin, ...needs.filter((end) => end !== undefined)));
      this.#steps.push(step);
      if (step.failure !== undefined) continue;
      done.set(logicalId, step.end);
      if (step.after !== undefined) this.#made.set(logicalId, step.after);
    }
  }

  readonly #lookup: Lookup = (logicalId) => this.#made.get(logicalId);

  #step(resource: Resource, start: number): Step {
    const before = this.job.journal.stack.resourceFinally(resource.logicalId);
    const current = standing(before);
    const common = { resource, start, before };
    try {
      const properties = this.goal.blueprint.properties(resource, this.#lookup);
      const action = this.#actionOn(resource, properties, before, current);
      if (action === 'keep' && current !== undefined) {
        const isSameText = isSame(current.resource.declaration, resource.declaration);
        const after = isSameText ? current : { ...current, resource };
        return { ...common, action, end: start, properties, after, failure: undefined };
      }
      if (resource.type === STACK_TYPE) return this.#nestedStep(common, properties, current);
      return this.#plainStep({ ...common, action, properties }, current);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const action = current === undefined ? 'create' : 'update';
      return { ...common, action, end: start, properties: {}, after: undefined, failure: error.message };
    }
  }

  #actionOn(
    resource: Resource,
    properties: Mapping,
    before: ResourceFact | undefined,
    current: ResourceVersion | undefined,
  ): Action {
    if (current === undefined) return 'create';
    const { nested } = current;
    const isSettled = nested === undefined || this.job.nesting.isSettled(nested, properties);
    if (isSettled && before?.status !== 'UPDATE_FAILED' && isSame(current.properties, properties)) return 'keep';
    const { replace } = this.job.world.shapes.of(resource.type);
    const mustReplace = replace.some((property) => !isSame(current.properties[property], properties[property]));
    return mustReplace || current.resource.type !== resource.type ? 'replace' : 'update';
  }

  #plainStep(step: Omit<Step, 'end' | 'after' | 'failure'>, current: ResourceVersion | undefined): Step {
    const { resource, action, properties } = step;
    const begin = step.start + this.#clearing(step.before);
    const { trial, outcome } = attempt(
      this.job,
      action === 'update' ? 'update' : 'create',
      { resource, properties },
      begin,
    );
    const refused = this.#refusal(action, trial);
    const ended = refused === undefined ? outcome : { duration: 0, failure: { reason: refused, physical: false } };
    const after = this.#after(step, ended, current);
    return { ...step, end: begin + ended.duration, after, failure: ended.failure?.reason, trial };
  }

  #after(
    { resource, action, properties }: Pick<Step, 'resource' | 'action' | 'properties'>,
    { failure }: Outcome,
    current: ResourceVersion | undefined,
  ): ResourceVersion | undefined {
    const { world, place } = this.job;
    if (failure !== undefined && (action !== 'create' || !failure.physical)) return current;
    if (action === 'update' && current !== undefined) return world.shapes.change(current, resource, properties, place);
    return world.shapes.make(resource, properties, place);
  }

  /** What is left of a failed creation is deleted before it is tried again (aws-facts §1.3). */
  #clearing(before: ResourceFact | undefined): number {
    const version = before?.status === 'CREATE_FAILED' ? before.version : undefined;
    if (version === undefined || version.nested !== undefined) return 0;
    return this.job.world.scenario.durations.delete;
  }

  #refusal(action: Action, trial: Trial): string | undefined {
    if (action === 'replace' && this.goal.preserve) return NO_REPLACEMENT;
    const hooks = this.job.world.scenario.hooks.filter(
      ({ on, mode, status }) => mode === 'FAIL' && status === 'HOOK_COMPLETE_FAILED' && applies(on, trial),
    );
    return hooks.length === 0
      ? undefined
      : `The following hook(s) failed: [${hooks.map(({ type }) => type).join(', ')}]`;
  }

  #nestedStep(
    common: Pick<Step, 'resource' | 'start' | 'before'>,
    properties: Mapping,
    current: ResourceVersion | undefined,
  ): Step {
    const { resource, start, before } = common;
    const known = before?.status === 'DELETE_COMPLETE' ? undefined : before?.version?.nested;
    const course = this.job.nesting.deploy(this.job, resource.logicalId, properties, start, known);
    const made = this.job.world.shapes.make(resource, properties, this.job.place);
    const outputs = course.stack
      .final()
      .deployed.outputs.map(({ key, value }): [string, string] => [`Outputs.${key}`, value]);
    const { id } = course.stack.identity;
    const after = { ...made, physicalId: id, attributes: new Map(outputs), nested: course.stack };
    const action = current === undefined ? 'create' : 'update';
    const failed = hasFailed(course) ? summaryOf(course) : undefined;
    const failure = failed && `Embedded stack ${id} was not successfully ${action}d: ${failed}`;
    return { ...common, action, end: course.end, properties, after, failure, nested: course.stack };
  }

  #write(step: Step, stop: number): void {
    const { action, start, end, before, after, resource } = step;
    if (action === 'keep') {
      const fact = { logicalId: resource.logicalId, type: resource.type, reason: undefined, version: after };
      const status = before?.status ?? 'CREATE_COMPLETE';
      if (after !== before?.version) this.job.journal.silently(start, { ...fact, status });
      return;
    }
    if (step.trial !== undefined) countTry(this.job, step.trial);
    const begin = start + this.#clear(step);
    this.#open(step, begin, stop);
    if (end > stop) this.#cancel(step, begin, stop);
    else this.#close(step);
  }

  #cancel({ resource, action, end, before, after, nested }: Step, begin: number, stop: number): void {
    if (nested !== undefined) this.job.nesting.interrupt(nested, stop);
    const { logicalId, type } = resource;
    const version = action === 'create' && initiation(begin, end) <= stop ? after : before?.version;
    const reason = `Resource ${NOUNS[verbOf(action)]} cancelled`;
    this.job.journal.resource(stop, { logicalId, type, status: `${verbOf(action)}_FAILED`, reason, version });
  }

  #close({ resource, action, end, after, failure, properties }: Step): void {
    const { journal, express } = this.job;
    const { logicalId, type } = resource;
    const reason = failure ?? (express ? EXPRESS_REASON : undefined);
    const status = `${verbOf(action)}_${failure === undefined ? 'COMPLETE' : 'FAILED'}`;
    journal.resource(end, { logicalId, type, status, reason, version: after }, properties);
  }

  #clear({ resource, start, before }: Step): number {
    const clearing = this.#clearing(before);
    if (clearing === 0 || before === undefined) return 0;
    const fact = { ...before, type: resource.type, reason: undefined };
    this.job.journal.resource(start, { ...fact, status: 'DELETE_IN_PROGRESS' });
    this.job.journal.resource(start + clearing, { ...fact, status: 'DELETE_COMPLETE' });
    return clearing;
  }

  /** The first events of a resource: in progress, hooks, and the physical resource begun. */
  #open({ resource, action, end, before, after, properties, failure, trial }: Step, begin: number, stop: number): void {
    const { journal } = this.job;
    const status = `${verbOf(action)}_IN_PROGRESS`;
    const old = verbOf(action) === 'UPDATE' ? before?.version : undefined;
    const fact = { logicalId: resource.logicalId, type: resource.type, status, reason: undefined, version: old };
    journal.resource(begin, { ...fact, reason: action === 'replace' ? REPLACING : undefined }, properties);
    if (trial !== undefined) this.#hooks(trial, { ...fact, reason: undefined }, begin);
    const isMade =
      (action === 'create' || action === 'replace') &&
      after !== undefined &&
      (failure === undefined || after !== before?.version);
    const initiated = initiation(begin, end);
    if (!isMade || initiated > stop) return;
    journal.resource(initiated, { ...fact, reason: 'Resource creation Initiated', version: after }, properties);
  }

  #hooks(trial: Trial, fact: ResourceFact, at: number): void {
    for (const { type, on, status, mode, reason } of this.job.world.scenario.hooks) {
      if (!applies(on, trial)) continue;
      this.job.journal.hook(at, fact, {
        HookType: type,
        HookStatus: status,
        HookStatusReason: reason,
        HookInvocationPoint: 'PRE_PROVISION',
        HookFailureMode: mode,
        HookInvocationId: this.job.world.random.uuid(),
      });
    }
  }
}
