import type { Template } from '@aws-delivery/template/template';
import type { Call } from '../../call.js';
import type { Principal } from '../../principal.js';
import type { ServiceContext } from '../../service.js';
import { Blueprint } from './blueprint.js';
import { type Alarm, type Kind, pursue, remove, SIMPLE_ROLLBACK, settle, undoCreation, undoUpdate } from './course.js';
import type { Family } from './interruption.js';
import { type Course, type Goal, hasFailed, type Job, summaryOf, type World } from './job.js';
import { Journal, type Patch } from './journal.js';
import { type ChildPlan, NestedStacks } from './nested.js';
import { resolveParameters, secretsOf } from './parameter.js';
import { invalid } from './refusal.js';
import type { CloudFormationScenario } from './scenario.js';
import { Shapes } from './shape.js';
import type { Deployed, Operation, OperationType, Stack } from './stack.js';
import { type Home, Store } from './store.js';
import { judged, readTemplate, TemplateSource } from './template-source.js';

/** Texts of nested templates by URL, read before anything is planned: planning takes no time of the server's. */
export type Texts = ReadonlyMap<string, string>;

/** One deployment of a stack, ready to be planned. */
export interface Order {
  readonly stack: Stack;
  readonly kind: Kind;
  readonly goal: Goal;
  readonly texts: Texts;
  readonly operation: Operation;
  readonly principal: Principal;
  /** What the stack says of itself from now on. */
  readonly patch: Patch & { readonly deployed: Deployed };
}

/** What all operations share: makes jobs and blueprints, and plans operations on root stacks. */
export class Engine {
  readonly world: World;
  readonly store: Store;
  readonly source: TemplateSource;

  constructor(readonly context: ServiceContext<CloudFormationScenario>) {
    const { account, partition, random, scenario, authorise } = context;
    this.store = new Store(partition, account, random.fork('stacks'));
    this.source = new TemplateSource(context);
    this.world = {
      scenario,
      random,
      shapes: new Shapes(scenario, random.fork('resources')),
      tries: new Map(),
      lacks: (principal, at) => (action, resource) => authorise(principal, [{ action, resource }], at) !== undefined,
    };
  }

  /** The stacks under a stack, and journals under what is under way in them. */
  readonly family: Family = {
    children: (stack) => this.store.children(stack),
    journal: (stack) => {
      const [operation = this.operation('UPDATE_STACK', undefined)] = stack.final().operations;
      return this.journal(stack, operation, undefined);
    },
  };

  operation(type: OperationType, token: string | undefined): Operation {
    return { id: this.world.random.uuid(), type, token };
  }

  /** The role an operation runs with, or the caller itself. @throws Refusal where the role does not trust CloudFormation */
  principal(call: Call, roleArn: string | undefined): Principal {
    if (roleArn === undefined) return call.principal;
    const principal = this.context.serviceRole(roleArn, 'AWSCloudFormation', call.at);
    if (principal === undefined) throw invalid(`Role ${roleArn} is invalid or cannot be assumed`);
    return principal;
  }

  /** @throws Refusal */
  blueprint(
    stack: Stack,
    template: Template,
    parameters: ReadonlyMap<string, string>,
    arns: readonly string[],
  ): Blueprint {
    const home = { ...stack.identity, partition: this.context.partition };
    return judged(() => {
      const blueprint = new Blueprint(template, parameters, {
        place: { ...home, stackName: stack.identity.name, stackId: stack.identity.id },
        notificationArns: arns,
        imported: (name) => this.#exported(home, name),
      });
      blueprint.checkAttributes(this.world.shapes);
      return blueprint;
    });
  }

  journal(stack: Stack, operation: Operation, blueprint: Blueprint | undefined): Journal {
    const secrets = blueprint === undefined ? [] : secretsOf(blueprint.template, blueprint.parameters);
    return new Journal(stack, operation, this.world.random, secrets);
  }

  nesting(operation: Operation, texts: Texts, preserve: boolean): NestedStacks {
    return new NestedStacks({
      open: (parent, logicalId, at) => this.child(parent, logicalId, at),
      draw: (child, url, parameters) => this.#draw(child, texts.get(url), url, parameters),
      journal: (child, own, blueprint) => this.journal(child, own, blueprint),
      operation: (type) => this.operation(type, operation.token),
      family: this.family,
      preserve,
    });
  }

  job(
    stack: Stack,
    operation: Operation,
    principal: Principal,
    options: { readonly goal?: Goal; readonly texts?: Texts; readonly mode?: string | undefined } = {},
  ): Job {
    const { id, name, account, region } = stack.identity;
    const { goal, texts = new Map(), mode = stack.final().mode } = options;
    return {
      world: this.world,
      journal: this.journal(stack, operation, goal?.blueprint),
      place: { partition: this.context.partition, account, region, stackName: name, stackId: id },
      principal,
      nesting: this.nesting(operation, texts, goal?.preserve ?? true),
      express: mode === 'EXPRESS',
    };
  }

