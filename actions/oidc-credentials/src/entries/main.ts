import { createGitHubHost } from '@aws-delivery/action-kit/host';
import { runAction } from '@aws-delivery/action-kit/run';
import { definition } from '../../action.js';
import { locateProcessFiles } from '../credential-process.js';
import { withEnvironmentInputs } from '../environment-input.js';
import { createAction } from '../oidc-credentials.js';

/** Gets credentials for the following steps. */
export const main = (): Promise<void> => {
  const processFiles = locateProcessFiles(process.execPath, process.argv[1]);
  return runAction(definition, createAction(processFiles), withEnvironmentInputs(createGitHubHost()));
};
