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
  /** Private, and removed when the job is over. */
  readonly directory: string;
}

/** What scripts need beside exported variables: they see no secret ones, so keys reach them in a profile. */
const createProfileEnv = ({ agent, result: { env }, directory }: ExportOptions): Record<string, string> =>
  env['AWS_ACCESS_KEY_ID'] && !env['AWS_PROFILE'] ? writeProfile(directory, env, agent.env) : {};

/** Hands what an action said to the steps that follow: outputs under their Azure names, variables, and paths. */
export const exportResults = (options: ExportOptions): void => {
  const { agent, host, job, result } = options;
  for (const output of toOutputs(result.outputs, job.masks)) host.setOutput(output);
  for (const variable of toOutputs({ ...result.env, ...createProfileEnv(options) }, job.masks)) {
    if (host.checkVariable(variable)) agent.setVariable(variable.name, variable.value, variable.secret);
  }
  for (const path of result.paths) agent.prependPath(path);
};
