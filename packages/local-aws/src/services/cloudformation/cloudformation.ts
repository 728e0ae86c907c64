import { type Call, type Handle, output, type Reply } from '../../call.js';
import { refusable } from '../../refusal.js';
import { byOperation, type Service, type ServiceContext } from '../../service.js';
import { ChangeSets } from './change-sets.js';
import { Deployments } from './deployment.js';
import { Drift } from './drift.js';
import { Engine } from './engine.js';
import { Inspection } from './inspection.js';
import { Recovery } from './recovery.js';
import { invalid, noStackWithId } from './refusal.js';
import type { CloudFormationScenario } from './scenario.js';

type Answer = (call: Call) => Reply | Promise<Reply>;

const reads = (inspection: Inspection, changeSets: ChangeSets, drift: Drift): Readonly<Record<string, Answer>> => ({
  DescribeChangeSet: (call) => changeSets.describe(call),
  DescribeEvents: (call) => inspection.operationEvents(call),
  DescribeStackDriftDetectionStatus: (call) => drift.status(call),
  DescribeStackEvents: (call) => inspection.events(call),
  DescribeStackResourceDrifts: (call) => drift.resources(call, inspection.find(call).stack),
  DescribeStackResources: (call) => inspection.resources(call),
  DescribeStacks: (call) => inspection.stacks(call),
  DetectStackDrift: (call) => drift.detect(call, inspection.find(call).stack),
  GetStackPolicy: (call) => output({ StackPolicyBody: inspection.find(call).stack.policy.latest(call.at)?.fact }),
  GetTemplate: (call) => inspection.template(call),
  ListChangeSets: (call) => changeSets.list(call),
  ListExports: (call) => inspection.exports(call),
  ListStackResources: (call) => inspection.listResources(call),
  ListStacks: (call) => inspection.list(call),
  ValidateTemplate: (call) => inspection.validate(call),
});

/** A stack policy is kept and shown, and judges nothing: whoever sets one wants to know that it arrived. */
const setPolicy = (inspection: Inspection, call: Call): Reply => {
  const body = call.input['StackPolicyBody'];
  if (typeof body !== 'string')
    throw invalid('StackPolicyBody must be specified: local AWS does not model StackPolicyURL');
  inspection.find(call).stack.policy.plan(call.at, body);
  return output({});
};

const setProtection = (inspection: Inspection, call: Call): Reply => {
  const { stack, fact } = inspection.find(call, noStackWithId);
  if (stack.identity.parent !== undefined)
    throw invalid('Termination protection of a nested stack is that of its root: set it there');
  if (fact.status.startsWith('DELETE_')) throw invalid(`Stack [${stack.identity.id}] is in ${fact.status} state`);
  stack.protection.plan(call.at, call.input['EnableTerminationProtection'] === true);
  return output({ StackId: stack.identity.id });
};

/** CloudFormation: everything a stack goes through, and what can be read of it. */
export const createCloudFormation = (context: ServiceContext<CloudFormationScenario>): Service => {
  const engine = new Engine(context);
  const deployments = new Deployments(engine);
  const changeSets = new ChangeSets(engine, deployments);
  const inspection = new Inspection(engine, changeSets);
  const recovery = new Recovery(engine);
  const answers: Readonly<Record<string, Answer>> = {
    ...reads(inspection, changeSets, new Drift(engine)),
    CancelUpdateStack: (call) => recovery.cancel(call),
    ContinueUpdateRollback: (call) => recovery.continueRollback(call),
    CreateChangeSet: (call) => changeSets.create(call),
    CreateStack: (call) => deployments.create(call),
    DeleteChangeSet: (call) => changeSets.delete(call),
    DeleteStack: (call) => recovery.delete(call),
    ExecuteChangeSet: (call) => changeSets.execute(call),
    RollbackStack: (call) => recovery.rollback(call),
    SetStackPolicy: (call) => setPolicy(inspection, call),
    UpdateStack: (call) => deployments.update(call),
    UpdateTerminationProtection: (call) => setProtection(inspection, call),
  };
  const handles = Object.entries(answers).map(([name, answer]): [string, Handle] => [name, refusable(answer)]);
  return {
    handle: byOperation(Object.fromEntries(handles)),
    // The resource is always the stack (Service Authorization Reference, AWS CloudFormation): also of a change set's
    // ARN, and of `stack/name/*`, which is how the catalogue names a stack whose id only this service knows.
    resolve: (call, resource) => {
      const name = /:stack\/([^/]+)\/\*$/.exec(resource)?.[1];
      const named = name === undefined ? undefined : engine.store.find(engine.store.home(call), name, call.at);
      return (named ?? changeSets.stackOf(resource))?.identity.id ?? resource;
    },
  };
};
