import { dirname } from 'node:path';
import { textOf } from '@aws-delivery/action-kit/error';
import { processAnswer } from '../credential-process.js';
import { processHost } from '../process-host.js';
import { loadRecipe } from '../recipe.js';
import { SessionCache } from '../session-cache.js';

const print = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const answer = async (path: string): Promise<string> => {
  const recipe = await loadRecipe(path);
  const host = processHost(process.env, recipe, print);
  const cache = new SessionCache({ directory: dirname(path), clock: host.clock, warn: print });
  // What renews is loaded when it is needed: most calls are answered from the cache.
  const credentials = await cache.session(async () => (await import('../renewal.js')).renew(recipe, host));
  return processAnswer(credentials);
};

/** Answers an SDK: credentials on standard output, or what went wrong on standard error. Its argument is the recipe. */
export const credentialProcess = async (): Promise<void> => {
  try {
    process.stdout.write(`${await answer(process.argv[2] ?? '')}\n`);
  } catch (error) {
    print(`oidc-credentials: ${textOf(error)}`);
    process.exitCode = 1;
  }
};
