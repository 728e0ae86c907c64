import type { z } from 'zod';
import { type Call, output, type Reply } from '../../call.js';
import { refusable } from '../../refusal.js';
import { byOperation, type Service, type ServiceContext } from '../../service.js';
import { ChangeSets } from './change-sets.js';
import { Deployments } from './deployment.js';
import { Drift } from './drift.js';
import { Engine } from './engine.js';
import { Inspection } from './inspection.js';
import { Recovery } from './recovery.js';
import { invalid, noStackWithId } from './refusal.js';
import { type Inputs, inputs, read } from './request.js';
import type { CloudFormationScenario } from './scenario.js';
import type { Store } from './store.js';

type Answer = (call: Call) => Reply | Promise<Reply>;
type Answers = Readonly<Record<string, Answer>>;

const reads = (engine: Engine, changeSets: ChangeSets): Answers => {
  const inspection = new Inspection(engine, changeSets);
  const drift = new Drift(engine);
  return {
    DescribeChangeSet: (call) => changeSets.describe(call),
    DescribeEvents: (call) => inspection.operationEvents(call),
    DescribeStackDriftDetectionStatus: (call) => drift.status(call),
    DescribeStackEvents: (call) => inspection.events(call),
    DescribeStackResourceDrifts: (call) => drift.resources(call),
    DescribeStackResources: (call) => inspection.resources(call),
    DescribeStacks: (call) => inspection.stacks(call),
    DetectStackDrift: (call) => drift.detect(call),
    GetStackPolicy: (call) => inspection.policy(call),
    GetTemplate: (call) => inspection.template(call),
    GetTemplateSummary: (call) => inspection.summary(call),
    ListChangeSets: (call) => changeSets.list(call),
    ListExports: (call) => inspection.exports(call),
    ListStackResources: (call) => inspection.listResources(call),
    ListStacks: (call) => inspection.list(call),
    ValidateTemplate: (call) => inspection.validate(call),
  };
};

/** A stack policy is kept and shown, and judges nothing. */
const setPolicy = (store: Store, call: Call, { StackPolicyBody }: Inputs['SetStackPolicy']): Reply => {
  store.named(call).stack.policy.plan(call.at, StackPolicyBody);
  return output({});
};

const setProtection = (store: Store, call: Call, input: Inputs['UpdateTerminationProtection']): Reply => {
  const { stack, fact } = store.named(call, noStackWithId);
  if (stack.identity.parent !== undefined)
    throw invalid('Termination protection of a nested stack is that of its root: set it there');
  if (fact.status.startsWith('DELETE_')) throw invalid(`Stack [${stack.identity.id}] is in ${fact.status} state`);
  stack.protection.plan(call.at, input.EnableTerminationProtection);
  return output({ StackId: stack.identity.id });
};

const writes = (engine: Engine, deployments: Deployments, changeSets: ChangeSets): Answers => {
  const { store } = engine;
  const recovery = new Recovery(engine);
  const write =
    <Schema extends z.ZodType>(
      schema: Schema,
      act: (call: Call, input: z.output<Schema>) => Reply | Promise<Reply>,
    ): Answer =>
    (call) => {
      const input = read(schema, call);
      return store.once(call, () => act(call, input));
    };
  return {
    CancelUpdateStack: write(inputs.CancelUpdateStack, (call) => recovery.cancel(call)),
    ContinueUpdateRollback: write(inputs.ContinueUpdateRollback, (call, input) =>
      recovery.continueRollback(call, input),
    ),
    CreateChangeSet: write(inputs.CreateChangeSet, (call, input) => changeSets.create(call, input)),
    CreateStack: write(inputs.CreateStack, (call, input) => deployments.create(call, input)),
    DeleteChangeSet: (call) => changeSets.delete(call),
    DeleteStack: write(inputs.DeleteStack, (call, input) => recovery.delete(call, input)),
    ExecuteChangeSet: write(inputs.ExecuteChangeSet, (call, input) => changeSets.execute(call, input)),
    RollbackStack: write(inputs.RollbackStack, (call, input) => recovery.rollback(call, input)),
    SetStackPolicy: write(inputs.SetStackPolicy, (call, input) => setPolicy(store, call, input)),
    UpdateStack: write(inputs.UpdateStack, (call, input) => deployments.update(call, input)),
    UpdateTerminationProtection: write(inputs.UpdateTerminationProtection, (call, input) =>
      setProtection(store, call, input),
    ),
  };
};

/** CloudFormation: everything a stack goes through, and what can be read of it. */
export const createCloudFormation = (context: ServiceContext<CloudFormationScenario>): Service => {
  const engine = new Engine(context);
  const deployments = new Deployments(engine);
  const changeSets = new ChangeSets(engine, deployments);
  const answers = { ...reads(engine, changeSets), ...writes(engine, deployments, changeSets) };
  return {
    handle: byOperation(Object.fromEntries(Object.entries(answers).map(([name, each]) => [name, refusable(each)]))),
    // The resource is always the stack (Service Authorization Reference, AWS CloudFormation): also of a change set's
    // ARN, and of `stack/name/*`, which is how the catalogue names a stack whose id only this service knows.
    resolve: (call, resource) => {
      const name = /:stack\/([^/]+)\/\*$/.exec(resource)?.[1];
      const named = name === undefined ? undefined : engine.store.find(call, name)?.stack;
      return (named ?? changeSets.stackOf(resource))?.identity.id ?? resource;
    },
    provisioned: (type, at) => engine.store.resources(type, at),
  };
};
