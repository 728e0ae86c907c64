import { filterUnacknowledgedCapabilities, findRequiredCapabilities } from '@aws-delivery/template/capability';
import type { Template } from '@aws-delivery/template/template';
import type { ApiCall, Document } from '../../../api-call.js';
import { matchesPattern } from '../../../iam/pattern.js';
import { serviceError } from '../../../service-error.js';
import { StackComparison } from '../change-set/stack-comparison.js';
import { checkName, checkTags, type DeployInput, type Inputs } from '../operation-inputs.js';
import { validationError } from '../responses.js';
import { checkUpdate } from '../stack/preconditions.js';
import { createInitialSnapshot, type Stack } from '../stack/stack.js';
import type { SnapshotPatch } from '../stack/stack-event-log.js';
import { listSsmNames, resolveParameters } from '../template/parameters.js';
import { readTemplate, withValidationErrors } from '../template/template-source.js';
import type { Engine, PreparedDeployment, StackDeployment } from './engine.js';
import { NestedStacks } from './nested-stacks.js';
import type { DeploymentKind } from './stack-operation.js';

/** Whether rollback is disabled; by default only for EXPRESS and `OnFailure: DO_NOTHING` (docs/aws-facts.md §1.4). */
export const resolveDisableRollback = (
  requested: boolean | undefined,
  config: DeployInput['DeploymentConfig'],
  onFailure: string | undefined,
): boolean => requested ?? config?.DisableRollback ?? (config?.Mode === 'EXPRESS' || onFailure === 'DO_NOTHING');

const checkTemplate = (template: Template, input: DeployInput, isChangeSet: boolean): void => {
  const required = findRequiredCapabilities(template).filter(
    ({ capability }) => !(isChangeSet && capability === 'CAPABILITY_AUTO_EXPAND'),
  );
  const missing = filterUnacknowledgedCapabilities(required, input.Capabilities).map(({ capability }) => capability);
  if (missing.length > 0) {
    throw serviceError('InsufficientCapabilitiesException', `Requires capabilities : [${missing.join(', ')}]`);
  }
  const { ResourceTypes: types } = input;
  const disallowed = [...template.resources.values()].find(
    ({ type }) => types?.some((pattern) => matchesPattern(pattern, type)) === false,
  );
  if (disallowed !== undefined)
    throw validationError(`Resource type ${disallowed.type} is not allowed by parameter ResourceTypes`);
};

type OperationOptions = Pick<DeployInput, 'DeploymentConfig'> & { readonly ClientRequestToken?: string | undefined };

/** CreateStack and UpdateStack, and the preparation of deployments that change sets share with them. */
export class Deployments {
  constructor(private readonly engine: Engine) {}

  /**
   * Loads template and parameters for a new or existing stack. @throws ServiceError if CloudFormation would reject the
   * input
   */
  async prepare(call: ApiCall, input: DeployInput, stack: Stack, isChangeSet: boolean): Promise<PreparedDeployment> {
    const { engine } = this;
    checkTags(input.Tags);
    const previous = stack.getSnapshot(call.at)?.deployed;
    const templateBody = await engine.templateSource.load(call, input, previous?.templateBody);
    const template = readTemplate(templateBody, engine.operationContext.scenario);
    const parameters = resolveParameters(
      template,
      input.Parameters,
      previous?.resolvedTemplate.parameters ?? new Map(),
    );
    const notificationArns = input.NotificationARNs ?? previous?.notificationArns ?? [];
    const roleArn = input.RoleARN ?? previous?.roleArn;
    const principal = engine.resolvePrincipal(call, roleArn);
    const ssmValues = await engine.readSsmValues(call, principal, listSsmNames(template, parameters));
    const resolvedTemplate = engine.resolveTemplate(stack, template, parameters, notificationArns, ssmValues);
    checkTemplate(resolvedTemplate.template, input, isChangeSet);
    withValidationErrors(() => resolvedTemplate.checkRules(engine.operationContext.scenario.values));
    const deployed = {
      templateBody,
      resolvedTemplate,
      notificationArns,
      roleArn,
      tags: input.Tags ?? previous?.tags ?? [],
      capabilities: input.Capabilities,
      rollbackConfiguration: input.RollbackConfiguration ?? previous?.rollbackConfiguration,
      outputs: previous?.outputs ?? [],
      imports: previous?.imports ?? [],
    };
    const nestedTemplates = await engine.loadNestedTemplates(call, resolvedTemplate);
    return { deployed, nestedTemplates, principal };
  }

