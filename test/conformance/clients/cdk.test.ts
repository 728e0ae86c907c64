import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { findToolObstacle } from '../../required-programs.js';
import { ACCOUNT, ClientAccount, REGION } from './client-account.js';

const SCOPE = `${ACCOUNT}-${REGION}`;

/** An app of one stack, which the CDK's default synthesizer writes, with a file asset. */
const buildApp = (library: string): string => `
const { App, CfnOutput, Duration, Stack } = require(${JSON.stringify(library)});
const { Asset } = require(${JSON.stringify(`${library}/aws-s3-assets`)});
const { Queue } = require(${JSON.stringify(`${library}/aws-sqs`)});
const app = new App();
const stack = new Stack(app, 'Shop', { env: { account: '${ACCOUNT}', region: '${REGION}' } });
const queue = new Queue(stack, 'Orders', { deliveryDelay: Duration.seconds(Number(app.node.getContext('delay'))) });
const asset = new Asset(stack, 'Note', { path: 'note.txt' });
new CfnOutput(stack, 'Url', { value: queue.queueUrl });
new CfnOutput(stack, 'NoteKey', { value: asset.s3ObjectKey });
app.synth();
`;

/** The AWS CDK's command line with its default roles, bucket and parameters, as a user who may do everything. */
declareUnless(findToolObstacle(['cdk']), describe)('the AWS CDK on Local AWS', () => {
  let account: ClientAccount;

  const runCdk = (command: string, delay: number, ...args: readonly string[]): Promise<string> => {
    const app = ['--app', `${process.execPath} app.cjs`, '--context', `delay=${delay}`];
    const options = ['--no-notices', '--no-version-reporting', '--no-color', ...app];
    return account.run(process.execPath, [findProgram('cdk') ?? '', ...options, command, ...args]);
  };

  beforeAll(async () => {
    account = await ClientAccount.open();
    const library = createRequire(findProgram('cdk') ?? import.meta.url).resolve('aws-cdk-lib/package.json');
    writeFileSync(join(account.directory, 'app.cjs'), buildApp(join(library, '..')));
    writeFileSync(join(account.directory, 'note.txt'), 'a note\n');
  });

  afterAll(() => account.close());

  it('bootstraps the account', async () => {
    expect(await runCdk('bootstrap', 0, `aws://${ACCOUNT}/${REGION}`)).toContain('bootstrapped.');
  });

  it('deploys a stack with its roles, and shows changes with a change set', async () => {
    expect(await runCdk('deploy', 0, '--require-approval', 'never', 'Shop')).toMatch(/Shop\.Url = https:/u);
    const diff = await runCdk('diff', 5, 'Shop');
    expect(diff).toContain('AWS::SQS::Queue Orders');
    expect(diff).toMatch(/\[-\] 0\n.*\[\+\] 5/u);
    expect(diff).not.toContain('Could not create a change set');
  });

  it('deletes the stack, and was denied nothing', async () => {
    expect(await runCdk('destroy', 0, '--force', 'Shop')).toContain('Shop: destroyed');
    expect(account.listRejectedCalls()).toEqual([]);
    const principals = new Set(
      account.aws.calls().map(({ principal }) => principal.split('/')[1]?.replace(`-${SCOPE}`, '')),
    );
    const names = ['file-publishing-role', 'deploy-role', 'lookup-role', 'cfn-exec-role'];
    const roles = names.map((name) => `cdk-hnb659fds-${name}`);
    expect(principals).toEqual(new Set(['dev', ...roles]));
  });
});
