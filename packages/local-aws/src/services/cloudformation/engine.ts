import type { Template } from '@aws-delivery/template/template';
import type { Call } from '../../call.js';
import type { Principal } from '../../principal.js';
import type { ServiceContext } from '../../service.js';
import { Blueprint } from './blueprint.js';
import { type Kind, pursue, remove, SIMPLE_ROLLBACK, settle, undo } from './course.js';
import { type Alarm, type Course, failureOf, type Job, type World } from './job.js';
import { Journal, type Patch, STACK_TYPE } from './journal.js';
import { NestedStacks } from './nested.js';
import { invalid } from './refusal.js';
import type { CloudFormationScenario } from './scenario.js';
import { Shapes } from './shape.js';
import type { Deployed, Operation, OperationType, Stack } from './stack.js';
import { Store } from './store.js';
import { judged, readTemplate, TemplateSource } from './template-source.js';

/** Texts of nested templates by URL, read before anything is planned: planning takes no time of the server's. */
export type Texts = ReadonlyMap<string, string>;

/** What a stack is to become, read and checked before anything is planned. */
export interface Prepared {
  readonly deployed: Deployed;
  readonly texts: Texts;
  readonly principal: Principal;
}

/** One deployment of a stack, ready to be planned. */
export interface Order extends Prepared {
  readonly stack: Stack;
  readonly kind: Kind;
  readonly operation: Operation;
  /** What the stack says from now on of how it is deployed. */
  readonly terms: Patch;
}

/** What all operations share: makes jobs and blueprints, and plans operations on root stacks. */
export class Engine {
  readonly world: World;
  readonly store: Store;
  readonly source: TemplateSource;

  constructor(private readonly context: ServiceContext<CloudFormationScenario>) {
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
    { identity }: Stack,
    template: Template,
    parameters: ReadonlyMap<string, string>,
    notificationArns: readonly string[],
  ): Blueprint {
    const inTheEnd = { ...identity, at: Number.POSITIVE_INFINITY };
    return judged(() => {
      const blueprint = new Blueprint(template, parameters, {
        place: identity,
        notificationArns,
        imported: (name) => this.store.exports(inTheEnd).find((one) => one.name === name)?.value,
      });
      blueprint.checkAttributes(this.world.shapes);
      return blueprint;
    });
  }

  journal(stack: Stack, operation: Operation): Journal {
    return new Journal(stack, operation, this.world.random);
  }

  /** A journal under the operation that is under way in a stack. */
  running(stack: Stack): Journal {
    const [operation = this.operation('UPDATE_STACK', undefined)] = stack.final().operations;
    return this.journal(stack, operation);
  }

  job(stack: Stack, operation: Operation, principal: Principal, texts: Texts = new Map()): Job {
    const nesting = new NestedStacks(this, texts);
    return { world: this.world, journal: this.journal(stack, operation), principal, nesting };
  }

  /** The texts of all nested templates, those under nested ones too. URLs that depend on resources cannot be known. */
  async nestedTexts(call: Call, blueprint: Blueprint, texts = new Map<string, string>()): Promise<Texts> {
    for (const resource of blueprint.resources.values()) {
      if (resource.type !== STACK_TYPE) continue;
      const url = judged(() => String(blueprint.properties(resource, () => 'later')['TemplateURL']));
      if (texts.has(url)) continue;
      const text = await this.source.fetch(call, url);
      texts.set(url, text);
      const template = readTemplate(text);
      const parameters = new Map([...template.parameters.values()].map((each) => [each.name, each.default ?? '']));
      const stack = this.store.detached(this.store.home(call), resource.logicalId);
      await this.nestedTexts(call, this.blueprint(stack, template, parameters, []), texts);
    }
    return texts;
  }

  /** Plans a deployment from `at` to its good or bad end. */
  deploy({ stack, kind, operation, principal, texts, terms, deployed }: Order, at: number): void {
    const job = this.job(stack, operation, principal, texts);
    job.journal.begin(at, kind, { ...terms, deployed });
    const alarm = this.#alarm(deployed, at);
    const course = pursue(job, at, alarm);
    const { MonitoringTimeInMinutes: minutes = 0 } = deployed.rollbackConfiguration ?? {};
    const watched = course.end + minutes * 60_000;
    if (failureOf(course) !== undefined) conclude(job, kind, course);
    else if (alarm === undefined || alarm.at > watched) settle(job, kind, watched);
    else conclude(job, kind, { ...course, end: alarm.at, cause: alarm.cause });
  }

  /** The first alarm that ends an operation from outside. */
  #alarm({ rollbackConfiguration: { RollbackTriggers: triggers = [] } = {} }: Deployed, at: number): Alarm | undefined {
    return this.world.scenario.alarms
      .filter(({ arn }) => triggers.some((trigger) => trigger.Arn === arn))
      .map(({ arn, after }) => ({ at: at + after, cause: `Rollback trigger [${arn}] went into ALARM state. ` }))
      .sort((left, right) => left.at - right.at)[0];
  }
}

/** The bad end of a deployment, as its stack wants it. */
const conclude = (job: Job, kind: Kind, course: Course): void => {
  const { onFailure, stable, retainExceptOnCreate, disableRollback } = job.journal.stack.final();
  const reason = failureOf(course) ?? '';
  const options = { ...SIMPLE_ROLLBACK, retainExceptOnCreate };
  if (disableRollback) job.journal.status(course.end, `${kind}_FAILED`, reason);
  else if (stable !== undefined) undo(job, course.end, reason, options);
  else if (onFailure === 'DELETE') remove(job, course.end, `${reason}Delete requested by user.`);
  else undo(job, course.end, `${reason}Rollback requested by user.`, options);
};
