import { runPost } from '@aws-delivery/action-kit/run';
import { createS3Factory } from '../services.js';
import { removeUpload } from '../upload.js';

/** Removes what main has uploaded, also after a run that was cancelled or killed; never fails a job. */
export const post = (): Promise<void> => runPost((host) => removeUpload(host, createS3Factory(host)));
