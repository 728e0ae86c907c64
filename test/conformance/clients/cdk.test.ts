import { createHash } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { findToolObstacle } from '../../required-programs.js';
import { ACCOUNT, ClientAccount, REGION } from './client-account.js';

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
  let account: ClientAccount;

  const runCdk = (...args: readonly string[]): Promise<string> => {
    const options = ['--no-notices', '--no-version-reporting', '--no-color'];
    return account.run(process.execPath, [findProgram('cdk') ?? '', ...options, ...args]);
  };

  beforeAll(async () => {
    account = await ClientAccount.open();
    writeAssembly(join(account.directory, 'first'), 0);
    writeAssembly(join(account.directory, 'second'), 5);
  });

  afterAll(() => account.close());

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
    expect(account.listRejectedCalls()).toEqual([]);
    const principals = new Set(
      account.aws.calls().map(({ principal }) => principal.split('/')[1]?.replace(`-${SCOPE}`, '')),
    );
    const names = ['file-publishing-role', 'deploy-role', 'lookup-role', 'cfn-exec-role'];
    const roles = names.map((name) => `cdk-hnb659fds-${name}`);
    expect(principals).toEqual(new Set(['dev', ...roles]));
  });
});
