import { afterAll } from '@jest/globals';
import { things } from '../../actions/cloudformation-deploy/test/stage.js';
import { Theatre } from './cloudformation.js';
import { undergo } from './ordeal.js';
import { below, faultsOn, pick } from './schedule.js';

const theatre = await Theatre.open();
const { stage } = theatre;
afterAll(() => stage.close());

const base = { template: stage.write('before.json', things({ A: 'good' })) };
const next = { template: stage.write('after.json', things({ A: 'better', New: 'good' })) };

const ground = {
  service: 'cloudformation',
  operations: ['CreateChangeSet', 'DescribeChangeSet', 'ListChangeSets', 'DeleteChangeSet', 'DeleteStack', 'Describe*'],
  // Whoever reads that another is still there, or no longer, cannot know better.
  reads: [],
};

undergo({
  name: 'previews of one stack beside each other, and beside a deploy, are all right, and leave nothing',
  seeds: 100,
  play: async (random) => {
    stage.aws.reset();
    for (const inputs of pick(random, [[], [base]])) await stage.deploy(inputs);
    const before = await theatre.status();
    const faults = faultsOn(random, ground);
    stage.aws.setFaults(faults);
    const modes = pick(random, [
      ['preview', 'preview'],
      ['preview', 'preview', 'preview'],
      ['preview', 'deploy'],
      ['preview', 'deploy', 'preview'],
    ]);
    const runs = await Promise.all(
      modes.map(async (mode) => {
        await stage.wait(below(random, 40) / 10);
        return stage.deploy({ ...next, mode }, { random: () => random.number() });
      }),
    );
    const end = await theatre.truth();
    const isDeployed = modes.includes('deploy');
    const previews = runs.filter((_, index) => modes[index] === 'preview');
    const failed = previews.flatMap(({ failure }) => failure ?? []);
    const isAsBefore = isDeployed || end.status === before;
    if (failed.length === 0 && isAsBefore && end.leftovers.length === 0 && end.status !== 'REVIEW_IN_PROGRESS')
      return undefined;
    return { modes, faults, before, end, failed, writes: runs.map(({ writes }) => writes) };
  },
});
