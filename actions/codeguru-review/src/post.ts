import { runPost } from '@aws-delivery/action-kit/host/run-action';
import { createS3Factory } from './services.js';
import { removeUpload } from './sources/reviewer/upload.js';

/** Removes what main has uploaded, also after a run that was cancelled or killed; never fails a job. */
export const post = (): Promise<void> => runPost((host) => removeUpload(host, createS3Factory(host)));
