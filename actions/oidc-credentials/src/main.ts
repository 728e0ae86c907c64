import { createGitHubHost } from '@aws-delivery/action-kit/host/host';
import { runAction } from '@aws-delivery/action-kit/host/run-action';
import { definition } from '../action.js';
import { createAction } from './create-action.js';
import { locateProcessFiles } from './export/process-command.js';
import { withEnvironmentInputs } from './inputs/environment-inputs.js';

/** Main step of the action. */
export const main = (): Promise<void> => {
  const processFiles = locateProcessFiles(process.execPath, process.argv[1]);
  return runAction(definition, createAction(processFiles), withEnvironmentInputs(createGitHubHost()));
};
