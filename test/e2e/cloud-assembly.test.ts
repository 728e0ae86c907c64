import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { findProgram } from '../../scripts/install/tool.mjs';
import { findToolObstacle } from '../required-programs.js';
import { Act } from './act/act.js';
import { readFiles } from './act/read-files.js';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
const WORKFLOW = 'examples/workflows/cloud-assembly.yml';
const ISSUER = 'token.actions.githubusercontent.com';

/** A role that may do nothing but assume the roles of the CDK's bootstrap stack. */
const assemblyRole = {
  trust: {
    Statement: {
      Effect: 'Allow' as const,
      Principal: { Federated: `arn:aws:iam::${ACCOUNT}:oidc-provider/${ISSUER}` },
      Action: 'sts:AssumeRoleWithWebIdentity',
    },
  },
  policies: {
    assume: {
      Statement: {
        Effect: 'Allow' as const,
        Action: ['sts:AssumeRole', 'sts:TagSession'],
        Resource: `arn:aws:iam::${ACCOUNT}:role/cdk-*`,
      },
    },
  },
};

const scenario = {
  account: ACCOUNT,
  region: REGION,
  clock: { scale: 100 },
  iam: {
    accessKeys: { test: 'test' },
    oidcProviders: [{ url: `https://${ISSUER}` }],
    roles: { assembly: assemblyRole },
  },
};

/** Artifacts are files in a directory, without GitHub's servers. */
const createArtifactAction = (script: string): string =>
  JSON.stringify({
    name: 'artifact',
    description: 'Without a server.',
    inputs: { name: { default: '' }, path: { default: '' } },
    runs: {
      using: 'composite',
      steps: [{ run: script, shell: 'bash', env: { INPUT_PATH: '${{ inputs.path }}' } }],
    },
  });

declareUnless(findToolObstacle(['act', 'cdk']), it)(
  'a cloud assembly is synthesized without credentials, and deployed without the application',
  async () => {
    const cdk = findProgram('cdk') ?? '';
    const store = join(directory, 'store');
    const writeAction = (name: string, script: string): string => {
      const path = join(directory, name);
      mkdirSync(path);
      writeFileSync(join(path, 'action.yml'), createArtifactAction(script));
      return path;
    };
    mkdirSync(store);
    const programs = join(directory, 'bin');
    mkdirSync(programs);
    writeFileSync(join(programs, 'npm'), `#!/bin/sh\nln -s '${dirname(dirname(dirname(cdk)))}' node_modules\n`);
    chmodSync(join(programs, 'npm'), 0o755);
    const env = { ...aws.createEnv(), HOME: directory, PATH: process.env['PATH'] ?? '' };
    await promisify(execFile)(process.execPath, [cdk, 'bootstrap', `aws://${ACCOUNT}/${REGION}`], {
      env: { ...env, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' },
    });
    const before = aws.calls().length;
    const result = await act.run({
      files: readFiles(WORKFLOW, 'examples/cdk'),
      workflow: WORKFLOW,
      env: aws.createEnv(),
      variables: { AWS_REGION: REGION, ASSEMBLY_ROLE_ARN: `arn:aws:iam::${ACCOUNT}:role/assembly` },
      programs: [programs],
      actions: {
        'actions/upload-artifact@ea165f8d65b6e75b540449e92b4886f43607fa02': writeAction(
          'upload',
          `cp "$INPUT_PATH" '${store}/'`,
        ),
        'actions/download-artifact@d3f86a106a0bac45b974a628896c90dbdf5c8093': writeAction(
          'download',
          `cp '${store}'/* .`,
        ),
      },
    });
    expect({ exitCode: result.exitCode, text: result.exitCode === 0 ? '' : result.output }).toEqual({
      exitCode: 0,
      text: '',
    });
    const results = JSON.parse(result.findStep('assembly').outputs['stack-results'] ?? '{}');
    expect(results).toMatchObject({
      'Production/queue': { result: 'complete' },
      'Production/notices': { result: 'complete' },
    });
    expect(result.output).toMatch(/orders arrive at http/);
    const calls = aws.calls().slice(before);
    expect(calls.filter(({ verdict }) => verdict === 'denied')).toEqual([]);
    expect(calls.map(({ operation }) => operation)).toContain('PutObject');
  },
);

const directory = mkdtempSync(join(tmpdir(), 'assembly-'));
let act: Act;
let aws: LocalAws;
beforeAll(async () => {
  aws = await startLocalAws({ scenario });
  act = new Act();
});
afterAll(async () => {
  act[Symbol.dispose]();
  rmSync(directory, { recursive: true, force: true });
  await aws.close();
});
