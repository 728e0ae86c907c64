import { runPost } from '@aws-delivery/action-kit/run';
import { cleanUp } from '../clean-up.js';

/** Logs out and cleans up; never fails a job. */
export const post = (): Promise<void> => runPost(cleanUp);
