import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { machineEnvironment } from '@aws-delivery/node-runner/environment';
import { type Contexts, fillExpressions } from '@aws-delivery/node-runner/expression';
import { Job, type JobOptions } from '@aws-delivery/node-runner/job';
import type { StepResult } from '@aws-delivery/node-runner/step';
import type { Workflow, WorkflowStep } from './workflow.js';

/** A step of a delivery as it went; times in milliseconds since the epoch. */
export interface StepRecord {
  readonly name: string;
  readonly start: number;
  readonly end: number;
  readonly conclusion: StepResult['conclusion'];
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface Delivery {
  readonly passed: boolean;
  readonly steps: readonly StepRecord[];
}

export interface DeliveryOptions {
  readonly workflow: Workflow;
  /** Values of `${{ vars.NAME }}`. */
  readonly variables: Readonly<Record<string, string>>;
  /** The checkout that has the actions. */
  readonly root: string;
  readonly job: JobOptions;
  readonly onStep: (name: string) => void;
}

const ownAction = /^[\w.-]+\/[\w.-]+\/(actions\/[\w-]+)@/;

/** Runs a workflow's steps on this machine, as GitHub's runner would: bundles for our actions, bash for scripts. */
export const deliver = async (options: DeliveryOptions): Promise<Delivery> => {
  const { root, workflow, variables } = options;
  await using job = new Job(options.job);
  const steps: StepRecord[] = [];
  const contexts: Record<string, Readonly<Record<string, string>>> = { vars: variables };
  for (const step of workflow.steps.filter(({ uses }) => !uses?.startsWith('actions/checkout@'))) {
    if (job.status !== 'success') break;
    options.onStep(nameOf(step));
    const record = await runStep(job, step, { root, workspace: options.job.workspace, contexts });
    steps.push(record);
    if (step.id !== undefined) contexts[`steps.${step.id}.outputs`] = record.outputs;
  }
  await job.finish();
  return { passed: job.status === 'success', steps };
};

const nameOf = ({ name, uses }: WorkflowStep): string => name ?? uses ?? 'a script';

interface Surroundings {
  readonly root: string;
  readonly workspace: string;
  readonly contexts: Contexts;
}

const filled = (values: Readonly<Record<string, string>>, contexts: Contexts): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fillExpressions(value, contexts)]));

const runStep = async (
  job: Job,
  step: WorkflowStep,
  { root, workspace, contexts }: Surroundings,
): Promise<StepRecord> => {
  const start = Date.now();
  const env = filled(step.env, contexts);
  const [, action] = ownAction.exec(step.uses ?? '') ?? [];
  if (action === undefined) {
    const conclusion = runScript(step, { ...job.exported, ...env }, workspace);
    return { name: nameOf(step), start, end: Date.now(), conclusion, summary: '', outputs: {} };
  }
  const inputs = filled(step.with, contexts);
  const { conclusion, summary, outputs } = await job.run({ action: join(root, action), inputs, env });
  return { name: nameOf(step), start, end: Date.now(), conclusion, summary, outputs };
};

const runScript = (step: WorkflowStep, env: Record<string, string>, cwd: string): StepRecord['conclusion'] => {
  if (step.run === undefined) throw new Error(`'${nameOf(step)}' is neither one of our actions nor a script`);
  const options = { cwd, env: { ...machineEnvironment(process.env), ...env }, stdio: 'inherit' } as const;
  return spawnSync('bash', ['-e', '-c', step.run], options).status === 0 ? 'success' : 'failure';
};
