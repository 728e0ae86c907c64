import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { LocalAws } from '@aws-delivery/local-aws/local-aws';
import { machineEnvironment } from '@aws-delivery/node-runner/environment';
import { actionFolder, openJob, writeTemplate } from './account.js';
import type { Ground } from './bench.js';

/** Deploys a template, a file of the ground's folder, to a stack. Rejected where that fails. */
export type Deploy = (stack: string, template: string) => Promise<void>;

/** The action in a job of its own, main and post. */
export const deployByAction =
  (ground: Ground, aws: LocalAws): Deploy =>
  async (name, template) => {
    await using job = openJob(aws, ground);
    const { log } = await job.run({
      action: actionFolder(ground, 'cloudformation-deploy'),
      inputs: { name, template },
    });
    await job.finish();
    if (job.status !== 'success') throw new Error(`the deploy failed:\n${log.join('\n')}`);
  };

/** `aws cloudformation deploy`, what people do without the action. */
export const deployByCli =
  (program: string, { folder }: Ground, aws: LocalAws): Deploy =>
  async (stack, template) => {
    const options = ['--stack-name', stack, '--template-file', template, '--no-fail-on-empty-changeset'];
    const env = { ...machineEnvironment(process.env), HOME: folder, ...aws.environment({ keys: true }) };
    await promisify(execFile)(program, ['cloudformation', 'deploy', ...options], { cwd: folder, env });
  };

/** What is deployed to a stack, in this order. */
export const kinds = ['a new stack', 'a change', 'no change'] as const;

export type Kind = (typeof kinds)[number];

/** Writes the template of each kind: small ones. */
export const writeTemplates = (ground: Ground): Readonly<Record<Kind, string>> => {
  const things = (Mode: string) => ({ A: { Type: 'Bench::Thing', Properties: { Mode } } });
  const changed = writeTemplate(ground, 'changed.json', things('changed'));
  return {
    'a new stack': writeTemplate(ground, 'new.json', things('new')),
    'a change': changed,
    'no change': changed,
  };
};
