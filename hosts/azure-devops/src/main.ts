import { runTask } from './run-task.js';
import { runMain } from './task.js';

/** Main entry of a task. */
export const main = (): Promise<void> => runTask(runMain);
