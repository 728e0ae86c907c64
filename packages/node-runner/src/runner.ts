import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { VERSION } from '@aws-delivery/action-kit/util/version';
import { createPrinter } from './cli/printer.js';
import { runCommandLine } from './cli/run-command-line.js';

/** The `actions` directory of the checkout that has `packages/node-runner/dist/runner.js`. */
const findActionsDirectory = (script: string): string => resolve(dirname(realpathSync(script)), '../../../actions');

const HANGUP_EXIT_CODE = 129;

/**
 * Sets the exit code. After a hangup, the process ends by the signal itself: Node aborts (134) when it restores the
 * settings of a terminal that is gone.
 */
const endProcess = (exitCode: number): void => {
  process.exitCode = exitCode;
  if (exitCode === HANGUP_EXIT_CODE && process.platform !== 'win32') process.kill(process.pid, 'SIGHUP');
};

/**
 * Entry of the command line, called by the bundle after it has checked the version of Node.
 * @public
 */
export const runner = async (): Promise<void> => {
  const [, script = '', ...argv] = process.argv;
  const exitCode = await runCommandLine({
    argv,
    env: process.env,
    directory: process.cwd(),
    actionsDirectory: findActionsDirectory(script),
    version: VERSION,
    terminal: process.stdout.isTTY === true,
    now: Date.now,
    print: createPrinter(process.stdout),
    printError: createPrinter(process.stderr),
    signals: process,
  });
  endProcess(exitCode);
};
