import { createAnnotation } from '@aws-delivery/node-runner/commands/annotation';
import type { AzureDevOpsHost } from '@aws-delivery/node-runner/host/azure-devops';
import type { Job } from '@aws-delivery/node-runner/job/job';
import type { StepResult } from '@aws-delivery/node-runner/job/step';
import type { Agent } from './agent.js';
import { writeProfile } from './aws-profile.js';
import { toAzureName } from './azure-names.js';

export interface ExportOptions {
  readonly agent: Agent;
  readonly host: AzureDevOpsHost;
  readonly job: Job;
  readonly result: StepResult;
  /** Private, and removed when the job is over. */
  readonly directory: string;
}

interface ExportedValue {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

const toExportedValues = (values: Readonly<Record<string, string>>, job: Job): readonly ExportedValue[] =>
  Object.entries(values).map(([name, value]) => ({ name, value, secret: job.masks.apply(value) !== value }));

/** An agent fails a task that sets a secret variable of several lines. */
const canSetVariable = ({ name, value, secret }: ExportedValue, host: AzureDevOpsHost): boolean => {
  if (!secret || !/[\r\n]/.test(value)) return true;
  const message = `${name} is secret and has several lines, which no variable of Azure DevOps can have: it is not set`;
  host.show({ kind: 'annotation', annotation: createAnnotation('warning', message) });
  return false;
};

/** What scripts need beside exported variables: they see no secret ones, so keys reach them in a profile. */
const createProfileEnv = ({ agent, result: { env }, directory }: ExportOptions): Record<string, string> =>
  env['AWS_ACCESS_KEY_ID'] && !env['AWS_PROFILE'] ? writeProfile(directory, env, agent.env) : {};

/** Hands what an action said to the steps that follow: outputs under their Azure names, variables, and paths. */
export const exportResults = (options: ExportOptions): void => {
  const { agent, host, job, result } = options;
  for (const output of toExportedValues(result.outputs, job)) {
    host.setOutput({ ...output, name: toAzureName(output.name) });
  }
  for (const { name, value, secret } of toExportedValues({ ...result.env, ...createProfileEnv(options) }, job)) {
    if (canSetVariable({ name, value, secret }, host)) agent.setVariable(name, value, secret);
  }
  for (const path of result.paths) agent.prependPath(path);
};
