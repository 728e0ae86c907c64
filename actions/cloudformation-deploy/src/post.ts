import { runPost } from '@aws-delivery/action-kit/host/run-action';
import { runPostCleanup } from './post/cleanup.js';
import { createClientFactory } from './services.js';

/** Entry of the post step, which applies `on-cancel` after a cancelled or killed run. It never fails the job. */
export const post = (): Promise<void> => runPost((host) => runPostCleanup(host, createClientFactory(host)));
