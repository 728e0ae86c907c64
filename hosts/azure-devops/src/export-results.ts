import type { AzureDevOpsHost } from '@aws-delivery/node-runner/host/azure-devops';
import { toOutputs } from '@aws-delivery/node-runner/host/host';
import type { Job } from '@aws-delivery/node-runner/job/job';
import type { StepResult } from '@aws-delivery/node-runner/job/step';
import { type Agent, SESSION_VARIABLE } from './agent.js';
import { writeProfile } from './aws-profile.js';

export interface ExportOptions {
  readonly agent: Agent;
  readonly host: AzureDevOpsHost;
  readonly job: Job;
  readonly result: StepResult;
  /** Names of the outputs that the action declares. */
  readonly declaredOutputs: ReadonlySet<string>;
  /** Private directory, removed at the end of the job. */
  readonly directory: string;
}

/** Variables with which an action passes credentials to later tasks. */
const CREDENTIAL_VARIABLES = ['AWS_ACCESS_KEY_ID', 'AWS_PROFILE', 'AWS_WEB_IDENTITY_TOKEN_FILE'];

/** Variables of a profile with the exported keys: scripts do not get secret variables. */
const createProfileEnv = ({ agent, result: { env }, directory }: ExportOptions): Record<string, string> =>
  env['AWS_ACCESS_KEY_ID'] && !env['AWS_PROFILE'] ? writeProfile(directory, env, agent.env) : {};

/** Passes outputs, variables and paths of an action to the following steps. */
export const exportResults = (options: ExportOptions): void => {
  const { agent, host, job, result, declaredOutputs } = options;
  const outputs = toOutputs(result.outputs, job.masks);
  // Names ignore case on Azure DevOps: the action's own outputs keep theirs.
  for (const output of outputs.filter(({ name }) => declaredOutputs.has(name))) host.setOutput(output);
  for (const output of outputs.filter(({ name }) => !declaredOutputs.has(name))) host.setOutput(output);
  const env = { ...result.env, ...createProfileEnv(options) };
  const session = CREDENTIAL_VARIABLES.some((name) => env[name]) ? { [SESSION_VARIABLE]: 'true' } : {};
  for (const variable of toOutputs({ ...env, ...session }, job.masks)) {
    if (host.checkVariable(variable)) agent.setVariable(variable.name, variable.value, variable.secret);
  }
  for (const path of result.paths) agent.prependPath(path);
};
