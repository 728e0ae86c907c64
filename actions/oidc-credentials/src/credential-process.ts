import { dirname } from 'node:path';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { formatProcessOutput } from './export/process-command.js';
import { createProcessHost } from './export/process-host.js';
import { loadRenewalState } from './export/renewal-state.js';
import { SessionCache } from './export/session-cache.js';

const print = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

const getProcessOutput = async (statePath: string): Promise<string> => {
  const renewalState = await loadRenewalState(statePath);
  const host = createProcessHost(process.env, renewalState, print);
  const cache = new SessionCache({ directory: dirname(statePath), clock: host.clock, warn: print });
  // What renews is loaded when it is needed: most calls are answered from the cache.
  const credentials = await cache.getSession(async () =>
    (await import('./export/renew-credentials.js')).renewCredentials(renewalState, host),
  );
  return formatProcessOutput(credentials);
};

/** Answers an SDK: credentials on standard output, or what went wrong on standard error. Its argument is the recipe. */
export const credentialProcess = async (): Promise<void> => {
  try {
    process.stdout.write(`${await getProcessOutput(process.argv[2] ?? '')}\n`);
  } catch (error) {
    print(`oidc-credentials: ${errorMessage(error)}`);
    process.exitCode = 1;
  }
};
