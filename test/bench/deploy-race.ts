import { openAccount } from './account.js';
import type { Bar } from './bar.js';
import { type Bench, type Figure, median } from './bench.js';
import { type Deploy, deployByAction, deployByCli, type Kind, kinds, writeTemplates } from './deploy.js';

const bar: Bar = { kind: 'no-more' };
const rounds = 7;

/** Seconds of every round. */
type Times = Readonly<Record<Kind, number[]>>;

interface Racer {
  readonly name: string;
  readonly deploy: Deploy;
  readonly times: Times;
}

const racer = (name: string, deploy: Deploy): Racer => ({
  name,
  deploy,
  times: { 'a new stack': [], 'a change': [], 'no change': [] },
});

const race = async (racers: readonly Racer[], templates: Readonly<Record<Kind, string>>): Promise<void> => {
  for (let round = 0; round < rounds; round += 1) {
    for (const kind of kinds) {
      for (const { name, deploy, times } of racers) {
        const since = performance.now();
        await deploy(`${name}-${round}`, templates[kind]);
        times[kind].push((performance.now() - since) / 1000);
      }
    }
  }
};

const figureOf = (kind: Kind, ours: Racer, theirs: Racer): Figure => ({
  what: `a deploy of ${kind}, ready at once, main and post`,
  unit: 's',
  ours: median(ours.times[kind]),
  other: { name: '`aws cloudformation deploy`', value: median(theirs.times[kind]) },
  bar,
});

/** Whether the action is as fast as what it replaces, where CloudFormation takes no time. Runs alternate. */
export const deployRace: Bench = {
  name: 'deploy-race',
  measure: async (ground) => {
    const { awsCli, say } = ground;
    if (awsCli === undefined) return [{ what: 'a deploy beside `aws cloudformation deploy`', skipped: 'no AWS CLI' }];
    const aws = await openAccount({ create: 0, update: 0, changeSet: 0 });
    const ours = racer('ours', deployByAction(ground, aws));
    const theirs = racer('theirs', deployByCli(awsCli, ground, aws));
    say(`${rounds} rounds beside the AWS CLI`);
    await race([ours, theirs], writeTemplates(ground));
    await aws.close();
    return kinds.map((kind) => figureOf(kind, ours, theirs));
  },
};
