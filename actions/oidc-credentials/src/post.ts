import { runPost } from '@aws-delivery/action-kit/host/run-action';
import { restoreAfterJob } from './export/restore.js';

/** Puts back what main changed; never fails a job. */
export const post = (): Promise<void> => runPost(restoreAfterJob);
