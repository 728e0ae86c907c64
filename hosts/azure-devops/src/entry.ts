import { realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { textOf } from '@aws-delivery/node-runner/runner-error';
import { openAgent } from './agent.js';
import type { TaskOptions } from './task.js';

/** Runs a part of the task whose folder the script lies in. The exit code stays 0: the agent is told of a failure. */
export const performTask = async (part: (options: TaskOptions) => Promise<void>): Promise<void> => {
  const agent = await openAgent();
  const folder = dirname(realpathSync(process.argv[1] ?? '.'));
  const print = (text: string): boolean => process.stdout.write(text);
  try {
    await part({ agent, folder, print, signals: process });
  } catch (error) {
    agent.fail(textOf(error));
  }
};
