import { randomInt } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { getMachineEnv } from '@aws-delivery/node-runner/job/action-environment';
import { Job } from '@aws-delivery/node-runner/job/job';
import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import type { BenchmarkContext } from './benchmark.js';

type CloudFormation = NonNullable<ScenarioInput['cloudformation']>;

const region = 'eu-central-1';
const owner = { accessKeyId: 'AKIAROOT', secretAccessKey: 'root-secret' };

const createFailureRule = (operation: 'create' | 'update') => ({
  on: { property: { path: 'Mode', equals: 'bad' }, operation },
  fail: { reason: 'bad is not good', after: 'end' as const },
});

/** Starts local AWS in real time, with resources whose durations and failures follow from their properties. */
export const startAccount = (
  durations: CloudFormation['durations'],
  overrides: ScenarioInput = {},
): Promise<LocalAws> =>
  startLocalAws({
    scenario: {
      region,
      iam: { accessKeys: { [owner.accessKeyId]: owner.secretAccessKey } },
      cloudformation: {
        durations,
        types: { 'Bench::*': {}, 'Bench::Slow': { durationProperty: 'Seconds' } },
        rules: [createFailureRule('create'), createFailureRule('update')],
      },
      ...overrides,
    },
  });

/** A CloudFormation client of the account, to read the state after a deployment. */
export const createCloudFormationClient = (aws: LocalAws): CloudFormationClient =>
  new CloudFormationClient({ endpoint: aws.url, region, credentials: owner });

/** A job in the account with root's keys and a random run id, so that runs share no client tokens. */
export const createJob = (aws: LocalAws, { directory }: BenchmarkContext): Job => {
  const { ACTIONS_ID_TOKEN_REQUEST_URL: _, ACTIONS_ID_TOKEN_REQUEST_TOKEN: __, ...env } = aws.createEnv({ keys: true });
  return new Job({
    workspace: directory,
    baseEnv: { ...getMachineEnv(process.env), HOME: directory },
    env,
    github: { run_id: String(randomInt(2 ** 40)) },
  });
};

/** Writes a template to the context's directory; returns its file name. */
export const writeTemplate = ({ directory }: BenchmarkContext, name: string, resources: object): string => {
  writeFileSync(join(directory, name), JSON.stringify({ Resources: resources }));
  return name;
};

/** The directory of an action. */
export const getActionDirectory = ({ root }: BenchmarkContext, name: string): string => join(root, 'actions', name);