  async create(call: ApiCall, input: Inputs['CreateStack']): Promise<Document> {
    checkName(input.StackName, 'stackName');
    if (input.DisableRollback !== undefined && input.OnFailure !== undefined) {
      throw validationError('Only one of DisableRollback and OnFailure can be specified');
    }
    const { store } = this.engine;
    const stack = store.createDetached(store.getScope(call), input.StackName);
    const prepared = await this.prepare(call, input, stack, false);
    if (store.find(call, input.StackName) !== undefined) {
      throw serviceError('AlreadyExistsException', `Stack [${input.StackName}] already exists`);
    }
    store.register(stack).snapshots.plan(call.at, createInitialSnapshot(prepared.deployed));
    stack.protection.plan(call.at, input.EnableTerminationProtection);
    const disableRollback = resolveDisableRollback(input.DisableRollback, input.DeploymentConfig, input.OnFailure);
    const deployment = this.createDeployment(stack, 'CREATE', prepared, input);
    return this.startDeployment(call, input, deployment, { disableRollback, onFailure: input.OnFailure });
  }

  async update(call: ApiCall, input: Inputs['UpdateStack']): Promise<Document> {
    const found = this.engine.store.getLiveStack(call);
    const { stack } = found;
    const disableRollback = resolveDisableRollback(input.DisableRollback, input.DeploymentConfig, undefined);
    const updateOptions = { disableRollback, mode: input.DeploymentConfig?.Mode };
    checkUpdate(found, updateOptions);
    const prepared = await this.prepare(call, input, stack, false);
    // Another call may have changed the stack while templates were loaded from S3.
    checkUpdate(this.engine.store.getLiveStack(call), updateOptions);
    const deployment = this.createDeployment(stack, 'UPDATE', prepared, input);
    if (this.isEmpty(deployment)) throw validationError('No updates are to be performed.');
    return this.startDeployment(call, input, deployment, { disableRollback });
  }

  private startDeployment(
    { at }: ApiCall,
    input: Pick<Inputs['UpdateStack'], 'RetainExceptOnCreate'>,
    deployment: StackDeployment,
    changes: SnapshotPatch,
  ): Document {
    const settings = { ...deployment.settings, ...changes, retainExceptOnCreate: input.RetainExceptOnCreate };
    this.engine.deploy({ ...deployment, settings }, at);
    return { StackId: deployment.stack.identity.id, OperationId: deployment.operation.id };
  }

  /**
   * Whether a deployment changes nothing. After a preserved failure it always retries resources (docs/aws-facts.md
   * §7.1).
   */
  isEmpty(deployment: StackDeployment): boolean {
    const { status, deployed } = deployment.stack.getFinalSnapshot();
    if (!status.endsWith('_COMPLETE')) return false;
    const comparison = this.compare(deployment);
    const isSameTags = JSON.stringify(deployed.tags) === JSON.stringify(deployment.deployed.tags);
    return isSameTags && comparison.listChanges().length === 0 && !comparison.hasOtherOutputs();
  }

  compare({ stack, deployed, nestedTemplates }: StackDeployment): StackComparison {
    return new StackComparison(
      stack,
      deployed.resolvedTemplate,
      this.engine.operationContext.resourceAttributes,
      new NestedStacks(this.engine, nestedTemplates),
    );
  }

  createDeployment(
    stack: Stack,
    kind: DeploymentKind,
    prepared: PreparedDeployment,
    { DeploymentConfig, ClientRequestToken }: OperationOptions,
  ): StackDeployment {
    const operation = this.engine.createEntry(`${kind}_STACK`, ClientRequestToken);
    return { ...prepared, stack, kind, operation, settings: { mode: DeploymentConfig?.Mode ?? 'STANDARD' } };
  }
}
