import { githubHost } from '@aws-delivery/action-kit/host';
import { runAction } from '@aws-delivery/action-kit/run';
import { definition } from '../../action.js';
import { processFiles } from '../credential-process.js';
import { withEnvironmentInputs } from '../environment-input.js';
import { oidcCredentials } from '../oidc-credentials.js';

/** Gets credentials for the following steps. */
export const main = (): Promise<void> => {
  const files = processFiles(process.execPath, process.argv[1]);
  return runAction(definition, oidcCredentials(files), withEnvironmentInputs(githubHost()));
};
