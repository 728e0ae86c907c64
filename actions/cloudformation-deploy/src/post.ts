import { runPost } from '@aws-delivery/action-kit/host/run-action';
import { runPostCleanup } from './post/cleanup.js';
import { createClientFactory } from './services.js';

/** Does what `on-cancel` says after a run that was cancelled or killed; never fails a job. */
export const post = (): Promise<void> => runPost((host) => runPostCleanup(host, createClientFactory(host)));
