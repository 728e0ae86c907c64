import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { VERSION } from '@aws-delivery/action-kit/util/version';
import { runCommandLine } from './cli/run-command-line.js';

/** The `actions` directory of the checkout that has `packages/node-runner/dist/runner.js`. */
const findActionsDirectory = (script: string): string => resolve(dirname(realpathSync(script)), '../../../actions');

/**
 * Entry of the command line, called by the bundle.
 * @public
 */
export const runner = async (): Promise<void> => {
  const [, script = '', ...argv] = process.argv;
  process.exitCode = await runCommandLine({
    argv,
    env: process.env,
    directory: process.cwd(),
    actionsDirectory: findActionsDirectory(script),
    version: VERSION,
    terminal: process.stdout.isTTY === true,
    now: Date.now,
    print: (text) => process.stdout.write(text),
    printError: (text) => process.stderr.write(text),
    signals: process,
  });
};
