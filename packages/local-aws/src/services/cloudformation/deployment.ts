import { neededCapabilities, openCapabilities } from '@aws-delivery/template/capability';
import type { Template } from '@aws-delivery/template/template';
import { type Call, output, type Reply } from '../../call.js';
import { fits } from '../../iam/pattern.js';
import type { Principal } from '../../principal.js';
import type { Blueprint } from './blueprint.js';
import { Comparison } from './change.js';
import type { Kind } from './course.js';
import type { Engine, Order, Texts } from './engine.js';
import { checkUpdate } from './legality.js';
import { resolveParameters } from './parameter.js';
import { invalid, noStack, refusal } from './refusal.js';
import { checkName, type DeployInput, inputs, read } from './request.js';
import { type Deployed, newFact, type Stack, type StackFact } from './stack.js';
import { judged, readTemplate } from './template-source.js';

/** Everything read and checked of a deployment before anything is planned. */
export interface Prepared {
  readonly blueprint: Blueprint;
  readonly texts: Texts;
  readonly deployed: Deployed;
  readonly principal: Principal;
}

/** How failures are met; EXPRESS leaves them as they are unless told otherwise (aws-facts §1.4). */
export const isPreserving = (
  given: boolean | undefined,
  config: DeployInput['DeploymentConfig'],
  onFailure: string | undefined,
): boolean => given ?? config?.DisableRollback ?? (config?.Mode === 'EXPRESS' || onFailure === 'DO_NOTHING');

const checkTemplate = (template: Template, input: DeployInput, isChangeSet: boolean): void => {
  const needs = neededCapabilities(template).filter(
    ({ capability }) => !(isChangeSet && capability === 'CAPABILITY_AUTO_EXPAND'),
  );
  const open = openCapabilities(needs, input.Capabilities).map(({ capability }) => capability);
  if (open.length > 0) {
    throw refusal('InsufficientCapabilitiesException', `Requires capabilities : [${open.join(', ')}]`);
  }
  const { ResourceTypes: types } = input;
  const foreign = [...template.resources.values()].find(
    ({ type }) => types?.some((pattern) => fits(pattern, type)) === false,
  );
  if (foreign !== undefined) throw invalid(`Resource type ${foreign.type} is not allowed by parameter ResourceTypes`);
};

/** CreateStack and UpdateStack, and what change sets share with them. */
export class Deployments {
  constructor(private readonly engine: Engine) {}

  /** Reads template and parameters for a stack that may exist. @throws Refusal for whatever AWS would not begin */
  async prepare(call: Call, input: DeployInput, stack: Stack, isChangeSet: boolean): Promise<Prepared> {
    const { engine } = this;
    const previous = stack.at(call.at)?.deployed;
    const text = await engine.source.text(call, input, previous?.text);
    const template = readTemplate(text);
    checkTemplate(template, input, isChangeSet);
    const old = previous?.parameters ?? new Map();
    const parameters = resolveParameters(template, input.Parameters, old);
    const notificationArns = input.NotificationARNs ?? previous?.notificationArns ?? [];
    const blueprint = engine.blueprint(stack, template, parameters, notificationArns);
    const roleArn = input.RoleARN ?? previous?.roleArn;
    const deployed: Deployed = {
      text,
      template,
      parameters,
      notificationArns,
      roleArn,
      tags: input.Tags ?? previous?.tags ?? [],
      capabilities: input.Capabilities,
      rollbackConfiguration: input.RollbackConfiguration ?? previous?.rollbackConfiguration,
      outputs: previous?.outputs ?? [],
      imports: previous?.imports ?? [],
    };
    const texts = await engine.nestedTexts(call, blueprint);
    return { blueprint, texts, deployed, principal: engine.principal(call, roleArn) };
  }

