import { classify } from '@aws-delivery/action-kit/aws-error';
import { textOf } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import { poll } from '@aws-delivery/action-kit/poll';
import {
  DeleteStackCommand,
  ListChangeSetsCommand,
  type ListChangeSetsCommandOutput,
} from '@aws-sdk/client-cloudformation';
import { ChangeSets } from './change-set.js';
import type { CloudFormation } from './cloudformation.js';
import type { Leftover } from './interruption.js';
import { refusalOf } from './refusal.js';
import { factsOf } from './situation.js';
import { findStack, type Stack } from './stack.js';
import type { Waiting } from './waiting.js';

export interface Removing {
  readonly cloudFormation: CloudFormation;
  readonly waiting: Waiting;
  readonly log: Log;
  /** For the deletion of a stack. */
  readonly token: string;
}

const isUnderReview = (stack: Stack | undefined): stack is Stack => factsOf(stack?.status).situation === 'reviewing';

/** Change sets on their way out keep nobody. */
const GOING = ['DELETE_PENDING', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE'];

const countChangeSets = async (cloudFormation: CloudFormation, StackName: string): Promise<number> => {
  let [count, NextToken]: [number, string | undefined] = [0, undefined];
  do {
    const page: ListChangeSetsCommandOutput = await cloudFormation.send(
      new ListChangeSetsCommand({ StackName, NextToken }),
    );
    count += (page.Summaries ?? []).filter(({ Status: status = '' }) => !GOING.includes(status)).length;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return count;
};

/** Does anybody have a change set on the stack? */
const hasChangeSets = async (cloudFormation: CloudFormation, stackId: string): Promise<boolean> => {
  try {
    return (await countChangeSets(cloudFormation, stackId)) > 0;
  } catch (error) {
    if (refusalOf(error) === 'no-stack') return false;
    throw error;
  }
};

/** A stack as a change set is about to be made for it. */
export interface Found {
  readonly stack: Stack | undefined;
  /** Does it exist only for change sets under review? Then whoever leaves it last removes it. */
  readonly isOnlyReviewed: boolean;
}

/** For how long another preview may take to remove a stack after its own change set, whatever holds it up. */
const LEAVING = 5000;

/**
 * Whose a stack under review is. One that has no change set was left by somebody for a reason of their own, and stays,
 * unless another preview is about to remove it: `isPatient` waits to see.
 */
export const findOthers = async (
  { cloudFormation, waiting }: Pick<Removing, 'cloudFormation' | 'waiting'>,
  stack: Stack | undefined,
  isPatient: boolean,
): Promise<Found> => {
  const found = async (now: Stack | undefined): Promise<Found> => {
    const isShared = isUnderReview(now) && (await hasChangeSets(cloudFormation, now.id));
    return { stack: now, isOnlyReviewed: now === undefined || isShared };
  };
  const first = await found(stack);
  if (!isPatient || !isUnderReview(stack) || first.isOnlyReviewed) return first;
  const end = waiting.clock.now() + LEAVING;
  return poll<Found>({
    what: 'the stack under review to go',
    ...waiting,
    read: async () => {
      const now = await found(await findStack(cloudFormation, stack.name));
      const isStill = now.stack?.id === stack.id && isUnderReview(now.stack) && !now.isOnlyReviewed;
      return isStill && waiting.clock.now() < end ? { state: 'pending' } : { state: 'done', value: now };
    },
  });
};

/** Asks for the deletion of a stack that is empty. Whoever may only preview (examples/bootstrap) leaves it, and says so. */
const askForDeletion = async ({ cloudFormation, log, token }: Removing, { id, name }: Stack): Promise<boolean> => {
  try {
    await cloudFormation.send(new DeleteStackCommand({ StackName: id, ClientRequestToken: token }));
    return true;
  } catch (error) {
    if (classify(error) !== 'denied') throw error;
    const remedy = 'a deploy takes it over, or delete it';
    log.warning(`stack ${name} stays, empty, in REVIEW_IN_PROGRESS: ${textOf(error)}; ${remedy}`);
    return false;
  }
};

/** Deletes a stack that existed only for change sets, once nobody has one on it; anything else is left alone. */
const removeReviewed = async (removing: Removing, nameOrId: string): Promise<void> => {
  const { cloudFormation, waiting } = removing;
  const found = await findStack(cloudFormation, nameOrId);
  // Somebody may have executed a change set of theirs meanwhile, or be about to: then it is no longer ours to delete.
  if (!isUnderReview(found) || (await hasChangeSets(cloudFormation, found.id))) return;
  if (!(await askForDeletion(removing, found))) return;
  await poll({
    what: 'the stack of the change set to go',
    ...waiting,
    pace: { first: 500 },
    read: async () => {
      const isThere = isUnderReview(await findStack(cloudFormation, found.id));
      return isThere ? { state: 'pending' } : { state: 'done', value: undefined };
    },
  });
};

/** Deletes a change set of this run, and its stack where that existed only for such; what is gone already is no failure. */
export const removeLeftover = async (removing: Removing, leftover: Leftover): Promise<void> => {
  const { stack, changeSet, isOnlyReviewed } = leftover;
  await new ChangeSets(removing.cloudFormation, removing.waiting).delete({ id: changeSet, stackName: stack });
  if (isOnlyReviewed) await removeReviewed(removing, stack);
};