  /** The texts of all nested templates, those under nested ones too. URLs that depend on resources cannot be known. */
  async nestedTexts(call: Call, blueprint: Blueprint, texts = new Map<string, string>()): Promise<Texts> {
    for (const resource of blueprint.resources.values()) {
      if (resource.type !== 'AWS::CloudFormation::Stack') continue;
      const url = judged(() => String(blueprint.properties(resource, () => 'later')['TemplateURL']));
      if (texts.has(url)) continue;
      const text = await this.source.fetch(call, url);
      texts.set(url, text);
      const template = readTemplate(text);
      const parameters = new Map([...template.parameters.values()].map((each) => [each.name, each.default ?? '']));
      const stack = this.store.detached(this.store.home(call), resource.logicalId, call.at);
      await this.nestedTexts(call, this.blueprint(stack, template, parameters, []), texts);
    }
    return texts;
  }

  /** Plans a deployment from `at` to its good or bad end. */
  deploy(order: Order, at: number): void {
    const { stack, kind, goal, operation, patch } = order;
    const job = this.job(stack, operation, order.principal, { goal, texts: order.texts, mode: patch.mode });
    const operations = [operation, ...stack.final().operations];
    const updated = kind === 'CREATE' ? {} : { updatedAt: at };
    job.journal.status(at, `${kind}_IN_PROGRESS`, 'User Initiated', { ...patch, ...updated, operations });
    const alarm = this.#alarm(stack, at);
    const course = pursue(job, goal, at, alarm);
    const watched = course.end + this.#monitoring(stack);
    if (hasFailed(course)) this.#conclude(job, order, course);
    else if (alarm !== undefined && alarm.at <= watched)
      this.#conclude(job, order, { ...course, end: alarm.at, cause: alarm.cause });
    else settle(job, goal, kind, watched);
  }

  #conclude(job: Job, { kind, goal }: Order, course: Course): void {
    const { stack } = job.journal;
    const { onFailure, stable, retainExceptOnCreate } = stack.final();
    const reason = summaryOf(course);
    if (goal.preserve) {
      job.journal.status(course.end, `${kind === 'CREATE' ? 'CREATE' : 'UPDATE'}_FAILED`, reason);
      return;
    }
    const options = { ...SIMPLE_ROLLBACK, retainExceptOnCreate };
    if (stable !== undefined) undoUpdate(job, course.end, reason, options);
    else if (onFailure === 'DELETE') remove(job, course.end, new Set(), `${reason}Delete requested by user.`);
    else undoCreation(job, course.end, `${reason}Rollback requested by user.`, options);
  }

  /** The first alarm that ends an operation from outside. */
  #alarm(stack: Stack, at: number): Alarm | undefined {
    return this.world.scenario.alarms
      .filter(({ arn }) => triggersOf(stack).includes(arn))
      .map(({ arn, after }) => ({ at: at + after, cause: `Rollback trigger [${arn}] went into ALARM state. ` }))
      .sort((left, right) => left.at - right.at)[0];
  }

  #monitoring(stack: Stack): number {
    return Number(stack.final().deployed.rollbackConfiguration?.['MonitoringTimeInMinutes'] ?? 0) * 60_000;
  }

  #exported(home: Home, name: string): string | undefined {
    return this.store.exports(home, Number.POSITIVE_INFINITY).find((one) => one.name === name)?.value;
  }

  /** The stack a nested change set has made already, or a new one. */
  child(parent: Stack, logicalId: string, at: number): Stack {
    const name = `${parent.identity.name}-${logicalId}-`;
    const planned = this.store
      .children(parent)
      .find((child) => child.identity.name.startsWith(name) && child.final().status === 'REVIEW_IN_PROGRESS');
    const home = { ...parent.identity, partition: this.context.partition };
    return planned ?? this.store.open(home, `${name}${this.world.random.upper(12)}`, at, parent);
  }

  #draw(child: Stack, text: string | undefined, url: string, given: ReadonlyMap<string, string>): ChildPlan | string {
    if (text === undefined) return `TemplateURL ${url} depends on resources, which local AWS does not follow`;
    const list = [...given].map(([ParameterKey, ParameterValue]) => ({ ParameterKey, ParameterValue }));
    try {
      const template = readTemplate(text);
      const parameters = resolveParameters(template, list, new Map());
      return { text, blueprint: this.blueprint(child, template, parameters, []) };
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}

const triggersOf = (stack: Stack): readonly string[] => {
  const triggers = stack.final().deployed.rollbackConfiguration?.['RollbackTriggers'];
  return Array.isArray(triggers) ? triggers.map((trigger) => String(trigger?.Arn)) : [];
};
