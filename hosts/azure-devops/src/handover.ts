import { plainAnnotation } from '@aws-delivery/node-runner/annotation';
import type { AzureDevOpsHost } from '@aws-delivery/node-runner/host/azure-devops';
import type { Job } from '@aws-delivery/node-runner/job';
import type { StepResult } from '@aws-delivery/node-runner/step';
import type { Agent } from './agent.js';
import { azureName } from './name.js';
import { writeProfile } from './profile.js';

export interface HandOver {
  readonly agent: Agent;
  readonly host: AzureDevOpsHost;
  readonly job: Job;
  readonly result: StepResult;
  /** Private, and removed when the job is over. */
  readonly folder: string;
}

interface Value {
  readonly name: string;
  readonly value: string;
  readonly secret: boolean;
}

const valuesOf = (given: Readonly<Record<string, string>>, job: Job): readonly Value[] =>
  Object.entries(given).map(([name, value]) => ({ name, value, secret: job.masks.apply(value) !== value }));

/** An agent fails a task that sets a secret variable of several lines. */
const isPossible = ({ name, value, secret }: Value, host: AzureDevOpsHost): boolean => {
  if (!secret || !/[\r\n]/.test(value)) return true;
  const message = `${name} is secret and has several lines, which no variable of Azure DevOps can have: it is not set`;
  host.show({ kind: 'annotation', annotation: plainAnnotation('warning', message) });
  return false;
};

/** What scripts need beside exported variables: they see no secret ones, so keys reach them in a profile. */
const profileOf = ({ agent, result: { env }, folder }: HandOver): Record<string, string> =>
  env['AWS_ACCESS_KEY_ID'] && !env['AWS_PROFILE'] ? writeProfile(folder, env, agent.variables) : {};

/** Hands what an action said to the steps that follow: outputs under their Azure names, variables, and paths. */
export const handOver = (work: HandOver): void => {
  const { agent, host, job, result } = work;
  for (const output of valuesOf(result.outputs, job)) {
    host.setOutput({ ...output, name: azureName(output.name) });
  }
  for (const { name, value, secret } of valuesOf({ ...result.env, ...profileOf(work) }, job)) {
    if (isPossible({ name, value, secret }, host)) agent.setVariable(name, value, secret);
  }
  for (const path of result.paths) agent.prependPath(path);
};
