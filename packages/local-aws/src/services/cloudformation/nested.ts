import { isMapping, isSame, type Mapping, textOfScalar } from '@aws-delivery/template/value';
import { Refusal } from '../../refusal.js';
import { type Kind, pursue, remove, settle, undo } from './course.js';
import type { Engine, Texts } from './engine.js';
import { abandon, interrupt } from './interruption.js';
import { type Course, failureOf, type Job } from './job.js';
import { type GivenParameter, resolveParameters } from './parameter.js';
import type { RollbackOptions } from './rollback.js';
import { type Deployed, newFact, type OperationType, type Stack } from './stack.js';
import { readTemplate } from './template-source.js';

/** A child's template with the parameters its parent gives it. */
export type ChildPlan = Pick<Deployed, 'text' | 'blueprint'>;

const parametersOf = ({ Parameters: given }: Mapping): readonly GivenParameter[] =>
  Object.entries(isMapping(given) ? given : {}).map(([ParameterKey, value]) => ({
    ParameterKey,
    ParameterValue: Array.isArray(value) ? value.join(',') : (textOfScalar(value) ?? ''),
  }));

/** The stacks under a stack, as long as one operation of their root lasts. */
export class NestedStacks {
  readonly #under = new Map<Stack, { readonly job: Job; readonly kind: Kind }>();

  constructor(
    private readonly engine: Engine,
    private readonly texts: Texts,
  ) {}

  /** The stack a nested change set has made already, or a new one with no facts yet. */
  open(parent: Stack, logicalId: string, at: number): Stack {
    const { store, world } = this.engine;
    const name = `${parent.identity.name}-${logicalId}-`;
    const planned = store
      .children(parent)
      .find((child) => child.identity.name.startsWith(name) && child.final().status === 'REVIEW_IN_PROGRESS');
    const home = { ...parent.identity, at };
    return planned ?? store.register(store.detached(home, `${name}${world.random.upper(12)}`, parent));
  }

  /** What a stack is to become by its resource's properties; an error text where that cannot be read. */
  plan(stack: Stack, properties: Mapping): ChildPlan | string {
    const url = String(properties['TemplateURL']);
    const text = this.texts.get(url);
    if (text === undefined) return `TemplateURL ${url} depends on resources, which local AWS does not follow`;
    try {
      const template = readTemplate(text);
      const parameters = resolveParameters(template, parametersOf(properties), new Map());
      return { text, blueprint: this.engine.blueprint(stack, template, parameters, []) };
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
  }

  /** Whether the stack needs nothing to be as these properties want it. */
  isSettled(stack: Stack, properties: Mapping): boolean {
    const { status, deployed } = stack.final();
    const plan = this.plan(stack, properties);
    if (typeof plan === 'string' || !status.endsWith('_COMPLETE')) return false;
    const [wanted, given] = [plan.blueprint, deployed.blueprint].map(({ parameters }) =>
      Object.fromEntries(parameters),
    );
    return plan.text === deployed.text && isSame(wanted, given);
  }

  /** Plans the stack behind a resource. */
  deploy(parent: Job, stack: Stack, kind: Kind, properties: Mapping, begin: number): Course {
    const plan = this.plan(stack, properties);
    if (typeof plan === 'string') return { end: begin, failures: [], cause: plan };
    const job = this.#job(parent, stack, `${kind}_STACK`);
    this.#under.set(stack, { job, kind });
    this.#begin(job, kind, plan, begin);
    const course = pursue(job, begin);
    const failure = failureOf(course);
    const done = kind === 'CREATE' ? 'CREATE_COMPLETE' : 'UPDATE_COMPLETE_CLEANUP_IN_PROGRESS';
    job.journal.status(course.end, failure === undefined ? done : `${kind}_FAILED`, failure);
    return course;
  }

  /** Stops what is under way in a stack. */
  interrupt(stack: Stack, at: number): void {
    interrupt(this.engine, stack, at);
    const failed = stack.final().status.replace('_IN_PROGRESS', '_FAILED');
    this.engine.running(stack).status(at, failed, 'Resource update cancelled');
  }

  /** Forgets what a stack would have done after `at`. */
  abandon(stack: Stack, at: number): void {
    abandon(this.engine, stack, at);
  }

  /** Undoes what this operation did to a stack. */
  revert(parent: Job, stack: Stack, begin: number, options: RollbackOptions): Course {
    if (stack.final().stable === undefined) return this.remove(parent, stack, begin);
    return undo(this.#job(parent, stack, 'ROLLBACK'), begin, 'Rollback requested by parent stack', options);
  }

  /** Cleans up after a good end of the root. */
  settle(stack: Stack, begin: number): number {
    const under = this.#under.get(stack);
    return under === undefined ? begin : settle(under.job, under.kind, begin);
  }

  remove(parent: Job, stack: Stack, begin: number): Course {
    return remove(this.#job(parent, stack, 'DELETE_STACK'), begin, 'Delete requested by parent stack');
  }

  #job(parent: Job, stack: Stack, type: OperationType): Job {
    const operation = this.engine.operation(type, parent.journal.operation.token);
    return { ...parent, journal: this.engine.journal(stack, operation) };
  }

  #begin({ journal }: Job, kind: Kind, plan: ChildPlan, begin: number): void {
    const { stack } = journal;
    const { deployed, disableRollback, mode, retainExceptOnCreate } = stack.root.final();
    const old = stack.at(Number.POSITIVE_INFINITY);
    if (old === undefined) stack.facts.plan(begin, newFact({ ...deployed, outputs: [], imports: [] }));
    const own = { ...stack.final().deployed, ...plan, tags: deployed.tags };
    journal.begin(begin, kind, { deployed: own, disableRollback, mode, retainExceptOnCreate });
  }
}
