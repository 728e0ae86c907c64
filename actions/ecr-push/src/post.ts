import { runPost } from '@aws-delivery/action-kit/host/run-action';
import { cleanUp } from './cleanup.js';

/** The post step; it never fails a job. */
export const post = (): Promise<void> => runPost(cleanUp);
