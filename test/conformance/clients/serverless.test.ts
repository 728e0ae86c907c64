import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { findToolObstacle } from '../../required-programs.js';
import { ClientAccount, REGION } from './client-account.js';

const SERVICE = `
service: shop
frameworkVersion: '3'
configValidationMode: 'off'
provider: { name: aws, region: ${REGION} }
resources:
  Resources: { Orders: { Type: AWS::SQS::Queue, Properties: { QueueName: orders } } }
  Outputs: { OrdersUrl: { Value: { Ref: Orders } } }
`;

/** Version 3, with version 2 of the SDK, which reads no AWS_ENDPOINT_URL. */
declareUnless(findToolObstacle(['serverless']), describe)('the Serverless Framework on Local AWS', () => {
  let account: ClientAccount;

  beforeAll(async () => {
    account = await ClientAccount.open();
    const sdk = createRequire(findProgram('serverless') ?? import.meta.url).resolve('aws-sdk');
    const config = '{ endpoint: process.env.AWS_ENDPOINT_URL, s3ForcePathStyle: true }';
    writeFileSync(join(account.directory, 'endpoint.cjs'), `require(${JSON.stringify(sdk)}).config.update(${config});`);
    writeFileSync(join(account.directory, 'serverless.yml'), SERVICE);
  });

  afterAll(() => account.close());

  it('deploys and removes a stack', async () => {
    const preload = ['--require', join(account.directory, 'endpoint.cjs'), findProgram('serverless') ?? ''];
    const env = { SLS_TELEMETRY_DISABLED: '1', SLS_NOTIFICATIONS_MODE: 'off' };
    const deployed = await account.run(process.execPath, [...preload, 'deploy', '--verbose'], { env });
    expect(deployed).toMatch(/OrdersUrl: https:\S+\/orders/u);
    expect(await account.run(process.execPath, [...preload, 'remove'], { env })).toContain('successfully removed');
    expect(account.listRejectedCalls()).toEqual([]);
  }, 300_000);
});
