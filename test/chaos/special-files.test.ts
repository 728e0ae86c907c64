import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import {
  createSpecialFiles,
  type SpecialFile,
  type SpecialFiles,
} from '@aws-delivery/action-kit/testing/special-files';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { definition as appConfig } from '../../actions/appconfig-rollout/action.js';
import { createAction as createAppConfig } from '../../actions/appconfig-rollout/src/create-action.js';
import { definition as cloudFormation } from '../../actions/cloudformation-deploy/action.js';
import { createAction as createCloudFormation } from '../../actions/cloudformation-deploy/src/create-action.js';
import { definition as codeReview } from '../../actions/codeguru-review/action.js';
import { createAction as createCodeReview } from '../../actions/codeguru-review/src/create-action.js';
import { definition as ecr } from '../../actions/ecr-push/action.js';
import { createAction as createEcr } from '../../actions/ecr-push/src/create-action.js';
import { definition as health } from '../../actions/health-gate/action.js';
import { createAction as createHealth } from '../../actions/health-gate/src/create-action.js';
import { definition as oidc } from '../../actions/oidc-credentials/action.js';
import { createAction as createOidc } from '../../actions/oidc-credentials/src/create-action.js';
import { createRun, type Machine, prepareImage, QUEUE_TEMPLATE, REGION, write } from './hang-cases.js';

type Inputs = Readonly<Record<string, string>>;

const actions: Readonly<Record<string, (machine: Machine, inputs: Inputs) => Promise<readonly string[]>>> = {
  'oidc-credentials': createRun(oidc, () => createOidc({ node: process.execPath, script: 'process.js' })),
  'health-gate': createRun(health, (overrideConfig) => createHealth({ overrideConfig })),
  'codeguru-review': createRun(codeReview, createCodeReview),
  'ecr-push': createRun(ecr, createEcr),
  'cloudformation-deploy': createRun(cloudFormation, createCloudFormation),
  'appconfig-rollout': createRun(appConfig, createAppConfig),
};

const role = { 'role-arn': 'arn:aws:iam::123456789012:role/deploy' };
const sarif = { 'findings-from': 'sarif', 'sarif-files': 'scan.sarif' };
const image = { source: 'oci:image', repository: 'app', tags: '1' };
const createdImage = { ...image, 'create-repository': 'true' };
const profile = { application: 'shop', environment: 'prod', profile: 'Limits' };

/** Inputs that name a file, each with the other inputs that it needs; the path takes the place of `{}`. */
const FILE_INPUTS: readonly (readonly [action: string, input: string, value: string, others: Inputs])[] = [
  ['oidc-credentials', 'web-identity-token-file', '{}', role],
  ['health-gate', 'template', '{}', { services: 'auto' }],
  ['health-gate', 'ignore-file', '{}', { services: 'RDS' }],
  ['codeguru-review', 'sarif-files', '{}', { 'findings-from': 'sarif' }],
  ['codeguru-review', 'ignore-file', '{}', sarif],
  ['codeguru-review', 'baseline', '{}', sarif],
  ['ecr-push', 'source', 'docker-archive:{}', { repository: 'app', tags: '1' }],
  ['ecr-push', 'source', 'oci-archive:{}', { repository: 'app', tags: '1' }],
  ['ecr-push', 'lifecycle-policy', '{}', createdImage],
  ['ecr-push', 'repository-policy', '{}', createdImage],
  ['ecr-push', 'referrers', '{}=application/spdx+json', image],
  ['ecr-push', 'ignore-file', '{}', { ...image, scan: 'basic' }],
  ['cloudformation-deploy', 'template', '{}', { name: 'shop' }],
  ['cloudformation-deploy', 'parameter-files', '{}', { name: 'shop', template: 'template.yaml' }],
  ['cloudformation-deploy', 'stack-policy', '{}', { name: 'shop', template: 'template.yaml' }],
  ['appconfig-rollout', 'file', '{}', profile],
];

describe('a file input that names something else than a regular file is an error', () => {
  let machine: Machine;
  let aws: LocalAws;
  let special: SpecialFiles;
  beforeAll(async () => {
    aws = await startLocalAws({ scenario: { region: REGION } });
    const directory = mkdtempSync(join(tmpdir(), 'special-files-'));
    machine = { directory, url: aws.url, aws };
    mkdirSync(join(directory, 'special'));
    special = await createSpecialFiles(join(directory, 'special'));
    await prepareImage(machine);
    write(machine, 'template.yaml', QUEUE_TEMPLATE);
    write(machine, 'scan.sarif', '{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": []}]}');
  });
  afterAll(async () => {
    await special.close();
    await aws.close();
    rmSync(machine.directory, { recursive: true });
  });

  const runWith = async ({ path, type }: SpecialFile, [action, input, value, others]: (typeof FILE_INPUTS)[number]) => {
    const inputs = { ...others, [input]: value.replace('{}', relative(machine.directory, path)) };
    const failures = await actions[action]?.(machine, { 'aws-region': REGION, timeout: '20s', ...inputs });
    return { type, failure: failures?.[0] };
  };

  it.each(FILE_INPUTS)('%s, %s: %s', async (...fileInput) => {
    const results = await Promise.all(special.files.map((file) => runWith(file, fileInput)));
    expect(results.length).toBeGreaterThan(0);
    for (const { type, failure } of results)
      expect(failure).toContain(
        type === 'a directory'
          ? fileInput[2].replace('{}', 'special/directory').split('=')[0]?.split(':').at(-1)
          : `is ${type}: use a regular file`,
      );
  });
});
