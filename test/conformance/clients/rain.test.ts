import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../../scripts/install/tool.mjs';
import { findToolObstacle } from '../../required-programs.js';
import { ClientAccount } from './client-account.js';

const TEMPLATE = `
Parameters: { Delay: { Type: Number, Default: 0 } }
Resources:
  Orders: { Type: AWS::SQS::Queue, Properties: { DelaySeconds: !Ref Delay } }
Outputs: { Url: { Value: !Ref Orders } }
`;

/** Rain is built from source, which takes minutes: only `npm run test:full` has it. */
declareUnless(findToolObstacle(['rain']), describe)('rain on Local AWS', () => {
  let account: ClientAccount;

  beforeAll(async () => {
    // rain does not know a stack that is gone before it asks for its status.
    account = await ClientAccount.open({ scale: 1 });
    writeFileSync(join(account.directory, 'shop.yaml'), TEMPLATE);
  });

  afterAll(() => account.close());

  it('deploys a stack, updates it, lists it and removes it', async () => {
    const rain = (...args: readonly string[]) => account.run(findProgram('rain') ?? '', args);
    expect(await rain('deploy', 'shop.yaml', 'shop', '--yes')).toMatch(/Url: https:\S+\n.*Successfully deployed shop/u);
    await rain('deploy', 'shop.yaml', 'shop', '--yes', '--params', 'Delay=5');
    expect(await rain('ls')).toContain('shop: UPDATE_COMPLETE');
    expect(await rain('rm', 'shop', '--yes')).toContain("Successfully deleted stack 'shop'");
    expect(account.listRejectedCalls()).toEqual([]);
  });
});
