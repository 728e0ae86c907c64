import { neededCapabilities, openCapabilities } from '@aws-delivery/template/capability';
import type { Template } from '@aws-delivery/template/template';
import { type Call, output, type Reply } from '../../call.js';
import { fits } from '../../iam/pattern.js';
import { Comparison } from './change.js';
import type { Kind } from './course.js';
import type { Engine, Order, Prepared } from './engine.js';
import type { Patch } from './journal.js';
import { checkUpdate } from './legality.js';
import { NestedStacks } from './nested.js';
import { resolveParameters } from './parameter.js';
import { invalid, refusal } from './refusal.js';
import { checkName, type DeployInput, type Inputs } from './request.js';
import { newFact, type Stack } from './stack.js';
import { readTemplate } from './template-source.js';

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

/** What an input says of how it is to be done. */
type Terms = Pick<DeployInput, 'DeploymentConfig'> & { readonly ClientRequestToken?: string | undefined };

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
    const parameters = resolveParameters(template, input.Parameters, previous?.blueprint.parameters ?? new Map());
    const notificationArns = input.NotificationARNs ?? previous?.notificationArns ?? [];
    const blueprint = engine.blueprint(stack, template, parameters, notificationArns);
    const roleArn = input.RoleARN ?? previous?.roleArn;
    const deployed = {
      text,
      blueprint,
      notificationArns,
      roleArn,
      tags: input.Tags ?? previous?.tags ?? [],
      capabilities: input.Capabilities,
      rollbackConfiguration: input.RollbackConfiguration ?? previous?.rollbackConfiguration,
      outputs: previous?.outputs ?? [],
      imports: previous?.imports ?? [],
    };
    const texts = await engine.nestedTexts(call, blueprint);
    return { deployed, texts, principal: engine.principal(call, roleArn) };
  }

  async create(call: Call, input: Inputs['CreateStack']): Promise<Reply> {
    checkName(input.StackName, 'stackName');
    if (input.DisableRollback !== undefined && input.OnFailure !== undefined) {
      throw invalid('Only one of DisableRollback and OnFailure can be specified');
    }
    const { store } = this.engine;
    const stack = store.detached(store.home(call), input.StackName);
    const prepared = await this.prepare(call, input, stack, false);
    if (store.find(call, input.StackName) !== undefined) {
      throw refusal('AlreadyExistsException', `Stack [${input.StackName}] already exists`);
    }
    store.register(stack).facts.plan(call.at, newFact(prepared.deployed));
    stack.protection.plan(call.at, input.EnableTerminationProtection);
    const disableRollback = isPreserving(input.DisableRollback, input.DeploymentConfig, input.OnFailure);
    const order = this.order(stack, 'CREATE', prepared, input);
    return this.#begin(call, input, order, { disableRollback, onFailure: input.OnFailure });
  }

  async update(call: Call, input: Inputs['UpdateStack']): Promise<Reply> {
    const found = this.engine.store.living(call);
    const { stack } = found;
    const disableRollback = isPreserving(input.DisableRollback, input.DeploymentConfig, undefined);
    const ask = { disableRollback, mode: input.DeploymentConfig?.Mode };
    checkUpdate(found, ask);
    const prepared = await this.prepare(call, input, stack, false);
    // Another call may have come in between, while templates were read from S3.
    checkUpdate(this.engine.store.living(call), ask);
    const order = this.order(stack, 'UPDATE', prepared, input);
    if (this.isEmpty(order)) throw invalid('No updates are to be performed.');
    return this.#begin(call, input, order, { disableRollback });
  }

  #begin({ at }: Call, input: Pick<Inputs['UpdateStack'], 'RetainExceptOnCreate'>, order: Order, more: Patch): Reply {
    const terms = { ...order.terms, ...more, retainExceptOnCreate: input.RetainExceptOnCreate };
    this.engine.deploy({ ...order, terms }, at);
    return output({ StackId: order.stack.identity.id, OperationId: order.operation.id });
  }

  /** A preserved failure is never empty: there is always something to take up again (aws-facts §7.1). */
  isEmpty(order: Order): boolean {
    const { status, deployed } = order.stack.final();
    if (!status.endsWith('_COMPLETE')) return false;
    const comparison = this.compare(order);
    const isSameTags = JSON.stringify(deployed.tags) === JSON.stringify(order.deployed.tags);
    return isSameTags && comparison.changes().length === 0 && !comparison.hasOtherOutputs();
  }

  compare({ stack, deployed, texts }: Order): Comparison {
    return new Comparison(stack, deployed.blueprint, this.engine.world.shapes, new NestedStacks(this.engine, texts));
  }

  order(stack: Stack, kind: Kind, prepared: Prepared, { DeploymentConfig, ClientRequestToken }: Terms): Order {
    const operation = this.engine.operation(`${kind}_STACK`, ClientRequestToken);
    return { ...prepared, stack, kind, operation, terms: { mode: DeploymentConfig?.Mode ?? 'STANDARD' } };
  }
}
