import { runPost } from '@aws-delivery/action-kit/host/run-action';
import { handleCancelledRun } from './post/cancelled-run.js';
import { createAppConfigFactory } from './services.js';

/** Applies `on-cancel` after a run that was cancelled or killed. Never fails the job. */
export const post = (): Promise<void> => runPost((host) => handleCancelledRun(host, createAppConfigFactory(host)));
