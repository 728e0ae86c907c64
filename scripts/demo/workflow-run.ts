import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { type Contexts, fillExpressions } from '@aws-delivery/node-runner/action/expression';
import { getMachineEnv } from '@aws-delivery/node-runner/job/action-environment';
import { Job, type JobOptions } from '@aws-delivery/node-runner/job/job';
import type { StepResult } from '@aws-delivery/node-runner/job/step';
import type { Workflow, WorkflowStep } from './workflow.js';

type Conclusion = StepResult['conclusion'];

/** Result of a step; times in milliseconds since the epoch. */
export interface StepRecord {
  readonly id: string | undefined;
  readonly name: string;
  /** Name of our action; undefined for a script. */
  readonly action: string | undefined;
  readonly start: number;
  readonly end: number;
  readonly conclusion: Conclusion;
  readonly summary: string;
  readonly outputs: Readonly<Record<string, string>>;
}

export interface WorkflowRun {
  readonly passed: boolean;
  readonly steps: readonly StepRecord[];
}

export interface WorkflowRunOptions {
  readonly workflow: Workflow;
  /** Values of `${{ vars.NAME }}`. */
  readonly variables: Readonly<Record<string, string>>;
  /** The checkout with the actions. */
  readonly root: string;
  readonly job: JobOptions;
  /** Called with each log line. */
  readonly onLine: (line: string) => void;
  readonly onStep: (name: string) => void;
}

const OWN_ACTION = /^[\w.-]+\/[\w.-]+\/actions\/([\w-]+)@/;

/** Runs the steps of a workflow on this machine: bundles for our actions, bash for scripts. Checkouts are skipped. */
export const runWorkflow = async (options: WorkflowRunOptions): Promise<WorkflowRun> => {
  const { workflow, variables } = options;
  await using job = new Job({ ...options.job, onLine: options.onLine });
  const steps: StepRecord[] = [];
  const contexts: Record<string, Readonly<Record<string, string>>> = { vars: variables };
  for (const step of workflow.steps.filter(({ uses }) => !uses?.startsWith('actions/checkout@'))) {
    if (!hasPassed(steps)) break;
    options.onStep(getStepName(step));
    const record = await runStep(job, step, { options, contexts });
    steps.push(record);
    if (step.id !== undefined) contexts[`steps.${step.id}.outputs`] = record.outputs;
  }
  await job.finish();
  return { passed: hasPassed(steps), steps };
};

const hasPassed = (steps: readonly StepRecord[]): boolean => steps.every(({ conclusion }) => conclusion === 'success');

const getStepName = ({ name, uses }: WorkflowStep): string => name ?? uses ?? 'Script';

interface StepContext {
  readonly options: WorkflowRunOptions;
  readonly contexts: Contexts;
}

const fillAll = (values: Readonly<Record<string, string>>, contexts: Contexts): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [name, fillExpressions(value, contexts)]));

const runStep = async (job: Job, step: WorkflowStep, { options, contexts }: StepContext): Promise<StepRecord> => {
  const start = Date.now();
  const env = fillAll(step.env, contexts);
  const [, action] = OWN_ACTION.exec(step.uses ?? '') ?? [];
  if (action === undefined) {
    const conclusion = await runScript(step, { ...job.exported, ...env }, options);
    const name = getStepName(step);
    return { id: step.id, name, action, start, end: Date.now(), conclusion, summary: '', outputs: {} };
  }
  const inputs = fillAll(step.with, contexts);
  const { conclusion, summary, outputs } = await job.run({
    action: join(options.root, 'actions', action),
    inputs,
    env,
  });
  return { id: step.id, name: getStepName(step), action, start, end: Date.now(), conclusion, summary, outputs };
};

/** Runs a script with bash, as GitHub does; its output is logged. */
const runScript = async (
  step: WorkflowStep,
  env: Record<string, string>,
  { job, onLine }: WorkflowRunOptions,
): Promise<Conclusion> => {
  if (step.run === undefined)
    throw new Error(
      `'${getStepName(step)}' is not supported: the demo runs the actions of this repository and scripts`,
    );
  const options = { cwd: job.workspace, env: { ...getMachineEnv(process.env), ...env } };
  const child = spawn('bash', ['-e', '-c', step.run], { ...options, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = once(child, 'close');
  const follow = async (output: Readable): Promise<void> => {
    for await (const line of createInterface({ input: output })) onLine(line);
  };
  const [[code]] = await Promise.all([ended, follow(child.stdout), follow(child.stderr)]);
  return code === 0 ? 'success' : 'failure';
};
