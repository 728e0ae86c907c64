import { runPost } from '@aws-delivery/action-kit/run';
import { restoreAfterJob } from '../restore.js';

/** Puts back what main changed; never fails a job. */
export const post = (): Promise<void> => runPost(restoreAfterJob);
