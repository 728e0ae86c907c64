import { randomUUID } from 'node:crypto';
import type { Host } from '@aws-delivery/action-kit/host';
import type { CloudFormation } from './cloudformation.js';
import { type Leftover, type Saved, savedIn } from './interruption.js';
import { type Removing, removeLeftover } from './review.js';
import { stopOperation } from './stop.js';

/** How long the post step may take: a runner gives a cancelled job five minutes for all its posts. */
const LONGEST = 120_000;

const remove = async (removing: Removing, leftover: Leftover): Promise<string> => {
  await removeLeftover(removing, leftover);
  return `its change set ${leftover.changeSet} was deleted`;
};

const cleanUp = async (removing: Removing, { unfinished, policy, roleArn }: Saved): Promise<string> => {
  if (unfinished.kind === 'change-set') return remove(removing, unfinished.leftover);
  const { stack: stackId, token, leftover } = unfinished;
  const stopped = await stopOperation({ ...removing, stackId, token, policy, roleArn });
  if (stopped !== undefined) return stopped;
  return leftover === undefined ? 'its operation did not begin' : remove(removing, leftover);
};

/** What the post step does: nothing after a run that came to its own end, else what `on-cancel` says. */
export const cleanUpAfter = async (host: Host, connect: (region: string) => CloudFormation): Promise<void> => {
  const saved = savedIn(host);
  if (saved === undefined) return;
  const { clock, signal, log } = host;
  const waiting = { clock, signal, random: Math.random, deadline: clock.now() + LONGEST };
  const done = await cleanUp({ cloudFormation: connect(saved.region), waiting, log, token: randomUUID() }, saved);
  log.info(`the main step did not come to its end: ${done}`);
};
