import { runPost } from '@aws-delivery/action-kit/host/run-action';
import { handleCancelledRun } from './post/cancelled-run.js';
import { createAppConfigFactory } from './services.js';

/** Does what `on-cancel` says after a run that was cancelled or killed; never fails a job. */
export const post = (): Promise<void> => runPost((host) => handleCancelledRun(host, createAppConfigFactory(host)));
