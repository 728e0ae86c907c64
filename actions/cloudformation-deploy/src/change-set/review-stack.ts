import type { Log } from '@aws-delivery/action-kit/host/log';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { classifyError } from '@aws-delivery/aws/error';
import { poll } from '@aws-delivery/aws/poll';
import {
  DeleteStackCommand,
  ListChangeSetsCommand,
  type ListChangeSetsCommandOutput,
} from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from '../cloudformation-client.js';
import type { CleanupTarget } from '../post/post-state.js';
import { classifyServiceError } from '../service-error.js';
import { findStack, type Stack } from '../stack/stack.js';
import { getStatusInfo } from '../stack/stack-state.js';
import type { WaitContext } from '../wait-context.js';
import { ChangeSets } from './change-set.js';

export interface CleanupContext {
  readonly cloudFormation: CloudFormation;
  readonly waitContext: WaitContext;
  readonly log: Log;
  /** For the deletion of a stack. */
  readonly token: string;
}

const isUnderReview = (stack: Stack | undefined): stack is Stack => getStatusInfo(stack?.status).state === 'reviewing';

/** Change sets on their way out keep nobody. */
const DELETING_STATUSES = ['DELETE_PENDING', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE'];

const countChangeSets = async (cloudFormation: CloudFormation, StackName: string): Promise<number> => {
  let [count, NextToken]: [number, string | undefined] = [0, undefined];
  do {
    const page: ListChangeSetsCommandOutput = await cloudFormation.send(
      new ListChangeSetsCommand({ StackName, NextToken }),
    );
    count += (page.Summaries ?? []).filter(({ Status: status = '' }) => !DELETING_STATUSES.includes(status)).length;
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return count;
};

/** Does anybody have a change set on the stack? */
const hasChangeSets = async (cloudFormation: CloudFormation, stackId: string): Promise<boolean> => {
  try {
    return (await countChangeSets(cloudFormation, stackId)) > 0;
  } catch (error) {
    if (classifyServiceError(error) === 'no-stack') return false;
    throw error;
  }
};

/** A stack as a change set is about to be made for it. */
export interface ReviewedStack {
  readonly stack: Stack | undefined;
  /** Does it exist only for change sets under review? Then whoever leaves it last removes it. */
  readonly isReviewOnly: boolean;
}

/** For how long another preview may take to remove a stack after its own change set, whatever holds it up. */
const REMOVAL_GRACE_PERIOD_MS = 5000;

/**
 * Whose a stack under review is. One that has no change set was left by somebody for a reason of their own, and stays,
 * unless another preview is about to remove it: `isPatient` waits to see.
 */
export const findReviewedStack = async (
  { cloudFormation, waitContext }: Pick<CleanupContext, 'cloudFormation' | 'waitContext'>,
  stack: Stack | undefined,
  waitForRemoval: boolean,
): Promise<ReviewedStack> => {
  const checkReviewedStack = async (current: Stack | undefined): Promise<ReviewedStack> => {
    const isShared = isUnderReview(current) && (await hasChangeSets(cloudFormation, current.id));
    return { stack: current, isReviewOnly: current === undefined || isShared };
  };
  const initial = await checkReviewedStack(stack);
  if (!waitForRemoval || !isUnderReview(stack) || initial.isReviewOnly) return initial;
  const graceDeadline = waitContext.clock.now() + REMOVAL_GRACE_PERIOD_MS;
  return poll<ReviewedStack>({
    label: 'the stack under review to go',
    ...waitContext,
    read: async () => {
      const current = await checkReviewedStack(await findStack(cloudFormation, stack.name));
      const isStillReviewed = current.stack?.id === stack.id && isUnderReview(current.stack) && !current.isReviewOnly;
      return isStillReviewed && waitContext.clock.now() < graceDeadline
        ? { state: 'pending' }
        : { state: 'done', value: current };
    },
  });
};

/** Asks for the deletion of a stack that is empty. Whoever may only preview (examples/bootstrap) leaves it, and says so. */
const requestStackDeletion = async (
  { cloudFormation, log, token }: CleanupContext,
  { id, name }: Stack,
): Promise<boolean> => {
  try {
    await cloudFormation.send(new DeleteStackCommand({ StackName: id, ClientRequestToken: token }));
    return true;
  } catch (error) {
    if (classifyError(error) !== 'denied') throw error;
    const hint = 'a deploy takes it over, or delete it';
    log.warning(`stack ${name} stays, empty, in REVIEW_IN_PROGRESS: ${errorMessage(error)}; ${hint}`);
    return false;
  }
};

/** Deletes a stack that existed only for change sets, once nobody has one on it; anything else is left alone. */
const deleteReviewedStack = async (context: CleanupContext, nameOrId: string): Promise<void> => {
  const { cloudFormation, waitContext } = context;
  const stack = await findStack(cloudFormation, nameOrId);
  // Somebody may have executed a change set of theirs meanwhile, or be about to: then it is no longer ours to delete.
  if (!isUnderReview(stack) || (await hasChangeSets(cloudFormation, stack.id))) return;
  if (!(await requestStackDeletion(context, stack))) return;
  await poll({
    label: 'the stack of the change set to go',
    ...waitContext,
    backoff: { initialDelayMs: 500 },
    read: async () => {
      const exists = isUnderReview(await findStack(cloudFormation, stack.id));
      return exists ? { state: 'pending' } : { state: 'done', value: undefined };
    },
  });
};

/** Deletes a change set of this run, and its stack where that existed only for such; what is gone already is no failure. */
export const deleteChangeSetAndStack = async (context: CleanupContext, cleanupTarget: CleanupTarget): Promise<void> => {
  const { stack, changeSet, isReviewOnly } = cleanupTarget;
  await new ChangeSets(context.cloudFormation, context.waitContext).delete({ id: changeSet, stackName: stack });
  if (isReviewOnly) await deleteReviewedStack(context, stack);
};
