import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { openAgent } from './agent.js';
import type { TaskOptions } from './task.js';

/** Runs main or post of the task in the directory of the script. A failure is the task's result; the exit code is 0. */
export const runTask = async (runPart: (options: TaskOptions) => Promise<void>): Promise<void> => {
  const agent = await openAgent();
  const directory = dirname(realpathSync(process.argv[1] ?? '.'));
  const print = (content: string): boolean => process.stdout.write(content);
  try {
    await runPart({ agent, directory, print, signals: process });
  } catch (error) {
    agent.fail(errorMessage(error));
  }
};
