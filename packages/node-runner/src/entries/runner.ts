import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { VERSION } from '@aws-delivery/action-kit/version';
import { runCli } from '../cli/runner.js';

/** Where the actions lie beside `packages/node-runner/dist/runner.js`. */
const actionsBeside = (script: string): string => resolve(dirname(realpathSync(script)), '../../../actions');

/** Runs actions outside GitHub. */
export const runner = async (): Promise<void> => {
  const [, script = '', ...argv] = process.argv;
  process.exitCode = await runCli({
    argv,
    variables: process.env,
    directory: process.cwd(),
    actions: actionsBeside(script),
    version: VERSION,
    terminal: process.stdout.isTTY === true,
    now: Date.now,
    print: (text) => process.stdout.write(text),
    printError: (text) => process.stderr.write(text),
    signals: process,
  });
};
