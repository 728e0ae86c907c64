import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import { getMachineEnv } from '@aws-delivery/node-runner/job/action-environment';
import { createJob, getActionDirectory, writeTemplate } from '../account.js';
import type { BenchmarkContext } from '../benchmark.js';

/** Deploys a template, a file of the ground's folder, to a stack. Rejected where that fails. */
export type DeployStack = (stack: string, template: string) => Promise<void>;

/** The action in a job of its own, main and post. */
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

/** `aws cloudformation deploy`, what people do without the action. */
export const deployByCli =
  (program: string, { directory }: BenchmarkContext, aws: LocalAws): DeployStack =>
  async (stack, template) => {
    const options = ['--stack-name', stack, '--template-file', template, '--no-fail-on-empty-changeset'];
    const env = { ...getMachineEnv(process.env), HOME: directory, ...aws.createEnv({ keys: true }) };
    await promisify(execFile)(program, ['cloudformation', 'deploy', ...options], { cwd: directory, env });
  };

/** What is deployed to a stack, in this order. */
export const DEPLOY_KINDS = ['a new stack', 'a change', 'no change'] as const;

export type DeployKind = (typeof DEPLOY_KINDS)[number];

/** Writes the template of each kind: small ones. */
export const writeTemplates = (context: BenchmarkContext): Readonly<Record<DeployKind, string>> => {
  const buildResources = (Mode: string) => ({ A: { Type: 'Bench::Thing', Properties: { Mode } } });
  const changed = writeTemplate(context, 'changed.json', buildResources('changed'));
  return {
    'a new stack': writeTemplate(context, 'new.json', buildResources('new')),
    'a change': changed,
    'no change': changed,
  };
};
