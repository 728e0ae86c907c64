import { setTimeout } from 'node:timers/promises';
import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import { DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { actionFolder, onlooker, openAccount, openJob, writeTemplate } from './account.js';
import type { Bar } from './bar.js';
import { type Bench, type Figure, type Ground, median } from './bench.js';

const bars = {
  'up to a minute': { kind: 'beyond', limit: 2 },
  'beyond a minute': { kind: 'percent-beyond', limit: 3 },
} as const satisfies Readonly<Record<string, Bar>>;

/** Seconds that the one resource of a stack takes. */
const lengths = [10, 60, 100];
const rounds = 3;
/** Seconds that CloudFormation takes over a change set. */
const changeSet = 1;
/** Between the beginnings of two deploys, so that none pays for the start of another: milliseconds. */
const apart = 2000;

/** Both in seconds. */
interface Times {
  readonly ours: number;
  readonly own: number;
}

/** From the first event of a stack's creation to its last: CloudFormation's own time, in seconds. */
const timeOfCreation = async (aws: LocalAws, stack: string): Promise<number> => {
  const client = onlooker(aws);
  const { StackEvents: events = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stack }));
  client.destroy();
  const at = (status: string): number => {
    const event = events.find(({ LogicalResourceId: id, ResourceStatus }) => id === stack && ResourceStatus === status);
    if (event?.Timestamp === undefined) throw new Error(`stack ${stack} was never ${status}`);
    return event.Timestamp.getTime();
  };
  return (at('CREATE_COMPLETE') - at('CREATE_IN_PROGRESS')) / 1000;
};

const deploy = async (ground: Ground, aws: LocalAws, length: number, round: number): Promise<Times> => {
  const stack = `slow-${length}-${round}`;
  const resources = { Slow: { Type: 'Bench::Slow', Properties: { Seconds: length } } };
  const template = writeTemplate(ground, `${stack}.json`, resources);
  await using job = openJob(aws, ground);
  const since = performance.now();
  await job.run({ action: actionFolder(ground, 'cloudformation-deploy'), inputs: { name: stack, template } });
  await job.finish();
  const ours = (performance.now() - since) / 1000;
  return { ours, own: changeSet + (await timeOfCreation(aws, stack)) };
};

const figureOf = (length: number, times: readonly Times[]): Figure => {
  const own = median(times.map((time) => time.own));
  return {
    what: `a deploy whose resource takes ${length} s, main and post`,
    unit: 's',
    ours: own + median(times.map((time) => time.ours - time.own)),
    other: { name: "CloudFormation's own", value: own },
    bar: bars[length <= 60 ? 'up to a minute' : 'beyond a minute'],
  };
};

/** How much longer a deploy takes than CloudFormation itself. */
export const deployOverhead: Bench = {
  name: 'deploy-overhead',
  measure: async (ground) => {
    const aws = await openAccount({ create: '1s', changeSet: `${changeSet}s` });
    ground.say(`${rounds} deploys each of ${lengths.join(', ')} s, side by side`);
    const runs = Array.from({ length: rounds }, (_, round) => lengths.map((length) => ({ length, round }))).flat();
    const times = await Promise.all(
      runs.map(async ({ length, round }, index) => {
        await setTimeout(index * apart);
        return { length, ...(await deploy(ground, aws, length, round)) };
      }),
    );
    await aws.close();
    return lengths.map((length) =>
      figureOf(
        length,
        times.filter((time) => time.length === length),
      ),
    );
  },
};
