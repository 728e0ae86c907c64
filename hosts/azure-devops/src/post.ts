import { runTask } from './run-task.js';
import { runPost } from './task.js';

/** What the agent runs for a task when the job is over, whatever became of it. */
export const post = (): Promise<void> => runTask(runPost);
