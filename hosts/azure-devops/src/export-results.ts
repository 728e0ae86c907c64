import type { AzureDevOpsHost } from '@aws-delivery/node-runner/host/azure-devops';
import { toOutputs } from '@aws-delivery/node-runner/host/host';
import type { Job } from '@aws-delivery/node-runner/job/job';
import type { StepResult } from '@aws-delivery/node-runner/job/step';
import type { Agent } from './agent.js';
import { writeProfile } from './aws-profile.js';

export interface ExportOptions {
  readonly agent: Agent;
  readonly host: AzureDevOpsHost;
  readonly job: Job;
  readonly result: StepResult;
  /** Private directory, removed at the end of the job. */
  readonly directory: string;
}

/** Variables of a profile with the exported keys: scripts do not get secret variables. */
const createProfileEnv = ({ agent, result: { env }, directory }: ExportOptions): Record<string, string> =>
  env['AWS_ACCESS_KEY_ID'] && !env['AWS_PROFILE'] ? writeProfile(directory, env, agent.env) : {};

/** Passes outputs, variables and paths of an action to the following steps. */
export const exportResults = (options: ExportOptions): void => {
  const { agent, host, job, result } = options;
  for (const output of toOutputs(result.outputs, job.masks)) host.setOutput(output);
  for (const variable of toOutputs({ ...result.env, ...createProfileEnv(options) }, job.masks)) {
    if (host.checkVariable(variable)) agent.setVariable(variable.name, variable.value, variable.secret);
  }
  for (const path of result.paths) agent.prependPath(path);
};
