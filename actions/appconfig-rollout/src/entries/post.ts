import { runPost } from '@aws-delivery/action-kit/run';
import { cleanUpAfter } from '../clean-up.js';
import { connectTo } from '../services.js';

/** Does what `on-cancel` says after a run that was cancelled or killed; never fails a job. */
export const post = (): Promise<void> => runPost((host) => cleanUpAfter(host, connectTo(host)));
