import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { root } from '../../scripts/command.mjs';
import { buildAccountScenario } from '../../scripts/demo/environment/account.js';
import { setUpAccount } from '../../scripts/demo/environment/demo-environment.js';
import { type Endpoint, openEndpoint } from '../../scripts/demo/environment/endpoint.js';
import { findToolObstacle } from '../required-programs.js';
import { Act } from './act/act.js';
import { readFiles } from './act/read-files.js';

const obstacle = findToolObstacle(['act']);
const roleArn = (name: string): string => `arn:aws:iam::123456789012:role/${name}`;
const variables = {
  AWS_REGION: 'eu-west-1',
  DEPLOY_ROLE_ARN: roleArn('deliver'),
  PREVIEW_ROLE_ARN: roleArn('preview'),
  SHARD_COUNT: '1',
};

declareUnless(obstacle, describe)('the composed workflows under act on local AWS', () => {
  let act: Act;
  let aws: LocalAws;
  let endpoint: Endpoint;

  beforeAll(async () => {
    endpoint = await openEndpoint(join(root, 'examples/delivery/shop'));
    aws = await startLocalAws({ scenario: parse(buildAccountScenario(root, { endpoint: endpoint.url, scale: 60 })) });
    await setUpAccount(aws);
    act = new Act();
  });
  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
    await endpoint[Symbol.asyncDispose]();
  });

  it('review and preview a pull request without changes', async () => {
    const workflow = 'examples/workflows/pull-request.yml';
    const files = readFiles(workflow, 'examples/delivery');
    const repo = { full_name: 'octo-org/octo-repo', fork: false };
    const { exitCode, output, findStep } = await act.run({
      files,
      committedBefore: Object.keys(files).filter((path) => !path.includes('shop')),
      workflow,
      event: 'pull_request',
      payload: ([base, head]) => ({
        number: 7,
        pull_request: { number: 7, base: { ref: 'main', sha: base, repo }, head: { ref: 'shop', sha: head, repo } },
      }),
      env: aws.createEnv({ claims: { event_name: 'pull_request', ref: 'refs/pull/7/merge', environment: '' } }),
      variables,
    });
    expect(output).toContain("1 finding (1 medium), none at or above the 'fail-on' threshold");
    expect(output).toContain('ticket-shop preview: 4 changes to deploy');
    expect(exitCode).toBe(0);
    expect(aws.calls().filter(({ operation }) => operation === 'ExecuteChangeSet')).toEqual([]);
    expect(findStep('preview').outputs['has-changes']).toBe('true');
  }, 120_000);

  it('deliver image, stacks and configuration, and check the deployed endpoint', async () => {
    const workflow = 'examples/workflows/delivery.yml';
    const { exitCode, output, findStep } = await act.run({
      files: readFiles(workflow, 'examples/delivery', 'examples/appconfig'),
      workflow,
      env: aws.createEnv(),
      variables,
    });
    expect(output).toContain('{\\"shop\\":\\"open\\"');
    expect(exitCode).toBe(0);
    expect(findStep('shop').outputs['ShopUrl']).toBe(endpoint.url);
    expect(findStep('image').outputs['image-uri']).toMatch(/@sha256:[0-9a-f]{64}$/u);
    expect(aws.calls().filter(({ verdict }) => verdict === 'denied')).toEqual([]);
  }, 240_000);
});
