import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import { getMachineEnv } from '@aws-delivery/node-runner/job/action-environment';
import { createJob, getActionDirectory, writeTemplate } from '../account.js';
import type { BenchmarkContext } from '../benchmark.js';

/** Deploys a template, a file in the context's directory, to a stack. Rejects when the deployment fails. */
export type DeployStack = (stack: string, template: string) => Promise<void>;

/** Deploys with the action: a job with main and post step. */
export const deployByAction =
  (context: BenchmarkContext, aws: LocalAws): DeployStack =>
  async (name, template) => {
    await using job = createJob(aws, context);
    const { log } = await job.run({
      action: getActionDirectory(context, 'cloudformation-deploy'),
      inputs: { name, template },
    });
    await job.finish();
    if (job.status !== 'success') throw new Error(`the deploy failed:\n${log.join('\n')}`);
  };

/** Deploys with `aws cloudformation deploy`. */
export const deployByCli =
  (program: string, { directory }: BenchmarkContext, aws: LocalAws): DeployStack =>
  async (stack, template) => {
    const options = ['--stack-name', stack, '--template-file', template, '--no-fail-on-empty-changeset'];
    const env = { ...getMachineEnv(process.env), HOME: directory, ...aws.createEnv({ keys: true }) };
    await promisify(execFile)(program, ['cloudformation', 'deploy', ...options], { cwd: directory, env });
  };

/** The deployments that are measured, in the order in which they run on one stack. */
export const DEPLOY_KINDS = ['a new stack', 'a change', 'no change'] as const;

export type DeployKind = (typeof DEPLOY_KINDS)[number];

/** Writes a small template for each kind of deployment. Returns their file names. */
export const writeTemplates = (context: BenchmarkContext): Readonly<Record<DeployKind, string>> => {
  const buildResources = (Mode: string) => ({ A: { Type: 'Bench::Thing', Properties: { Mode } } });
  const changed = writeTemplate(context, 'changed.json', buildResources('changed'));
  return {
    'a new stack': writeTemplate(context, 'new.json', buildResources('new')),
    'a change': changed,
    'no change': changed,
  };
};
