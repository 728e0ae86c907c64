import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { buildAccountScenario } from '../../scripts/demo/environment/account.js';
import { findToolObstacle } from '../required-programs.js';
import { Act, type ActResult } from './act/act.js';

const obstacle = findToolObstacle(['act']);
const workflow = 'examples/workflows/first-delivery.yml';
const template = 'examples/delivery/template.yaml';
const role = 'arn:aws:iam::123456789012:role/deliver';

declareUnless(obstacle, describe)('the first delivery under act on local AWS', () => {
  const directory = mkdtempSync(join(tmpdir(), 'first-delivery-'));
  let act: Act;
  let aws: LocalAws;

  beforeAll(async () => {
    const scenario = join(directory, 'local-aws.yml');
    writeFileSync(scenario, buildAccountScenario(root));
    aws = await startLocalAws({ scenario });
    act = new Act();
  });
  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
    rmSync(directory, { recursive: true });
  });

  const deliver = (shards: string): Promise<ActResult> =>
    act.run({
      files: Object.fromEntries([workflow, template].map((path) => [path, readFileSync(join(root, path), 'utf8')])),
      workflow,
      env: aws.createEnv(),
      variables: { AWS_REGION: 'eu-west-1', DEPLOY_ROLE_ARN: role, SHARD_COUNT: shards },
    });

  it('assumes a role with OIDC, fails on a wrong parameter and names it, and resumes with the right one', async () => {
    const first = await deliver('0');
    expect(first.exitCode).toBe(1);
    expect(first.findStep('stack').errors.join('\n')).toContain("Value '0' at 'shardCount'");
    expect(first.findStep('stack').outputs['stack-status']).toBe('CREATE_FAILED');

    const second = await deliver('1');
    expect(second.exitCode).toBe(0);
    expect(second.findStep('stack').outputs).toMatchObject({
      'stack-status': 'UPDATE_COMPLETE',
      StreamName: expect.stringContaining('SalesStream'),
    });
    expect(second.output).toContain('sales arrive at ticket-shop-SalesStream');
  });

  it('makes every call as the role, and none is denied', () => {
    const calls = aws.calls().filter(({ service }) => service === 'cloudformation');
    const principals = new Set(calls.map(({ principal }) => principal));
    expect([...principals]).toEqual(['arn:aws:sts::123456789012:assumed-role/deliver/GitHubActions']);
    expect(aws.calls().filter(({ verdict }) => verdict === 'denied')).toEqual([]);
  });
});
