import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasServiceErrorCode } from '@aws-delivery/aws/error';
import { findRequiredCapabilities } from '@aws-delivery/template/capability';
import type { Template } from '@aws-delivery/template/template';
import { type StackSet as AwsStackSet, CreateStackSetCommand } from '@aws-sdk/client-cloudformation';
import type { InvalidStackInputs, StackInputs } from '../template/input-loader.js';
import { findLocalReferences } from '../template/local-references.js';
import { type SetUpdate, StalePlanError } from './operation.js';
import { type Plan, type PlannedOperation, planDeployment } from './plan.js';
import type { StackSetRequest } from './request.js';
import type { StackSetContext, StackSetOutcome } from './result.js';
import {
  assertPermissionModel,
  readState,
  runOperations,
  runWithRetries,
  type State,
  toDesired,
} from './run-operations.js';
import { compareStackSet, toAutoDeployment, toSetMembers } from './set-change.js';

const findServiceManagedObstacle = (template: Template): string | undefined => {
  const nested = [...template.resources.values()].find(({ type }) => type === 'AWS::CloudFormation::Stack');
  const macros = findRequiredCapabilities(template).find(({ capability }) => capability === 'CAPABILITY_AUTO_EXPAND');
  const found = nested === undefined ? macros?.sources[0] : `nested stack ${nested.logicalId}`;
  if (found === undefined) return undefined;
  return `service-managed permissions do not support macros and nested stacks (${found}): use self-managed permissions, or remove it`;
};

/** Refuses what stack sets do not support, before any call. */
const findTemplateObstacle = async ({ request, services }: StackSetContext): Promise<string | undefined> => {
  const { stackInputs, targets } = request;
  if (stackInputs === undefined || stackInputs.template.trim() === 'previous') return undefined;
  const template = await services.inputLoader.readTemplate(stackInputs, undefined);
  const [local] = stackInputs.packageArtifacts ? findLocalReferences(template) : [];
  if (local !== undefined && stackInputs.bucketRegions === undefined) {
    const rule = 'is not packaged, because a stack set needs it in a bucket of each Region';
    return `local path '${local.localPath}' ${rule}: set 's3-bucket' to a name with {region}, such as artifacts-{region}`;
  }
  if (local !== undefined && template.transforms.length > 0) {
    const rule = 'is not packaged for several Regions in a template with transforms';
    return `local path '${local.localPath}' ${rule}: upload it, and refer to it in the template`;
  }
  return targets.kind === 'units' ? findServiceManagedObstacle(template) : undefined;
};

const loadInputs = async (
  { services, request, record, log }: StackSetContext,
  stackSet: AwsStackSet | undefined,
): Promise<StackInputs | InvalidStackInputs> => {
  const { stackInputs } = request;
  if (stackInputs === undefined) throw new DeliveryError('unexpected', `mode ${request.mode} has no template`);
  const parameters = (stackSet?.Parameters ?? []).map(
    ({ ParameterKey = '', ParameterValue = '' }) => [ParameterKey, ParameterValue] as const,
  );
  const previous =
    stackSet === undefined
      ? undefined
      : { id: request.name, parameters: new Map(parameters), template: stackSet.TemplateBody ?? '' };
  const inputs = await services.inputLoader.load(stackInputs, previous);
  if (inputs.kind === 'ready') for (const note of inputs.notes) log.info(note);
  if (inputs.kind === 'ready') record.notes.push(...inputs.warnings.map(({ message }) => message));
  return inputs;
};

interface DeploymentPlan {
  readonly plan: Plan;
  readonly inputs: StackInputs;
  readonly state: State;
}

