import { runTask } from './run-task.js';
import { runMain } from './task.js';

/** What the agent runs for a task's step. */
export const main = (): Promise<void> => runTask(runMain);
