import { runTask } from './run-task.js';
import { runPost } from './task.js';

/** Post-job entry of a task, also after a failed job. */
export const post = (): Promise<void> => runTask(runPost);
