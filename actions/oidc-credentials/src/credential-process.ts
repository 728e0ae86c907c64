import { dirname } from 'node:path';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { formatProcessOutput } from './export/process-command.js';
import { createProcessHost } from './export/process-host.js';
import { loadRenewalState } from './export/renewal-state.js';
import { SessionCache } from './export/session-cache.js';

const print = (line: string): unknown => process.stderr.write(`${line}\n`);

/**
 * Prints credentials to standard output for an SDK, or an error to standard error. Its argument is the path of the
 * renewal state.
 */
export const credentialProcess = async (): Promise<void> => {
  try {
    const statePath = process.argv[2] ?? '';
    const renewalState = await loadRenewalState(statePath);
    const host = createProcessHost(process.env, renewalState, print);
    const cache = new SessionCache({ directory: dirname(statePath), clock: host.clock, warn: print });
    const credentials = await cache.getSession(async () => {
      // Loaded on demand: most calls find a session in the cache.
      const { renewCredentials } = await import('./export/renew-credentials.js');
      return renewCredentials(renewalState, host);
    });
    process.stdout.write(`${formatProcessOutput(credentials)}\n`);
  } catch (error) {
    print(`oidc-credentials: ${errorMessage(error)}`);
    process.exitCode = 1;
  }
};
