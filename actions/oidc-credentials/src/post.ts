import { runPost } from '@aws-delivery/action-kit/host/run-action';
import { restoreAfterJob } from './export/restore.js';

/** Post step: restores what main changed. Never fails the job. */
export const post = (): Promise<void> => runPost(restoreAfterJob);
