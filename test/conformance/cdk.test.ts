import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../scripts/install/tool.mjs';
import { findToolObstacle } from '../required-programs.js';

const ACCOUNT = '123456789012';
const REGION = 'eu-west-1';
const SCOPE = `${ACCOUNT}-${REGION}`;
const BUCKET = `cdk-hnb659fds-assets-${SCOPE}`;
const VERSION_PARAMETER = '/cdk-bootstrap/hnb659fds/version';

const buildRoleArn = (name: string): string =>
  `arn:\${AWS::Partition}:iam::${ACCOUNT}:role/cdk-hnb659fds-${name}-${SCOPE}`;

/** The template that the CDK's default synthesizer writes for a stack with a queue. */
const buildTemplate = (delay: number): string => {
  const old = [['1', '2', '3', '4', '5'], { Ref: 'BootstrapVersion' }];
  return JSON.stringify({
    Resources: { Orders: { Type: 'AWS::SQS::Queue', Properties: { DelaySeconds: delay }, DeletionPolicy: 'Delete' } },
    Outputs: { Url: { Value: { Ref: 'Orders' } } },
    Parameters: { BootstrapVersion: { Type: 'AWS::SSM::Parameter::Value<String>', Default: VERSION_PARAMETER } },
    Rules: {
      CheckBootstrapVersion: {
        Assertions: [
          {
            Assert: { 'Fn::Not': [{ 'Fn::Contains': old }] },
            AssertDescription: 'run cdk bootstrap, version 6 or later',
          },
        ],
      },
    },
  });
};

/** Writes a cloud assembly with one stack, whose template is an asset. */
const writeAssembly = (directory: string, delay: number): void => {
  mkdirSync(directory);
  const template = buildTemplate(delay);
  const hash = createHash('sha256').update(template).digest('hex');
  const bootstrap = { requiresBootstrapStackVersion: 6, bootstrapStackVersionSsmParameter: VERSION_PARAMETER };
  const destination = {
    bucketName: BUCKET,
    objectKey: `${hash}.json`,
    region: REGION,
    assumeRoleArn: buildRoleArn('file-publishing-role'),
  };
  const assets = {
    version: '55.0.0',
    files: {
      [hash]: {
        displayName: 'Shop Template',
        source: { path: 'Shop.template.json', packaging: 'file' },
        destinations: { [SCOPE]: destination },
      },
    },
    dockerImages: {},
  };
  const stack = {
    type: 'aws:cloudformation:stack',
    environment: `aws://${ACCOUNT}/${REGION}`,
    properties: {
      ...bootstrap,
      templateFile: 'Shop.template.json',
      assumeRoleArn: buildRoleArn('deploy-role'),
      cloudFormationExecutionRoleArn: buildRoleArn('cfn-exec-role'),
      stackTemplateAssetObjectUrl: `s3://${BUCKET}/${hash}.json`,
      additionalDependencies: ['Shop.assets'],
      lookupRole: { ...bootstrap, arn: buildRoleArn('lookup-role'), requiresBootstrapStackVersion: 8 },
    },
    dependencies: ['Shop.assets'],
    displayName: 'Shop',
  };
  const manifest = { type: 'cdk:asset-manifest', properties: { ...bootstrap, file: 'Shop.assets.json' } };
  writeFileSync(join(directory, 'Shop.template.json'), template);
  writeFileSync(join(directory, 'Shop.assets.json'), JSON.stringify(assets));
  const artifacts = { 'Shop.assets': manifest, Shop: stack };
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ version: '55.0.0', artifacts }));
};

/** The AWS CDK's command line with its default roles, bucket and parameters, as a user who may do everything. */
declareUnless(findToolObstacle(['cdk']), describe)('the AWS CDK on Local AWS', () => {
  let aws: LocalAws;
  let directory: string;

  const runCdk = (...args: readonly string[]): Promise<string> =>
    new Promise((resolve, reject) => {
      const env = {
        ...aws.createEnv(),
        PATH: process.env['PATH'],
        HOME: directory,
        AWS_ACCESS_KEY_ID: 'AKIADEV',
        AWS_SECRET_ACCESS_KEY: 'secret',
        AWS_EC2_METADATA_DISABLED: 'true',
        CI: 'true',
      };
      const options = ['--no-notices', '--no-version-reporting', '--no-color'];
      const command = [findProgram('cdk') ?? '', ...options, ...args];
      execFile(process.execPath, command, { cwd: directory, env }, (error, stdout, stderr) => {
        if (error === null) resolve(stdout + stderr);
        else reject(new Error(stdout + stderr));
      });
    });

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'cdk-'));
    writeAssembly(join(directory, 'first'), 0);
    writeAssembly(join(directory, 'second'), 5);
    const all = { Statement: { Effect: 'Allow' as const, Action: '*', Resource: '*' } };
    const users = { dev: { accessKeys: { AKIADEV: 'secret' }, policies: { all } } };
    aws = await startLocalAws({
      scenario: { account: ACCOUNT, region: REGION, clock: { scale: 100 }, iam: { users } },
    });
  });

  afterAll(async () => {
    rmSync(directory, { recursive: true, force: true });
    await aws.close();
  });

  it('bootstraps the account', async () => {
    expect(await runCdk('bootstrap', `aws://${ACCOUNT}/${REGION}`)).toContain('bootstrapped.');
  });

  it('deploys a stack with its roles, and shows changes with a change set', async () => {
    expect(await runCdk('deploy', '--app', 'first', '--require-approval', 'never', 'Shop')).toMatch(
      /Shop\.Url = https:/u,
    );
    const diff = await runCdk('diff', '--app', 'second', 'Shop');
    expect(diff).toContain('AWS::SQS::Queue Orders');
    expect(diff).toMatch(/\[-\] 0\n.*\[\+\] 5/u);
    expect(diff).not.toContain('Could not create a change set');
  });

  it('deletes the stack, and was denied nothing', async () => {
    expect(await runCdk('destroy', '--app', 'first', '--force', 'Shop')).toContain('Shop: destroyed');
    expect(aws.calls().filter(({ verdict }) => verdict !== 'allowed')).toEqual([]);
    const principals = new Set(aws.calls().map(({ principal }) => principal.split('/')[1]?.replace(`-${SCOPE}`, '')));
    const names = ['file-publishing-role', 'deploy-role', 'lookup-role', 'cfn-exec-role'];
    const roles = names.map((name) => `cdk-hnb659fds-${name}`);
    expect(principals).toEqual(new Set(['dev', ...roles]));
  });
});
