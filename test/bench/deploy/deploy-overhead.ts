import { setTimeout } from 'node:timers/promises';
import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import { DescribeStackEventsCommand } from '@aws-sdk/client-cloudformation';
import { createCloudFormationClient, createJob, getActionDirectory, startAccount, writeTemplate } from '../account.js';
import { type Benchmark, type BenchmarkContext, computeMedian, type Figure } from '../benchmark.js';
import type { Budget } from '../budget.js';

const BUDGETS = {
  'up to a minute': { kind: 'max-increase', limit: 2 },
  'beyond a minute': { kind: 'max-increase-percent', limit: 3 },
} as const satisfies Readonly<Record<string, Budget>>;

/** Durations of a stack's only resource. */
const DURATIONS_SECONDS = [10, 60, 100];
const ROUNDS = 3;
/** Duration of the creation of a change set. */
const CHANGE_SET_SECONDS = 1;
/** Interval between two starts, so that the start of one process does not slow another. */
const START_INTERVAL_MS = 2000;

/** Durations in seconds. */
interface Times {
  readonly total: number;
  readonly cloudformation: number;
}

/** Seconds from the first event of a stack's creation to the last: the time that CloudFormation itself takes. */
const readCreationTime = async (aws: LocalAws, stack: string): Promise<number> => {
  const client = createCloudFormationClient(aws);
  const { StackEvents: events = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stack }));
  client.destroy();
  const getEventTime = (status: string): number => {
    const event = events.find(({ LogicalResourceId: id, ResourceStatus }) => id === stack && ResourceStatus === status);
    if (event?.Timestamp === undefined) throw new Error(`stack ${stack} was never ${status}`);
    return event.Timestamp.getTime();
  };
  return (getEventTime('CREATE_COMPLETE') - getEventTime('CREATE_IN_PROGRESS')) / 1000;
};

const measureDeploy = async (
  context: BenchmarkContext,
  aws: LocalAws,
  length: number,
  round: number,
): Promise<Times> => {
  const stack = `slow-${length}-${round}`;
  const resources = { Slow: { Type: 'Bench::Slow', Properties: { Seconds: length } } };
  const template = writeTemplate(context, `${stack}.json`, resources);
  await using job = createJob(aws, context);
  const since = performance.now();
  await job.run({ action: getActionDirectory(context, 'cloudformation-deploy'), inputs: { name: stack, template } });
  await job.finish();
  const total = (performance.now() - since) / 1000;
  return { total, cloudformation: CHANGE_SET_SECONDS + (await readCreationTime(aws, stack)) };
};

const buildFigure = (length: number, times: readonly Times[]): Figure => {
  const cloudformation = computeMedian(times.map((time) => time.cloudformation));
  return {
    label: `a deploy whose resource takes ${length} s, main and post`,
    unit: 's',
    value: cloudformation + computeMedian(times.map((time) => time.total - time.cloudformation)),
    reference: { name: "CloudFormation's own", value: cloudformation },
    budget: BUDGETS[length <= 60 ? 'up to a minute' : 'beyond a minute'],
  };
};

/** The time that a deployment takes beyond CloudFormation's own. */
export const deployOverhead: Benchmark = {
  name: 'deploy-overhead',
  measure: async (context) => {
    const aws = await startAccount({ create: '1s', changeSet: `${CHANGE_SET_SECONDS}s` });
    context.log(`${ROUNDS} deploys each of ${DURATIONS_SECONDS.join(', ')} s, side by side`);
    const runs = Array.from({ length: ROUNDS }, (_, round) =>
      DURATIONS_SECONDS.map((length) => ({ length, round })),
    ).flat();
    const times = await Promise.all(
      runs.map(async ({ length, round }, index) => {
        await setTimeout(index * START_INTERVAL_MS);
        return { length, ...(await measureDeploy(context, aws, length, round)) };
      }),
    );
    await aws.close();
    return DURATIONS_SECONDS.map((length) =>
      buildFigure(
        length,
        times.filter((time) => time.length === length),
      ),
    );
  },
};