  async create(call: Call): Promise<Reply> {
    const input = read(inputs.CreateStack, call);
    checkName(input.StackName, 'stackName');
    if (input.DisableRollback !== undefined && input.OnFailure !== undefined) {
      throw invalid('Only one of DisableRollback and OnFailure can be specified');
    }
    return this.engine.store.once(call, input.ClientRequestToken, async () => {
      const { store } = this.engine;
      const home = store.home(call);
      const stack = store.detached(home, input.StackName, call.at);
      const prepared = await this.prepare(call, input, stack, false);
      if (store.find(home, input.StackName, call.at) !== undefined) {
        throw refusal('AlreadyExistsException', `Stack [${input.StackName}] already exists`);
      }
      store.register(stack).facts.plan(call.at, newFact(prepared.deployed));
      stack.protection.plan(call.at, input.EnableTerminationProtection);
      const disableRollback = isPreserving(input.DisableRollback, input.DeploymentConfig, input.OnFailure);
      const order = this.order(stack, 'CREATE', prepared, {
        token: input.ClientRequestToken,
        disableRollback,
        onFailure: input.OnFailure,
        mode: input.DeploymentConfig?.Mode,
        retainExceptOnCreate: input.RetainExceptOnCreate,
      });
      this.engine.deploy(order, call.at);
      return output({ StackId: stack.identity.id, OperationId: order.operation.id });
    });
  }

  async update(call: Call): Promise<Reply> {
    const input = read(inputs.UpdateStack, call);
    return this.engine.store.once(call, input.ClientRequestToken, async () => {
      const stack = this.#updatable(call, input.StackName);
      const disableRollback = isPreserving(input.DisableRollback, input.DeploymentConfig, undefined);
      const ask = { disableRollback, mode: input.DeploymentConfig?.Mode ?? 'STANDARD' };
      const check = () => checkUpdate(stack, stack.at(call.at) ?? stack.final(), ask);
      check();
      const prepared = await this.prepare(call, input, stack, false);
      check();
      const order = this.order(stack, 'UPDATE', prepared, {
        token: input.ClientRequestToken,
        disableRollback,
        mode: input.DeploymentConfig?.Mode,
        retainExceptOnCreate: input.RetainExceptOnCreate,
      });
      if (this.isEmpty(order)) throw invalid('No updates are to be performed.');
      this.engine.deploy(order, call.at);
      return output({ StackId: stack.identity.id, OperationId: order.operation.id });
    });
  }

  /** A preserved failure is never empty: there is always something to take up again (aws-facts §7.1). */
  isEmpty(order: Order): boolean {
    const { stack, patch } = order;
    const { status, deployed } = stack.final();
    if (!status.endsWith('_COMPLETE')) return false;
    const comparison = this.compare(order);
    const isSameTags = JSON.stringify(deployed.tags) === JSON.stringify(patch.deployed.tags);
    return comparison.changes().length === 0 && isSameTags && !judged(() => comparison.hasOtherOutputs());
  }

  compare({ stack, goal, operation, texts }: Order): Comparison {
    const nesting = this.engine.nesting(operation, texts, true);
    return new Comparison(stack, goal.blueprint, {
      shapes: this.engine.world.shapes,
      isSettled: (nested, properties) => nesting.isSettled(nested, properties),
    });
  }

  order(
    stack: Stack,
    kind: Kind,
    { blueprint, texts, deployed, principal }: Prepared,
    terms: Partial<Pick<StackFact, 'onFailure' | 'changeSetId'>> & {
      readonly token: string | undefined;
      readonly disableRollback: boolean;
      readonly mode: string | undefined;
      readonly retainExceptOnCreate: boolean;
    },
  ): Order {
    const { token, mode = 'STANDARD', ...rest } = terms;
    const goal = { blueprint, preserve: terms.disableRollback };
    const operation = this.engine.operation(kind === 'CREATE' ? 'CREATE_STACK' : 'UPDATE_STACK', token);
    return { stack, kind, goal, texts, operation, principal, patch: { ...rest, mode, deployed } };
  }

  #updatable(call: Call, name: string): Stack {
    const { store } = this.engine;
    const stack = store.find(store.home(call), name, call.at);
    if (stack === undefined || stack.at(call.at)?.status === 'DELETE_COMPLETE') throw noStack(name);
    return stack;
  }
}
