import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { createPrinter } from '@aws-delivery/node-runner/cli/printer';
import { replaceInputNames } from '@aws-delivery/node-runner/host/azure-devops';
import { openAgent } from './agent.js';
import type { TaskOptions } from './task.js';

/** Runs main or post of the task in the directory of the script. A failure is the task's result; the exit code is 0. */
export const runTask = async (runPart: (options: TaskOptions) => Promise<void>): Promise<void> => {
  const agent = await openAgent();
  const directory = dirname(realpathSync(process.argv[1] ?? '.'));
  const print = createPrinter(process.stdout);
  try {
    await runPart({ agent, directory, print, signals: process });
  } catch (error) {
    agent.fail(replaceInputNames(errorMessage(error)));
  }
};
