import type { z } from 'zod';
import type { ApiCall, Document } from '../../api-call.js';
import {
  dispatchByOperation,
  type OperationHandler,
  type OperationHandlers,
  type Service,
  type ServiceContext,
} from '../../service.js';
import { ChangeSets } from './change-set/change-sets.js';
import { Deployments } from './operation/deployments.js';
import { Engine } from './operation/engine.js';
import { RecoveryOperations } from './operation/recovery-operations.js';
import { type Inputs, inputSchemas, parseInput } from './operation-inputs.js';
import { stackIdNotFound, validationError } from './responses.js';
import type { CloudFormationScenario } from './scenario.js';
import { DescribeOperations } from './stack/describe-operations.js';
import { DriftOperations } from './stack/drift-operations.js';
import type { StackStore } from './stack/stack-store.js';
import { StackSets } from './stack-set/stack-sets.js';

const setTerminationProtection = (
  store: StackStore,
  call: ApiCall,
  input: Inputs['UpdateTerminationProtection'],
): Document => {
  const { stack, snapshot } = store.getStack(call, stackIdNotFound);
  if (stack.identity.parent !== undefined)
    throw validationError('Termination protection of a nested stack cannot be changed: change it on the root stack');
  if (snapshot.status.startsWith('DELETE_'))
    throw validationError(`Stack [${stack.identity.id}] is in ${snapshot.status} state`);
  stack.protection.plan(call.at, input.EnableTerminationProtection);
  return { StackId: stack.identity.id };
};

const createWriteHandlers = (engine: Engine, deployments: Deployments, changeSets: ChangeSets): OperationHandlers => {
  const { store } = engine;
  const recovery = new RecoveryOperations(engine);
  const accept =
    <Schema extends z.ZodType>(
      schema: Schema,
      execute: (call: ApiCall, input: z.output<Schema>) => Document | Promise<Document>,
    ): OperationHandler =>
    (call) => {
      const input = parseInput(schema, call);
      return store.runOnce(call, () => execute(call, input));
    };
  return {
    CancelUpdateStack: accept(inputSchemas.CancelUpdateStack, (call) => recovery.cancel(call)),
    ContinueUpdateRollback: accept(inputSchemas.ContinueUpdateRollback, (call, input) =>
      recovery.continueRollback(call, input),
    ),
    CreateChangeSet: accept(inputSchemas.CreateChangeSet, (call, input) => changeSets.create(call, input)),
    CreateStack: accept(inputSchemas.CreateStack, (call, input) => deployments.create(call, input)),
    DeleteChangeSet: (call) => changeSets.delete(call),
    DeleteStack: accept(inputSchemas.DeleteStack, (call, input) => recovery.delete(call, input)),
    ExecuteChangeSet: accept(inputSchemas.ExecuteChangeSet, (call, input) => changeSets.execute(call, input)),
    RollbackStack: accept(inputSchemas.RollbackStack, (call, input) => recovery.rollback(call, input)),
    // A stack policy is stored and returned, but not enforced.
    SetStackPolicy: accept(inputSchemas.SetStackPolicy, (call, { StackPolicyBody }) => {
      store.getStack(call).stack.policy.plan(call.at, StackPolicyBody);
      return {};
    }),
    UpdateStack: accept(inputSchemas.UpdateStack, (call, input) => deployments.update(call, input)),
    UpdateTerminationProtection: accept(inputSchemas.UpdateTerminationProtection, (call, input) =>
      setTerminationProtection(store, call, input),
    ),
  };
};

/** CloudFormation: operations on stacks and change sets. */
export const createCloudFormation = (context: ServiceContext<CloudFormationScenario>): Service => {
  const engine = new Engine(context);
  const { uncheckedTypes } = engine.operationContext;
  const deployments = new Deployments(engine);
  const changeSets = new ChangeSets(engine, deployments);
  const dispatch = dispatchByOperation({
    ...changeSets.readHandlers,
    ...new DescribeOperations(engine, changeSets).handlers,
    ...new DriftOperations(engine).handlers,
    ...createWriteHandlers(engine, deployments, changeSets),
    ...new StackSets(context, engine).handlers,
  });
  return {
    // A response has the resource types whose permissions its operation did not check, for the call log.
    handle: async (call) => {
      const response = await dispatch(call);
      const types = [...uncheckedTypes].sort();
      uncheckedTypes.clear();
      return response.kind === 'output' && types.length > 0 ? { ...response, uncheckedTypes: types } : response;
    },
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
