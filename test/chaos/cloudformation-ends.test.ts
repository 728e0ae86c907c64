import type { Random } from '@aws-delivery/local-aws/random';
import { afterAll } from '@jest/globals';
import type { Story } from './cloudformation.js';
import { Theatre, type Truth } from './cloudformation.js';
import { undergo } from './ordeal.js';
import { below, pick } from './schedule.js';

const theatre = await Theatre.open();
const { stage } = theatre;
afterAll(() => stage.close());

/** How a run comes to an early end: told to stop, or killed before or after a call has reached AWS. */
type Blow = 'cancelled' | 'killed-before' | 'killed-after';
type Policy = 'leave' | 'cancel-update' | 'rollback';

interface Ended {
  /** Whether it ended before it was through. */
  readonly isEarly: boolean;
  readonly state: Readonly<Record<string, string>>;
  readonly writes: readonly string[];
}

/** Runs until the nth call, and ends it there. */
const endAt = async (
  inputs: Story['inputs'],
  { blow, call, random }: { blow: Blow; call: number; random: Random },
): Promise<Ended> => {
  const controller = new AbortController();
  let [calls, isGone] = [0, false];
  const strike = (): void => {
    isGone = blow !== 'cancelled';
    // A process that is gone sleeps no more either.
    controller.abort('cancelled');
  };
  const around = async <T>(send: () => Promise<T>): Promise<T> => {
    calls += 1;
    const isLast = calls === call;
    if (isLast && blow !== 'killed-after') strike();
    if (isGone) throw new Error('the process is gone');
    const reply = await send();
    if (isLast && blow === 'killed-after') strike();
    return reply;
  };
  const run = await stage.deploy(inputs, {
    signal: controller.signal,
    random: () => random.number(),
    around,
    isGone: () => isGone,
  });
  return { isEarly: calls >= call, state: run.host.memory.state, writes: run.writes };
};

interface Aftermath {
  readonly policy: Policy;
  readonly ended: Ended;
  /** The stack's status when the post step began. */
  readonly before: string;
  /** What the post step wrote. */
  readonly writes: readonly string[];
  readonly end: Truth;
}

/** What the policy promises, given where the stack was when its post step began. */
const isKept = ({ policy, ended, before, writes, end }: Aftermath): boolean => {
  const stops = writes.filter((name) => ['CancelUpdateStack', 'RollbackStack'].includes(name));
  const isUnderWay = ended.isEarly && ended.writes.some((name) => name !== 'CreateChangeSet');
  if (end.status === 'REVIEW_IN_PROGRESS' || end.isTwice || end.leftovers.length > 0) return false;
  if (policy === 'leave') return stops.length === 0;
  if (isUnderWay && before === 'UPDATE_IN_PROGRESS') return stops.includes('CancelUpdateStack') && !end.isThere;
  if (policy === 'rollback' && isUnderWay && before === 'CREATE_IN_PROGRESS') return end.status === 'none';
  return true;
};

undergo({
  name: 'a run that is cancelled or killed, and its post step, leave what on-cancel says, and no change set',
  seeds: 1000,
  play: async (random) => {
    const story = await theatre.prepare(random);
    const policy = pick<Policy>(random, ['leave', 'cancel-update', 'rollback']);
    const blow = pick<Blow>(random, ['cancelled', 'killed-before', 'killed-after']);
    const call = 1 + below(random, 20);
    const ended = await endAt({ ...story.inputs, 'on-cancel': policy }, { blow, call, random });
    const before = await theatre.status();
    const post = await stage.post(ended.state);
    const end = await theatre.truth();
    const aftermath = { policy, ended, before, writes: post.writes, end };
    return isKept(aftermath) ? undefined : { story, blow, call, ...aftermath, log: post.log };
  },
});
