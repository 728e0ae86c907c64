import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declareUnless, WINDOWS_OBSTACLE } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { getMachineEnv } from '@aws-delivery/node-runner/job/action-environment';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../../../scripts/command.mjs';
import { readPolicies } from '../account-policies.js';
import { readJenkinsfile } from './jenkinsfile.js';

const issuer = 'https://jenkins.example/oidc';
const account = '123456789012';

const buildTrustPolicy = (principal: object, action: string, condition?: object) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: action, Principal: principal, ...(condition && { Condition: condition }) },
});

const scenario = {
  account,
  oidc: { issuer, lifetime: '1h', claims: { sub: 'https://jenkins.example/job/deliver/' } },
  iam: {
    oidcProviders: [{ url: issuer }],
    roles: {
      deliver: {
        trust: buildTrustPolicy(
          { Federated: `arn:aws:iam::${account}:oidc-provider/jenkins.example/oidc` },
          'sts:AssumeRoleWithWebIdentity',
          { StringEquals: { 'jenkins.example/oidc:sub': 'https://jenkins.example/job/deliver/' } },
        ),
        policies: readPolicies(account, ['oidc-credentials', 'health-gate', 'cloudformation-deploy']),
      },
      'cloudformation-service': {
        trust: buildTrustPolicy({ Service: 'cloudformation.amazonaws.com' }, 'sts:AssumeRole'),
        policies: {
          resources: {
            Statement: { Effect: 'Allow', Action: ['dynamodb:*', 'kinesis:*', 's3:*', 'sqs:*'], Resource: '*' },
          },
        },
      },
    },
  },
  cloudformation: { durations: { create: '200ms', update: '200ms', delete: '200ms', changeSet: '100ms' } },
};

declareUnless(WINDOWS_OBSTACLE, describe)('the pipeline for Jenkins', () => {
  const pipeline = readJenkinsfile();
  let aws: LocalAws;
  let workspace: string;

  beforeEach(async () => {
    aws = await startLocalAws({ scenario });
    workspace = mkdtempSync(join(tmpdir(), 'jenkins-'));
    cpSync(join(root, 'examples', 'delivery'), join(workspace, 'examples', 'delivery'), { recursive: true });
  });
  afterEach(async () => {
    await aws.close();
    rmSync(workspace, { recursive: true });
  });

  /** Runs a script like the `sh` step: with `sh -xe` and the parameters as environment variables. */
  const runShell = async (script: string, parameters: Readonly<Record<string, string>> = {}) => {
    const env = {
      ...getMachineEnv(process.env),
      JENKINS_URL: 'https://jenkins.example/',
      AWS_ENDPOINT_URL: aws.url,
      AWS_DELIVERY_HOME: root,
      STATE: join(workspace, '.state'),
      ID_TOKEN: await aws.issueToken({ audience: 'sts.amazonaws.com' }),
      ...pipeline.parameters,
      ...parameters,
    };
    return new Promise<{ status: number; log: string }>((resolve) => {
      execFile('sh', ['-xe', '-c', script], { cwd: workspace, env }, (error, stdout, stderr) =>
        resolve({ status: error === null ? 0 : Number(error.code), log: stdout + stderr }),
      );
    });
  };

  const run = async (action: string, parameters?: Readonly<Record<string, string>>) => {
    const result = await runShell(pipeline.scripts[action] ?? '', parameters);
    const after = await runShell(pipeline.always, parameters);
    return { ...result, after };
  };

  const readOutputs = (): Record<string, string> => JSON.parse(readFileSync(join(workspace, 'outputs.json'), 'utf8'));
  const listExecutions = () => aws.calls().filter(({ operation }) => operation === 'ExecuteChangeSet');

  it('has a script for each value of ACTION', () => {
    expect(Object.keys(pipeline.scripts)).toEqual(['deploy', 'create-changeset', 'execute-changeset', 'delete']);
    expect(pipeline.parameters['ACTION']).toBe('deploy');
  });

  it('deploys with the account’s role and the service role, and writes outputs and a summary', async () => {
    const { status, log, after } = await run('deploy');
    expect({ status, log: status === 0 ? '' : log }).toEqual({ status: 0, log: '' });
    expect(readOutputs()).toMatchObject({ 'stack-status': 'CREATE_COMPLETE', StreamName: expect.any(String) });
    expect(readFileSync(join(workspace, 'summary.md'), 'utf8')).toContain('ticket-shop');
    const [created] = aws.calls().filter(({ operation }) => operation === 'CreateChangeSet');
    expect(created?.principal).toContain('assumed-role/deliver/');
    expect(created?.input['RoleARN']).toBe(`arn:aws:iam::${account}:role/cloudformation-service`);
    expect(after.status).toBe(0);
    expect(existsSync(join(workspace, '.state'))).toBe(false);
  });

  it('creates a change set, executes it in another build, and deletes the stack', async () => {
    const made = await run('create-changeset');
    expect({ status: made.status, log: made.status === 0 ? '' : made.log }).toEqual({ status: 0, log: '' });
    expect(listExecutions()).toEqual([]);
    expect(readOutputs()).toMatchObject({ 'change-set-name': 'reviewed', 'has-changes': 'true' });

    const executed = await run('execute-changeset');
    expect({ status: executed.status, log: executed.status === 0 ? '' : executed.log }).toEqual({ status: 0, log: '' });
    expect(listExecutions()).toHaveLength(1);

    expect(await run('delete')).toMatchObject({ status: 0 });
    expect(aws.calls().filter(({ operation }) => operation === 'DeleteStack')).toHaveLength(1);
  });

  it('does not run shell code in a parameter', async () => {
    const { status } = await run('deploy', { STACK: 'shop"; touch stolen; "$(touch stolen)' });
    expect(status).not.toBe(0);
    expect(existsSync(join(workspace, 'stolen'))).toBe(false);
    expect(listExecutions()).toEqual([]);
  });
});
