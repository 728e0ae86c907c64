import { afterAll } from '@jest/globals';
import { ScenarioFixture } from './deploy-scenarios.js';
import { runWithSeeds } from './fault-injection.js';
import { createFaultSchedule } from './fault-schedule.js';

const fixture = await ScenarioFixture.create();
const { harness } = fixture;
afterAll(() => harness.close());

const FAULT_TARGET = {
  service: 'cloudformation',
  operations: [
    'CreateChangeSet',
    'DescribeChangeSet',
    'ExecuteChangeSet',
    'DeleteChangeSet',
    'UpdateStack',
    'RollbackStack',
    'DescribeStacks',
    'DescribeStackEvents',
    'Describe*',
    '*',
  ],
  reads: ['DescribeStacks', 'DescribeStackEvents', 'DescribeChangeSet', 'Describe*'],
};

runWithSeeds({
  name: 'verdict and outputs of a deploy are the stack’s true end, nothing runs twice, and no change set is left',
  seeds: 100,
  runSeed: async (random) => {
    const deployScenario = await fixture.setUp(random);
    const faults = createFaultSchedule(random, FAULT_TARGET);
    harness.aws.setFaults(faults);
    const run = await harness.deploy(deployScenario.inputs, { random: () => random.number() });
    const post = await harness.post(run.host.recorded.state);
    const end = await fixture.readFinalState();
    const isTrue = (run.failure === undefined) === end.hasSucceeded && 'NewName' in run.outputs === end.hasSucceeded;
    if (isTrue && !end.hasDuplicateOperation && end.orphanedChangeSets.length === 0) return undefined;
    return {
      deployScenario,
      faults,
      failure: run.failure,
      outputs: run.outputs,
      writes: run.writes,
      post: post.log,
      end,
    };
  },
});
