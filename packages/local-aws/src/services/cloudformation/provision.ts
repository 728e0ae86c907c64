import { TemplateError } from '@aws-delivery/template/error';
import type { Resource } from '@aws-delivery/template/resource';
import { isSame, type Mapping } from '@aws-delivery/template/value';
import type { Blueprint, Lookup } from './blueprint.js';
import { type Alarm, attempt, type Course, countTry, failureOf, isExpress, type Job } from './job.js';
import { type Journal, STACK_TYPE } from './journal.js';
import { applies, type Outcome, type Trial } from './rule.js';
import { type ResourceFact, type ResourceVersion, type Stack, standing } from './stack.js';

type Action = 'keep' | 'create' | 'update' | 'replace';

/** What is to be done to one resource. */
interface Task {
  readonly resource: Resource;
  readonly start: number;
  readonly before: ResourceFact | undefined;
  /** What exists to go on from. */
  readonly current: ResourceVersion | undefined;
  readonly properties: Mapping;
  readonly action: Action;
}

/** What will be done to one resource, and how it will end. */
interface Step extends Task {
  readonly end: number;
  /** What exists afterwards. */
  readonly after: ResourceVersion | undefined;
  readonly failure: string | undefined;
  readonly trial?: Trial;
  readonly nested?: Stack;
}

const REPLACING = 'Requested update requires the creation of a new physical resource; hence creating one.';
const NO_REPLACEMENT = 'Replacement type updates not supported on stack with disable-rollback.';
const EXPRESS =
  'Resource operation completed using Express Mode. It may continue becoming available in the background.';

const verbOf = (action: Action): 'create' | 'update' => (action === 'create' ? 'create' : 'update');

/** When a physical resource begins to be: soon after it is asked for. */
const initiation = (begin: number, end: number): number => begin + Math.min(500, (end - begin) / 2);

/** Creates and updates resources in the order of their dependencies, as many at once as that allows. */
export class Provision {
  readonly #steps: Step[] = [];
  readonly #made = new Map<string, ResourceVersion>();
  readonly #journal: Journal;
  readonly #blueprint: Blueprint;
  /** Failures leave everything as it is: replacements are refused then (aws-facts §1.3). */
  readonly #isPreserving: boolean;

  constructor(private readonly job: Job) {
    this.#journal = job.journal;
    const { stack } = job.journal;
    this.#blueprint = stack.final().deployed.blueprint;
    this.#isPreserving = stack.root.final().disableRollback;
  }

  /**
   * Plans everything from `begin` on. Unless failures are preserved, the first one ends it for all, and an alarm ends it in
   * any case.
   */
  plan(begin: number, alarm: Alarm | undefined): Course {
    this.#lay(begin);
    const failures = this.#steps.filter(({ failure }) => failure !== undefined).map(({ end }) => end);
    const end = Math.max(begin, ...this.#steps.map((step) => step.end));
    const stop = Math.min(alarm?.at ?? Number.POSITIVE_INFINITY, ...(this.#isPreserving ? [] : failures));
    for (const { nested, start } of this.#steps) {
      if (nested !== undefined && start > stop) this.job.nesting.abandon(nested, stop);
    }
    const begun = this.#steps.filter(({ start }) => start <= stop);
    // What failed comes before what is cancelled because of it.
    for (const step of [...begun].sort((left, right) => Number(left.end > stop) - Number(right.end > stop))) {
      this.#write(step, stop);
    }
    const failed = begun.filter((step) => step.failure !== undefined || step.end > stop);
    return {
      end: Math.min(end, stop),
      failures: failed.map(({ action, resource }) => ({ verb: verbOf(action), logicalId: resource.logicalId })),
      cause: stop === alarm?.at && end > stop ? alarm.cause : undefined,
    };
  }

  #lay(begin: number): void {
    const { order, graph, resources } = this.#blueprint;
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
    const before = this.#journal.stack.resourceFinally(resource.logicalId);
    const current = standing(before);
    const common = { resource, start, before, current };
    try {
      const properties = this.#blueprint.properties(resource, this.#lookup);
      const action = this.#actionOn(resource, properties, before, current);
      const task = { ...common, properties, action };
      if (action === 'keep' && current !== undefined) {
        const isSameText = isSame(current.resource.declaration, resource.declaration);
        return { ...task, end: start, after: isSameText ? current : { ...current, resource }, failure: undefined };
      }
      return resource.type === STACK_TYPE ? this.#nestedStep(task) : this.#plainStep(task);
    } catch (error) {
      if (!(error instanceof TemplateError)) throw error;
      const action = current === undefined ? 'create' : 'update';
      return { ...common, action, end: start, properties: {}, after: undefined, failure: error.message };
    }
  }

  #actionOn(
    { type }: Resource,
    properties: Mapping,
    before: ResourceFact | undefined,
    current: ResourceVersion | undefined,
  ): Action {
    if (current === undefined) return 'create';
    const { nested, resource } = current;
    const isSettled = nested === undefined || this.job.nesting.isSettled(nested, properties);
    if (isSettled && before?.status !== 'UPDATE_FAILED' && isSame(current.properties, properties)) return 'keep';
    const { replace } = this.job.world.shapes.of(type);
    const mustReplace = replace.some((property) => !isSame(current.properties[property], properties[property]));
    return mustReplace || resource.type !== type ? 'replace' : 'update';
  }

  #plainStep(task: Task): Step {
    const begin = task.start + this.#clearing(task);
    const { trial, outcome } = attempt(this.job, task.action === 'update' ? 'update' : 'create', task, begin);
    const reason = this.#refusal(task.action, trial);
    const ended = reason === undefined ? outcome : { duration: 0, failure: { reason, physical: false } };
    const after = this.#after(task, ended);
    return { ...task, end: begin + ended.duration, after, failure: ended.failure?.reason, trial };
  }

