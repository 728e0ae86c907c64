import { afterAll } from '@jest/globals';
import { renderThings } from '../../actions/cloudformation-deploy/test/harness.js';
import { ScenarioFixture } from './deploy-scenarios.js';
import { runWithSeeds } from './fault-injection.js';
import { createFaultSchedule, pickRandom, randomBelow } from './fault-schedule.js';

const fixture = await ScenarioFixture.create();
const { harness } = fixture;
afterAll(() => harness.close());

const base = { template: harness.write('before.json', renderThings({ A: 'good' })) };
const next = { template: harness.write('after.json', renderThings({ A: 'better', New: 'good' })) };

const FAULT_TARGET = {
  service: 'cloudformation',
  operations: ['CreateChangeSet', 'DescribeChangeSet', 'ListChangeSets', 'DeleteChangeSet', 'DeleteStack', 'Describe*'],
  // No stale reads: a run cannot know that what it reads of a concurrent run is out of date.
  reads: [],
};

runWithSeeds({
  name: 'previews of one stack beside each other, and beside a deploy, are all right, and leave nothing',
  seeds: 50,
  runSeed: async (random) => {
    harness.aws.reset();
    for (const inputs of pickRandom(random, [[], [base]])) await harness.deploy(inputs);
    const before = await fixture.readStatus();
    const faults = createFaultSchedule(random, FAULT_TARGET);
    harness.aws.setFaults(faults);
    const modes = pickRandom(random, [
      ['preview', 'preview'],
      ['preview', 'preview', 'preview'],
      ['preview', 'deploy'],
      ['preview', 'deploy', 'preview'],
    ]);
    const runs = await Promise.all(
      modes.map(async (mode) => {
        await harness.wait(randomBelow(random, 40) / 10);
        return harness.deploy({ ...next, mode }, { random: () => random.number() });
      }),
    );
    const end = await fixture.readFinalState();
    const isDeployed = modes.includes('deploy');
    const previews = runs.filter((_, index) => modes[index] === 'preview');
    const failed = previews.flatMap(({ failure }) => failure ?? []);
    const isAsBefore = isDeployed || end.status === before;
    if (failed.length === 0 && isAsBefore && end.orphanedChangeSets.length === 0 && end.status !== 'REVIEW_IN_PROGRESS')
      return undefined;
    return { modes, faults, before, end, failed, writes: runs.map(({ writes }) => writes) };
  },
});