/** Reads the state and plans the deployment; an outcome if nothing can be deployed. */
const prepareDeployment = async (context: StackSetContext): Promise<DeploymentPlan | StackSetOutcome> => {
  const { request, record } = context;
  const obstacle = await findTemplateObstacle(context);
  if (obstacle !== undefined) return { kind: 'rejected', reason: obstacle };
  const state = await readState(context);
  const { stackSet } = state;
  if (stackSet !== undefined) assertPermissionModel(request, stackSet);
  const inputs = await loadInputs(context, stackSet);
  if (inputs.kind === 'invalid') return { kind: 'invalid', issues: inputs.issues };
  const noChange = { isChanged: false, autoDeployment: false, managedExecution: false, differences: [] };
  const comparison = stackSet === undefined ? noChange : compareStackSet(stackSet, inputs, request.settings);
  if (!record.wasSetUpdated) record.comparison = comparison;
  // A hidden parameter always differs: its new value was sent with the update of this run.
  const change = record.wasSetUpdated ? noChange : comparison;
  const plan = planDeployment(toDesired(request), state, change);
  if (plan.kind === 'planned') record.planned = plan.operations;
  return { plan, inputs, state };
};

const createStackSet = async (context: StackSetContext, inputs: StackInputs): Promise<void> => {
  const { cloudFormation, reader, request, tokens, log } = context;
  const { settings } = request;
  const { managedExecution } = settings;
  const input = {
    ...reader.address,
    ...toSetMembers(inputs, settings),
    PermissionModel: settings.permissionModel,
    AutoDeployment:
      settings.permissionModel === 'SERVICE_MANAGED' ? (toAutoDeployment(settings) ?? { Enabled: false }) : undefined,
    ...(managedExecution === undefined ? {} : { ManagedExecution: { Active: managedExecution } }),
    ClientRequestToken: tokens.create(),
  };
  try {
    await cloudFormation.send(new CreateStackSetCommand(input));
  } catch (error) {
    if (hasServiceErrorCode(error, 'NameAlreadyExistsException'))
      throw new StalePlanError('stack set', { cause: error });
    throw error;
  }
  log.info(`Created stack set ${request.name}`);
  context.record.wasCreated = true;
  context.record.wasSetUpdated = true;
  context.record.stackSet = await reader.find();
};

/** Managed execution changes alone, with everything else as it was. */
const createUpdates = (
  settings: StackSetRequest['settings'],
  inputs: StackInputs,
  stackSet: AwsStackSet | undefined,
  isAutoDeploymentChanged: boolean,
): Partial<Record<PlannedOperation['kind'], SetUpdate>> => {
  const keepParameters = (stackSet?.Parameters ?? []).map(({ ParameterKey }) => ({
    ParameterKey,
    UsePreviousValue: true,
  }));
  const managed: SetUpdate = {
    UsePreviousTemplate: true,
    Parameters: keepParameters,
    Capabilities: stackSet?.Capabilities,
    ManagedExecution: { Active: settings.managedExecution ?? false },
  };
  const isServiceManaged = settings.permissionModel === 'SERVICE_MANAGED';
  return {
    'managed-execution': managed,
    'update-set': {
      ...toSetMembers(inputs, settings),
      ...(isServiceManaged && isAutoDeploymentChanged ? { AutoDeployment: toAutoDeployment(settings) } : {}),
    },
  };
};

export const deployStackSet = (context: StackSetContext): Promise<StackSetOutcome> =>
  runWithRetries(context, async () => {
    const { request, record } = context;
    const prepared = await prepareDeployment(context);
    if ('kind' in prepared) return prepared;
    const { plan, inputs, state } = prepared;
    if (plan.kind === 'blocked') return { kind: 'rejected', reason: plan.reason };
    if (state.stackSet === undefined) await createStackSet(context, inputs);
    const isChanged = record.comparison?.autoDeployment === true;
    const updates = createUpdates(request.settings, inputs, state.stackSet, isChanged);
    const result = await runOperations(context, plan.operations, updates);
    return result === 'succeeded' && plan.isIncomplete ? 'incomplete' : result;
  });

export const previewStackSet = async (context: StackSetContext): Promise<StackSetOutcome> => {
  const prepared = await prepareDeployment(context);
  if ('kind' in prepared) return prepared;
  const { plan, state } = prepared;
  if (plan.kind === 'blocked') return { kind: 'rejected', reason: plan.reason };
  if (state.stackSet === undefined) context.record.notes.push('The stack set does not exist and would be created.');
  return { kind: 'previewed' };
};
