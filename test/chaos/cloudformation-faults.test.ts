import { afterAll } from '@jest/globals';
import { Theatre } from './cloudformation.js';
import { undergo } from './ordeal.js';
import { faultsOn } from './schedule.js';

const theatre = await Theatre.open();
const { stage } = theatre;
afterAll(() => stage.close());

const ground = {
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

undergo({
  name: 'verdict and outputs of a deploy are the stack’s true end, nothing runs twice, and no change set is left',
  seeds: 1000,
  play: async (random) => {
    const story = await theatre.prepare(random);
    const faults = faultsOn(random, ground);
    stage.aws.setFaults(faults);
    const run = await stage.deploy(story.inputs, { random: () => random.number() });
    const post = await stage.post(run.host.memory.state);
    const end = await theatre.truth();
    const isTrue = (run.failure === undefined) === end.isThere && 'NewName' in run.outputs === end.isThere;
    if (isTrue && !end.isTwice && end.leftovers.length === 0) return undefined;
    return { story, faults, failure: run.failure, outputs: run.outputs, writes: run.writes, post: post.log, end };
  },
});
