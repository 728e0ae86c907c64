import { runPost } from '@aws-delivery/action-kit/host/run-action';
import { createS3Factory } from './services.js';
import { removeUpload } from './sources/reviewer/upload.js';

/** Post step: deletes what the main step uploaded, even if it was cancelled or killed. Never fails the job. */
export const post = (): Promise<void> => runPost((host) => removeUpload(host, createS3Factory(host)));