  #after({ resource, action, properties, current }: Task, { failure }: Outcome): ResourceVersion | undefined {
    const { shapes } = this.job.world;
    const place = this.#journal.stack.identity;
    if (failure !== undefined && (action !== 'create' || !failure.physical)) return current;
    if (action === 'update' && current !== undefined) return shapes.change(current, resource, properties, place);
    return shapes.make(resource, properties, place);
  }

  /** How long it takes to delete what is left of a failed creation before it is tried again (aws-facts §1.3). */
  #clearing({ before }: Task): number {
    const version = before?.status === 'CREATE_FAILED' ? before.version : undefined;
    return version === undefined || version.nested !== undefined ? 0 : this.job.world.scenario.durations.delete;
  }

  #refusal(action: Action, trial: Trial): string | undefined {
    if (action === 'replace' && this.#isPreserving) return NO_REPLACEMENT;
    const failed = this.job.world.scenario.hooks
      .filter(({ on, mode }) => mode === 'FAIL' && applies(on, trial))
      .map(({ type }) => type);
    return failed.length === 0 ? undefined : `The following hook(s) failed: [${failed.join(', ')}]`;
  }

  #nestedStep(task: Task): Step {
    const { resource, start, before, properties, current } = task;
    const { nesting, world } = this.job;
    const { stack } = this.#journal;
    const known = before?.status === 'DELETE_COMPLETE' ? undefined : before?.version?.nested;
    const nested = known ?? nesting.open(stack, resource.logicalId, start);
    const course = nesting.deploy(this.job, nested, known === undefined ? 'CREATE' : 'UPDATE', properties, start);
    const { id } = nested.identity;
    const outputs = nested
      .final()
      .deployed.outputs.map(({ key, value }): [string, string] => [`Outputs.${key}`, value]);
    const made = world.shapes.make(resource, properties, stack.identity);
    const after = { ...made, physicalId: id, attributes: new Map(outputs), nested };
    const action = current === undefined ? 'create' : 'update';
    const reason = failureOf(course);
    const failure = reason && `Embedded stack ${id} was not successfully ${action}d: ${reason}`;
    return { ...task, action, end: course.end, after, failure, nested };
  }

  #write(step: Step, stop: number): void {
    const { action, start, end, before, after } = step;
    if (action === 'keep' && before !== undefined) {
      if (after !== before.version) this.#journal.silently(start, { ...before, reason: undefined, version: after });
      return;
    }
    if (step.trial !== undefined) countTry(this.job, step.trial);
    const begin = start + this.#clear(step);
    this.#open(step, begin, stop);
    if (end > stop) this.#cancel(step, begin, stop);
    else this.#close(step);
  }

  #clear(step: Step): number {
    const clearing = this.#clearing(step);
    const { start, before, resource } = step;
    if (clearing === 0 || before === undefined) return 0;
    const fact = { ...before, type: resource.type, reason: undefined };
    this.#journal.resource(start, { ...fact, status: 'DELETE_IN_PROGRESS' });
    this.#journal.resource(start + clearing, { ...fact, status: 'DELETE_COMPLETE' });
    return clearing;
  }

  /** The first events of a resource: in progress, hooks, and the physical resource begun. */
  #open({ resource, action, end, before, after, properties, trial }: Step, begin: number, stop: number): void {
    const { logicalId, type } = resource;
    const status = `${verbOf(action).toUpperCase()}_IN_PROGRESS`;
    const version = action === 'create' ? undefined : before?.version;
    const fact = { logicalId, type, status, reason: undefined, version };
    const reason = action === 'replace' ? REPLACING : undefined;
    this.#journal.resource(begin, { ...fact, reason }, properties);
    if (trial !== undefined) this.#hooks(trial, fact, begin);
    const initiated = initiation(begin, end);
    const isMade = action !== 'update' && after !== undefined && after !== before?.version;
    if (!isMade || initiated > stop) return;
    this.#journal.resource(initiated, { ...fact, reason: 'Resource creation Initiated', version: after }, properties);
  }

  #cancel({ resource, action, end, before, after, nested }: Step, begin: number, stop: number): void {
    if (nested !== undefined) this.job.nesting.interrupt(nested, stop);
    const { logicalId, type } = resource;
    const isCreation = action === 'create';
    const version = isCreation && initiation(begin, end) <= stop ? after : before?.version;
    const status = isCreation ? 'CREATE_FAILED' : 'UPDATE_FAILED';
    const reason = `Resource ${isCreation ? 'creation' : 'update'} cancelled`;
    this.#journal.resource(stop, { logicalId, type, status, reason, version });
  }

  #close({ resource, action, end, after, failure, properties }: Step): void {
    const { logicalId, type } = resource;
    const reason = failure ?? (isExpress(this.job) ? EXPRESS : undefined);
    const status = `${verbOf(action).toUpperCase()}_${failure === undefined ? 'COMPLETE' : 'FAILED'}`;
    this.#journal.resource(end, { logicalId, type, status, reason, version: after }, properties);
  }

  #hooks(trial: Trial, fact: ResourceFact, at: number): void {
    for (const { type, on, mode, reason } of this.job.world.scenario.hooks) {
      if (!applies(on, trial)) continue;
      this.#journal.hook(at, fact, {
        HookType: type,
        HookStatus: 'HOOK_COMPLETE_FAILED',
        HookStatusReason: reason,
        HookInvocationPoint: 'PRE_PROVISION',
        HookFailureMode: mode,
        HookInvocationId: this.job.world.random.uuid(),
      });
    }
  }
}
