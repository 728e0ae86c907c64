import { createRandom, type Random } from '@aws-delivery/local-aws/random';
import { DescribeStackEventsCommand, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { afterAll, describe, expect, it } from '@jest/globals';
import { connectTo } from '../src/services.js';
import { REGION, Stage, things } from './stage.js';

const stage = await Stage.open();
afterAll(() => stage.close());

/**
 * How many schedules to play (1,000 before a release), and from which seed; a failing one is played again with
 * `CHAOS_FROM=seed CHAOS_RUNS=1`.
 */
const runs = Number(process.env['CHAOS_RUNS'] ?? 100);
const from = Number(process.env['CHAOS_FROM'] ?? 1);

type Faults = Parameters<Stage['aws']['setFaults']>[0];
type Fault = Faults[number];

const operations = [
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
];

const below = (random: Random, limit: number): number => Math.floor(random.number() * limit);
const pick = <T>(random: Random, items: readonly T[]): T => {
  const item = items[below(random, items.length)];
  if (item === undefined) throw new Error('nothing to pick from');
  return item;
};

const faultOf = (random: Random): Fault => {
  const operation = pick(random, operations);
  const first = 1 + below(random, 4);
  const when = { service: 'cloudformation', operation, calls: `${first}-${first + below(random, 3)}` };
  const often = { service: 'cloudformation', operation, probability: 0.3 };
  return pick<() => Fault>(random, [
    () => ({ fault: 'throttle', ...when }),
    () => ({ fault: 'throttle', ...often }),
    () => ({ fault: 'error', ...when }),
    () => ({ fault: 'error', ...often }),
    () => ({ fault: 'reset', ...when }),
    () => ({ fault: 'reset', ...often }),
    () => ({ fault: 'lost-reply', ...when }),
    () => ({ fault: 'lost-reply', ...often }),
    () => ({ fault: 'stale', service: 'cloudformation', operation: 'Describe*', by: `${1 + below(random, 8)}s` }),
  ])();
};

interface Story {
  readonly before: readonly Readonly<Record<string, string>>[];
  readonly inputs: Readonly<Record<string, string>>;
}

const template = (name: string, modes: Parameters<typeof things>[0]) => ({
  template: stage.write(`${name}.json`, things(modes)),
});
const base = template('base', { A: 'good' });
const next = template('next', { A: 'better', New: 'good' });
const broken = template('broken', { A: 'better', New: 'bad' });
const flaky = template('flaky', { A: 'better', New: 'flaky' });

/** What is done; it has succeeded when, and only when, the stack has the output `NewName` and is complete. */
const stories: readonly Story[] = [
  { before: [], inputs: next },
  { before: [], inputs: broken },
  { before: [base], inputs: next },
  { before: [base], inputs: broken },
  { before: [base], inputs: { ...flaky, 'retry-attempts': '3' } },
  { before: [base], inputs: { ...broken, 'retry-attempts': '2' } },
  { before: [{ ...broken, 'on-failure': 'preserve' }], inputs: { ...next, 'on-failure': 'preserve' } },
  { before: [broken], inputs: next },
];

/** What is true of the stack, read without faults. */
const truth = async () => {
  stage.aws.setFaults([]);
  await stage.wait(120);
  const client = connectTo(stage.host({}), stage.tune)(REGION);
  const { Stacks: [stack] = [] } = await client
    .send(new DescribeStacksCommand({ StackName: 'shop' }))
    .catch(() => ({ Stacks: [] }));
  if (stack === undefined) return { isThere: false, executions: [], status: 'none' };
  const { StackEvents: events = [] } = await client.send(new DescribeStackEventsCommand({ StackName: stack.StackId }));
  const own = events.filter(
    ({ PhysicalResourceId: id, ResourceStatusReason: reason }) => id === stack.StackId && reason === 'User Initiated',
  );
  const isThere = stack.Outputs?.some(({ OutputKey }) => OutputKey === 'NewName') ?? false;
  return {
    isThere:
      isThere &&
      /(?:CREATE|UPDATE)_COMPLETE$/u.test(stack.StackStatus ?? '') &&
      !/ROLLBACK/u.test(stack.StackStatus ?? ''),
    executions: own.map(({ ClientRequestToken: token }) => token),
    status: stack.StackStatus,
  };
};

const play = async (seed: number) => {
  const random = createRandom(`chaos ${seed}`);
  stage.aws.reset();
  const story = pick(random, stories);
  for (const inputs of story.before) await stage.deploy(inputs);
  const faults = Array.from({ length: 1 + below(random, 3) }, () => faultOf(random));
  stage.aws.setFaults(faults);
  const run = await stage.deploy(story.inputs);
  return { seed, story, faults, run, end: await truth() };
};

type Policy = 'leave' | 'cancel-update' | 'rollback';

/** Cancels a run at its nth call and lets its post step act; what the stack was at before and after that. */
const interrupt = async (seed: number) => {
  const random = createRandom(`cancel ${seed}`);
  stage.aws.reset();
  const story = pick(random, stories);
  for (const inputs of story.before) await stage.deploy(inputs);
  const policy = pick<Policy>(random, ['leave', 'cancel-update', 'rollback']);
  const last = stage.aws.calls().length + 1 + below(random, 14);
  const controller = new AbortController();
  let isOver = false;
  const running = stage.deploy({ ...story.inputs, 'on-cancel': policy }, { signal: controller.signal }).finally(() => {
    isOver = true;
  });
  while (!isOver && stage.aws.calls().length < last) await new Promise((resolve) => setImmediate(resolve));
  controller.abort('cancelled');
  const run = await running;
  const before = await statusNow();
  const post = await stage.post(run.host.memory.state);
  return { seed, story, policy, run, post, before, end: await truth() };
};

const statusNow = async (): Promise<string> => {
  const client = connectTo(stage.host({}), stage.tune)(REGION);
  const found = await client.send(new DescribeStacksCommand({ StackName: 'shop' })).catch(() => undefined);
  return found?.Stacks?.[0]?.StackStatus ?? 'none';
};

/** What the policy promises of a cancelled run, given where the stack was when its post step began. */
const isKept = ({ policy, run, post, before, end }: Awaited<ReturnType<typeof interrupt>>): boolean => {
  const stops = post.writes.filter((name) => ['CancelUpdateStack', 'RollbackStack'].includes(name));
  const isUnderWay =
    (run.failure?.includes('cancelled') ?? false) && run.writes.some((name) => name !== 'CreateChangeSet');
  if (end.status === 'REVIEW_IN_PROGRESS') return false;
  if (policy === 'leave') return stops.length === 0;
  if (isUnderWay && before === 'UPDATE_IN_PROGRESS') return stops.includes('CancelUpdateStack') && !end.isThere;
  if (policy === 'rollback' && isUnderWay && before === 'CREATE_IN_PROGRESS') return end.status === 'none';
  return true;
};

const CHUNK = 50;
const chunks = Array.from({ length: Math.ceil(runs / CHUNK) }, (_, index) => {
  const first = from + index * CHUNK;
  return { first, last: Math.min(first + CHUNK, from + runs) - 1 };
});

describe('under schedules of faults', () => {
  it.each(chunks)(
    'from seed $first to $last the verdict is the stack’s true end, and nothing runs twice',
    async (chunk) => {
      const wrong: unknown[] = [];
      for (let seed = chunk.first; seed <= chunk.last; seed += 1) {
        const { story, faults, run, end } = await play(seed);
        const isTwice = new Set(end.executions).size !== end.executions.length;
        if ((run.failure === undefined) === end.isThere && !isTwice) continue;
        wrong.push({ seed, story, faults, failure: run.failure, end, writes: run.writes });
      }
      expect(wrong).toEqual([]);
    },
  );

  it.each(chunks)('from seed $first to $last a cancelled run and its post leave what on-cancel says', async (chunk) => {
    const wrong: unknown[] = [];
    for (let seed = chunk.first; seed <= chunk.last; seed += 1) {
      const played = await interrupt(seed);
      if (isKept(played)) continue;
      const { story, policy, run, post, before, end } = played;
      wrong.push({ seed, story, policy, before, end, failure: run.failure, writes: run.writes, post: post.writes });
    }
    expect(wrong).toEqual([]);
  });
});
