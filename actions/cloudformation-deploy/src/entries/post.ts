import { runPost } from '@aws-delivery/action-kit/run';
import { runPostCleanup } from '../clean-up.js';
import { createClientFactory } from '../services.js';

/** Does what `on-cancel` says after a run that was cancelled or killed; never fails a job. */
export const post = (): Promise<void> => runPost((host) => runPostCleanup(host, createClientFactory(host)));
