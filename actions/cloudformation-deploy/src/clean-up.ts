import { randomUUID } from 'node:crypto';
import type { Host } from '@aws-delivery/action-kit/host';
import { ChangeSets } from './change-set.js';
import type { CloudFormation } from './cloudformation.js';
import { type Leftover, type Saved, savedIn } from './interruption.js';
import { removeReviewed } from './review.js';
import { stopOperation } from './stop.js';
import type { Waiting } from './waiting.js';

/** How long the post step may take: a runner gives a cancelled job five minutes for all its posts. */
const LONGEST = 120_000;

interface Cleaning {
  readonly cloudFormation: CloudFormation;
  readonly waiting: Waiting;
}

const removeLeftover = async ({ cloudFormation, waiting }: Cleaning, leftover: Leftover): Promise<string> => {
  const { stack, changeSet, isOnlyReviewed } = leftover;
  await new ChangeSets(cloudFormation, waiting).delete({ id: changeSet, stackName: stack });
  if (isOnlyReviewed) await removeReviewed({ cloudFormation, waiting, stack, token: randomUUID() });
  return `its change set ${changeSet} was deleted`;
};

const cleanUp = async (cleaning: Cleaning, { unfinished, policy, roleArn }: Saved): Promise<string> => {
  if (unfinished.kind === 'change-set') return removeLeftover(cleaning, unfinished.leftover);
  const { stack: stackId, token, leftover } = unfinished;
  const stopped = await stopOperation({ ...cleaning, stackId, token, policy, roleArn });
  if (stopped !== undefined) return stopped;
  return leftover === undefined ? 'its operation did not begin' : removeLeftover(cleaning, leftover);
};

/** What the post step does: nothing after a run that came to its own end, else what `on-cancel` says. */
export const cleanUpAfter = async (host: Host, connect: (region: string) => CloudFormation): Promise<void> => {
  const saved = savedIn(host);
  if (saved === undefined) return;
  const { clock, signal, log } = host;
  const waiting = { clock, signal, random: Math.random, deadline: clock.now() + LONGEST };
  const done = await cleanUp({ cloudFormation: connect(saved.region), waiting }, saved);
  log.info(`the main step did not come to its end: ${done}`);
};
