import { runPost } from '@aws-delivery/action-kit/run';
import { handleCancelledRun } from '../clean-up.js';
import { createAppConfigFactory } from '../services.js';

/** Does what `on-cancel` says after a run that was cancelled or killed; never fails a job. */
export const post = (): Promise<void> => runPost((host) => handleCancelledRun(host, createAppConfigFactory(host)));
