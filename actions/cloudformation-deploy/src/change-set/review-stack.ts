import type { Log } from '@aws-delivery/action-kit/host/log';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { classifyError } from '@aws-delivery/aws/error';
import { paginate } from '@aws-delivery/aws/pagination';
import { poll } from '@aws-delivery/aws/poll';
import { DeleteStackCommand, ListChangeSetsCommand } from '@aws-sdk/client-cloudformation';
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
  /** Client request token for the deletion of a stack. */
  readonly token: string;
}

const isUnderReview = (stack: Stack | undefined): stack is Stack => getStatusInfo(stack?.status).state === 'reviewing';

/** Change sets that are being deleted do not keep a stack under review. */
const DELETING_STATUSES = ['DELETE_PENDING', 'DELETE_IN_PROGRESS', 'DELETE_COMPLETE'];

const countChangeSets = async (cloudFormation: CloudFormation, StackName: string): Promise<number> => {
  const summaries = await paginate(async (NextToken) => {
    const page = await cloudFormation.send(new ListChangeSetsCommand({ StackName, NextToken }));
    return { items: page.Summaries ?? [], next: page.NextToken };
  });
  return summaries.filter(({ Status: status = '' }) => !DELETING_STATUSES.includes(status)).length;
};

const hasChangeSets = async (cloudFormation: CloudFormation, stackId: string): Promise<boolean> => {
  try {
    return (await countChangeSets(cloudFormation, stackId)) > 0;
  } catch (error) {
    if (classifyServiceError(error) === 'no-stack') return false;
    throw error;
  }
};

/** The stack for which a change set is about to be created. */
export interface ReviewedStack {
  readonly stack: Stack | undefined;
  /** Whether it exists only for change sets under review: then the run that deletes the last one deletes the stack. */
  readonly isReviewOnly: boolean;
}

/** Time that a concurrent preview may take to delete the stack after its change set. */
const REMOVAL_GRACE_PERIOD_MS = 5000;

/**
 * Finds out whether a stack is absent or exists only for change sets under review. A stack under review without change
 * sets was left on purpose and is kept, unless a concurrent preview is about to delete it: `waitForRemoval` waits until
 * that is clear.
 */
export const findReviewedStack = async (
  { cloudFormation, waitContext }: Pick<CleanupContext, 'cloudFormation' | 'waitContext'>,
  stack: Stack | undefined,
  { waitForRemoval }: { readonly waitForRemoval: boolean },
): Promise<ReviewedStack> => {
  const checkReviewedStack = async (current: Stack | undefined): Promise<ReviewedStack> => {
    const isShared = isUnderReview(current) && (await hasChangeSets(cloudFormation, current.id));
    return { stack: current, isReviewOnly: current === undefined || isShared };
  };
  const initial = await checkReviewedStack(stack);
  if (!waitForRemoval || !isUnderReview(stack) || initial.isReviewOnly) return initial;
  const graceDeadline = waitContext.clock.now() + REMOVAL_GRACE_PERIOD_MS;
  return poll<ReviewedStack>({
    label: 'the deletion of the stack by another run',
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

/** Requests the deletion of an empty stack. Without the permission (examples/bootstrap) it is kept, with a warning. */
const requestStackDeletion = async (
  { cloudFormation, log, token }: CleanupContext,
  { id, name }: Stack,
): Promise<boolean> => {
  try {
    await cloudFormation.send(new DeleteStackCommand({ StackName: id, ClientRequestToken: token }));
    return true;
  } catch (error) {
    if (classifyError(error) !== 'denied') throw error;
    const hint = 'The next deployment uses it';
    log.warning(`Stack ${name} remains in REVIEW_IN_PROGRESS without resources: ${errorMessage(error)}. ${hint}`);
    return false;
  }
};

/** Deletes a stack under review that has no change sets any more; any other stack is kept. */
const deleteReviewedStack = async (context: CleanupContext, nameOrId: string): Promise<void> => {
  const { cloudFormation, waitContext } = context;
  const stack = await findStack(cloudFormation, nameOrId);
  // A concurrent run may have executed its change set on the stack, or be about to.
  if (!isUnderReview(stack) || (await hasChangeSets(cloudFormation, stack.id))) return;
  if (!(await requestStackDeletion(context, stack))) return;
  await poll({
    label: 'the deletion of the stack of the change set',
    ...waitContext,
    backoff: { initialDelayMs: 500 },
    read: async () => {
      const exists = isUnderReview(await findStack(cloudFormation, stack.id));
      return exists ? { state: 'pending' } : { state: 'done', value: undefined };
    },
  });
};

/** Deletes a change set of this run, and its stack if that exists only for change sets. Missing ones are no error. */
export const deleteChangeSetAndStack = async (context: CleanupContext, cleanupTarget: CleanupTarget): Promise<void> => {
  const { stack, changeSet, isReviewOnly } = cleanupTarget;
  await new ChangeSets(context.cloudFormation, context.waitContext).delete({ id: changeSet, stackName: stack });
  if (isReviewOnly) await deleteReviewedStack(context, stack);
};
