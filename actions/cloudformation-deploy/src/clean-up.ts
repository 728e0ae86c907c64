import type { Host } from '@aws-delivery/action-kit/host';
import { ChangeSets } from './change-set.js';
import type { CloudFormation } from './cloudformation.js';
import { type Saved, savedIn } from './interruption.js';
import { removeReviewed } from './review.js';
import { stopOperation } from './stop.js';

/** How long the post step may take: a runner gives a cancelled job five minutes for all its posts. */
const LONGEST = 120_000;

const cleanUp = async (host: Host, cloudFormation: CloudFormation, saved: Saved): Promise<string> => {
  const { clock, signal } = host;
  const waiting = { clock, signal, random: Math.random, deadline: clock.now() + LONGEST };
  const { unfinished, policy, roleArn } = saved;
  const { stack } = unfinished;
  if (unfinished.kind === 'operation') {
    const { token } = unfinished;
    return stopOperation({ cloudFormation, waiting, stackId: stack, token, policy, roleArn });
  }
  const { changeSet, isOnlyReviewed } = unfinished;
  await new ChangeSets(cloudFormation, waiting).delete({ id: changeSet, stackName: stack });
  if (isOnlyReviewed) await removeReviewed({ cloudFormation, waiting, stack, token: `${changeSet}-stop` });
  return `its change set ${changeSet} was deleted`;
};

/** What the post step does: nothing after a run that came to its own end, else what `on-cancel` says. */
export const cleanUpAfter = async (host: Host, connect: (region: string) => CloudFormation): Promise<void> => {
  const saved = savedIn(host);
  if (saved === undefined) return;
  const done = await cleanUp(host, connect(saved.region), saved);
  host.log.info(`the run on stack ${saved.unfinished.stack} did not come to its end: ${done}`);
};
