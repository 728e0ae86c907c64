import { poll } from '@aws-delivery/action-kit/poll';
import { DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import type { CloudFormation } from './cloudformation.js';
import { factsOf } from './situation.js';
import { findStack } from './stack.js';
import type { Waiting } from './waiting.js';

export interface ReviewOptions {
  readonly cloudFormation: CloudFormation;
  readonly waiting: Waiting;
  /** Name or ARN. */
  readonly stack: string;
  readonly token: string;
}

/** Deletes a stack that exists only for a change set under review; anything else is left alone. */
export const removeReviewed = async ({ cloudFormation, waiting, stack, token }: ReviewOptions): Promise<void> => {
  // Somebody may have executed a change set of theirs meanwhile: then the stack is no longer ours to delete.
  const isReviewed = async (): Promise<boolean> =>
    factsOf((await findStack(cloudFormation, stack))?.status).situation === 'reviewing';
  if (!(await isReviewed())) return;
  await cloudFormation.send(new DeleteStackCommand({ StackName: stack, ClientRequestToken: token }));
  await poll({
    what: 'the stack of the change set to go',
    ...waiting,
    pace: { first: 500 },
    read: async () => ((await isReviewed()) ? { state: 'pending' } : { state: 'done', value: undefined }),
  });
};
