import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { findToolObstacle } from '../../required-programs.js';
import { ClientAccount, REGION } from './client-account.js';

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Parameters: { Delay: { Type: Number, Default: 0 } }
Resources:
  Orders: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Delay } }
  Tools: { Type: AWS::Serverless::LayerVersion, Properties: { ContentUri: tools } }
Outputs: { Url: { Value: !Ref Orders } }
`;

declareUnless(findToolObstacle(['sam']), describe)('the AWS SAM CLI on Local AWS', () => {
  let account: ClientAccount;

  beforeAll(async () => {
    account = await ClientAccount.open();
    mkdirSync(join(account.directory, 'tools'));
    writeFileSync(join(account.directory, 'tools', 'note.txt'), 'a tool\n');
    writeFileSync(join(account.directory, 'template.yaml'), TEMPLATE);
  });

  afterAll(() => account.close());

  it('deploys a stack with answers to its questions, and deletes it', async () => {
    const sam = (args: readonly string[], input = '') =>
      account.run(findProgram('sam') ?? '', ['-m', 'samcli', ...args], { input, env: { SAM_CLI_TELEMETRY: '0' } });
    const responses = ['shop', REGION, '5', 'n', 'Y', 'N', 'n'];
    const deployed = await sam(['deploy', '--guided'], `${responses.join('\n')}\n`);
    expect(deployed).toContain('Successfully created/updated stack - shop');
    expect(await sam(['delete', '--stack-name', 'shop', '--region', REGION, '--no-prompts'])).toContain(
      'Deleted successfully',
    );
    expect(account.listRejectedCalls()).toEqual([]);
  }, 300_000);
});
