import type { z } from 'zod';
import { type ApiCall, output, type ServiceResponse } from '../../api-call.js';
import type { Service, ServiceContext } from '../../service.js';
import { dispatchWithServiceErrors, type OperationHandler, type OperationHandlers } from '../../service-error.js';
import { ChangeSets } from './change-set/change-sets.js';
import { Deployments } from './operation/deployments.js';
import { Engine } from './operation/engine.js';
import { RecoveryOperations } from './operation/recovery-operations.js';
import { type Inputs, inputSchemas, parseInput } from './operation-inputs.js';
import type { CloudFormationScenario } from './scenario.js';
import { stackIdNotFound, validationError } from './service-errors.js';
import { DescribeOperations } from './stack/describe-operations.js';
import { DriftOperations } from './stack/drift-operations.js';
import type { StackStore } from './stack/stack-store.js';

const createReadHandlers = (engine: Engine, changeSets: ChangeSets): OperationHandlers => {
  const describeOperations = new DescribeOperations(engine, changeSets);
  const driftOperations = new DriftOperations(engine);
  return {
    DescribeChangeSet: (call) => changeSets.describe(call),
    DescribeEvents: (call) => describeOperations.describeOperationEvents(call),
    DescribeStackDriftDetectionStatus: (call) => driftOperations.describeStatus(call),
    DescribeStackEvents: (call) => describeOperations.describeEvents(call),
    DescribeStackResourceDrifts: (call) => driftOperations.describeResourceDrifts(call),
    DescribeStackResource: (call) => describeOperations.describeResource(call),
    DescribeStackResources: (call) => describeOperations.describeResources(call),
    DescribeStacks: (call) => describeOperations.describeStacks(call),
    DetectStackDrift: (call) => driftOperations.detect(call),
    GetStackPolicy: (call) => describeOperations.getPolicy(call),
    GetTemplate: (call) => describeOperations.getTemplate(call),
    GetTemplateSummary: (call) => describeOperations.summarizeTemplate(call),
    ListChangeSets: (call) => changeSets.list(call),
    ListExports: (call) => describeOperations.listExports(call),
    ListImports: (call) => describeOperations.listImports(call),
    ListStackResources: (call) => describeOperations.listResources(call),
    ListStacks: (call) => describeOperations.listStacks(call),
    ValidateTemplate: (call) => describeOperations.validateTemplate(call),
  };
};

/** A stack policy is stored and returned, but not enforced. */
const setStackPolicy = (
  store: StackStore,
  call: ApiCall,
  { StackPolicyBody }: Inputs['SetStackPolicy'],
): ServiceResponse => {
  store.getStack(call).stack.policy.plan(call.at, StackPolicyBody);
  return output({});
};

const setTerminationProtection = (
  store: StackStore,
  call: ApiCall,
  input: Inputs['UpdateTerminationProtection'],
): ServiceResponse => {
  const { stack, snapshot } = store.getStack(call, stackIdNotFound);
  if (stack.identity.parent !== undefined)
    throw validationError('Termination protection of a nested stack cannot be changed: change it on the root stack');
  if (snapshot.status.startsWith('DELETE_'))
    throw validationError(`Stack [${stack.identity.id}] is in ${snapshot.status} state`);
  stack.protection.plan(call.at, input.EnableTerminationProtection);
  return output({ StackId: stack.identity.id });
};

/** A response with the resource types whose permissions its operation did not check, for the call log. */
const withUncheckedTypes = (
  { operationContext: { uncheckedTypes } }: Engine,
  response: ServiceResponse,
): ServiceResponse => {
  const types = [...uncheckedTypes].sort();
  uncheckedTypes.clear();
  return response.kind === 'output' && types.length > 0 ? { ...response, uncheckedTypes: types } : response;
};

const createWriteHandlers = (engine: Engine, deployments: Deployments, changeSets: ChangeSets): OperationHandlers => {
  const { store } = engine;
  const recovery = new RecoveryOperations(engine);
  const createWriteHandler =
    <Schema extends z.ZodType>(
      schema: Schema,
      execute: (call: ApiCall, input: z.output<Schema>) => ServiceResponse | Promise<ServiceResponse>,
    ): OperationHandler =>
    (call) => {
      const input = parseInput(schema, call);
      return store.runOnce(call, async () => withUncheckedTypes(engine, await execute(call, input)));
    };
  return {
    CancelUpdateStack: createWriteHandler(inputSchemas.CancelUpdateStack, (call) => recovery.cancel(call)),
    ContinueUpdateRollback: createWriteHandler(inputSchemas.ContinueUpdateRollback, (call, input) =>
      recovery.continueRollback(call, input),
    ),
    CreateChangeSet: createWriteHandler(inputSchemas.CreateChangeSet, (call, input) => changeSets.create(call, input)),
    CreateStack: createWriteHandler(inputSchemas.CreateStack, (call, input) => deployments.create(call, input)),
    DeleteChangeSet: (call) => changeSets.delete(call),
    DeleteStack: createWriteHandler(inputSchemas.DeleteStack, (call, input) => recovery.delete(call, input)),
    ExecuteChangeSet: createWriteHandler(inputSchemas.ExecuteChangeSet, (call, input) =>
      changeSets.execute(call, input),
    ),
    RollbackStack: createWriteHandler(inputSchemas.RollbackStack, (call, input) => recovery.rollback(call, input)),
    SetStackPolicy: createWriteHandler(inputSchemas.SetStackPolicy, (call, input) =>
      setStackPolicy(store, call, input),
    ),
    UpdateStack: createWriteHandler(inputSchemas.UpdateStack, (call, input) => deployments.update(call, input)),
    UpdateTerminationProtection: createWriteHandler(inputSchemas.UpdateTerminationProtection, (call, input) =>
      setTerminationProtection(store, call, input),
    ),
  };
};

/** CloudFormation: operations on stacks and change sets. */
export const createCloudFormation = (context: ServiceContext<CloudFormationScenario>): Service => {
  const engine = new Engine(context);
  const deployments = new Deployments(engine);
  const changeSets = new ChangeSets(engine, deployments);
  return {
    handle: dispatchWithServiceErrors({
      ...createReadHandlers(engine, changeSets),
      ...createWriteHandlers(engine, deployments, changeSets),
    }),
    // The resource is always the stack (Service Authorization Reference, "AWS CloudFormation"), for a change set's ARN
    // too. The API model uses `stack/name/*` because only this service knows the id.
    resolveArn: (call, resource) => {
      const name = /:stack\/([^/]+)\/\*$/.exec(resource)?.[1];
      const stack = name === undefined ? undefined : engine.store.find(call, name)?.stack;
      return (stack ?? changeSets.findStack(resource))?.identity.id ?? resource;
    },
    listProvisionedResources: (type, at) => engine.store.listResourcesOfType(type, at),
  };
};
