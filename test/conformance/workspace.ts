import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Job, type JobOptions } from '@aws-delivery/node-runner/job/job';
import type { StepResult } from '@aws-delivery/node-runner/job/step';
import { REGION, ROOT } from './account.js';

const actions = fileURLToPath(new URL('../../actions/', import.meta.url));

export type Inputs = Readonly<Record<string, string>>;
export type ActionName =
  | 'appconfig-rollout'
  | 'cloudformation-deploy'
  | 'codeguru-review'
  | 'ecr-push'
  | 'health-gate'
  | 'oidc-credentials';

/** The variables that point a job at an emulator. */
export const createEndpointEnv = (endpoint: string): Readonly<Record<string, string>> => ({
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: REGION,
  AWS_EC2_METADATA_DISABLED: 'true',
});

/** Root's keys, for jobs without credentials of their own. */
export const ROOT_ENV = { AWS_ACCESS_KEY_ID: ROOT.accessKeyId, AWS_SECRET_ACCESS_KEY: ROOT.secretAccessKey };

/** A directory with the files that a test writes, and jobs that run our bundles in it as GitHub's runner would. */
export class Workspace {
  readonly directory = mkdtempSync(join(realpathSync.native(tmpdir()), 'workspace-'));
  private runs = 0;

  /** Writes a file and returns its name. */
  write(name: string, content: string): string {
    writeFileSync(join(this.directory, name), content);
    return name;
  }

  /** A job with its own run id: jobs share no change set and no client token. */
  createJob(options: Omit<JobOptions, 'workspace' | 'github'>): Job {
    this.runs += 1;
    return new Job({ ...options, workspace: this.directory, github: { run_id: String(this.runs) } });
  }

  /** Runs a job with one step and its post step. Returns the result of the main step. */
  async run(action: ActionName, inputs: Inputs, env: Readonly<Record<string, string>>): Promise<StepResult> {
    await using job = this.createJob({ env });
    const result = await job.run({ action: getActionPath(action), inputs });
    await job.finish();
    return result;
  }

  [Symbol.dispose](): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** The directory of an action. */
export const getActionPath = (action: ActionName): string => join(actions, action);

/** A step's log, for the messages of failed expectations. */
export const readOutput = ({ log }: StepResult): string => log.join('\n');
