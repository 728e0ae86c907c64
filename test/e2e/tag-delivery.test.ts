import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../../scripts/command.mjs';
import { readPolicies } from '../hosts/account-policies.js';
import { findToolObstacle } from '../required-programs.js';
import { Act, type ActResult } from './act/act.js';
import { readFiles } from './act/read-files.js';

const obstacle = findToolObstacle(['act']);
const workflow = 'examples/workflows/tag-delivery.yml';
const stacks = 'examples/stacks';

const repositoryFiles = readFiles(workflow, stacks);

const createTrustPolicy = (account: string) => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Action: 'sts:AssumeRoleWithWebIdentity',
    Principal: { Federated: `arn:aws:iam::${account}:oidc-provider/token.actions.githubusercontent.com` },
    Condition: { StringEquals: { 'token.actions.githubusercontent.com:aud': 'sts.amazonaws.com' } },
  },
});

/** A role with the generated policies of its actions. */
const createRole = (account: string) => ({
  trust: createTrustPolicy(account),
  maxSessionDuration: '4h',
  policies: readPolicies(account, ['health-gate', 'cloudformation-deploy', 'oidc-credentials']),
});

const scenario = {
  account: '210987654321',
  iam: {
    oidcProviders: [{ url: 'https://token.actions.githubusercontent.com' }],
    roles: {
      deliver: createRole('210987654321'),
      maker: {
        trust: {
          Statement: {
            Effect: 'Allow' as const,
            Action: 'sts:AssumeRole',
            Principal: { Service: 'cloudformation.amazonaws.com' },
          },
        },
        policies: { topics: { Statement: { Effect: 'Allow' as const, Action: 'sns:*', Resource: '*' } } },
      },
    },
  },
  cloudformation: { durations: { create: '300ms', update: '300ms', delete: '300ms', changeSet: '100ms' } },
};

declareUnless(obstacle, describe)('delivery by tag under act', () => {
  let act: Act;
  let aws: LocalAws;

  beforeAll(async () => {
    aws = await startLocalAws({ scenario });
    act = new Act();
  });
  beforeEach(() => aws.reset());
  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
  });

  const push = (tag: string, config?: object): Promise<ActResult> => {
    const repository = { name: 'octo-repo', full_name: 'octo-org/octo-repo', owner: { login: 'octo-org' } };
    return act.run({
      files: { ...repositoryFiles, ...(config && { [`${stacks}/delivery.json`]: JSON.stringify(config) }) },
      workflow,
      payload: () => ({ ref: `refs/tags/${tag}`, repository }),
      env: aws.createEnv(),
    });
  };

  const own: { environments: { prod: { regions: readonly string[] } } } = JSON.parse(
    readFileSync(join(root, stacks, 'delivery.json'), 'utf8'),
  );

  const listExecuted = () =>
    aws
      .calls()
      .filter(({ operation }) => operation === 'ExecuteChangeSet')
      .map(({ region, principal, input }) => ({ region, account: principal.split(':')[4], stack: input['StackName'] }));

  it('deploys the team’s stacks to the tag’s Region and account, stage by stage', async () => {
    const { exitCode, output } = await push('prod_eu-west-1/tickets/1.4.0');
    expect(output).toContain('tickets 1.4.0 to prod, eu-west-1, account 210987654321: data, then orders + receipts');
    expect(exitCode).toBe(0);
    expect(listExecuted().map(({ region, account }) => `${account} ${region}`)).toEqual(
      Array(3).fill('210987654321 eu-west-1'),
    );
    expect(output.indexOf('tickets-data: creation complete')).toBeLessThan(output.indexOf('tickets-orders: creation'));
  });

  it('deploys to a Region that was added to the configuration', async () => {
    const { prod } = own.environments;
    const config = { ...own, environments: { prod: { ...prod, regions: [...prod.regions, 'ap-southeast-2'] } } };
    const { exitCode } = await push('prod_ap-southeast-2/tickets/1.4.0', config);
    expect(exitCode).toBe(0);
    expect(new Set(listExecuted().map(({ region }) => region))).toEqual(new Set(['ap-southeast-2']));
  });

  it('deploys a team’s global stack in us-east-1, with the environment’s service role', async () => {
    const config = { ...own, environments: { prod: { ...own.environments.prod, 'service-role': 'maker' } } };
    const { exitCode } = await push('prod_global/tickets/1.4.0', config);
    expect(exitCode).toBe(0);
    const created = aws.calls().filter(({ operation }) => operation === 'CreateChangeSet');
    expect(created.map(({ input }) => input['RoleARN'])).toEqual(['arn:aws:iam::210987654321:role/maker']);
    expect(listExecuted()).toEqual([{ region: 'us-east-1', account: '210987654321', stack: expect.anything() }]);
  });

  it('stops after a failed stage, and deploys to another Region afterwards', async () => {
    aws.setFaults([{ fault: 'error', operation: 'CreateChangeSet', code: 'ValidationError', status: 400, calls: 1 }]);
    const { exitCode, output } = await push('prod_eu-west-1/tickets/1.4.0');
    expect(exitCode).toBe(1);
    expect(output).not.toContain('tickets-orders: creation');
    aws.setFaults([]);
    expect((await push('prod_us-east-1/tickets/1.4.0')).exitCode).toBe(0);
  });

  it.each([
    ['v1.4.0', "the tag 'v1.4.0' is neither"],
    ['stage_eu-west-1/tickets/1.4.0', "has no environment 'stage'"],
    ['prod_eu-north-1/tickets/1.4.0', "Region eu-north-1 is not one of 'prod'"],
    ['prod_eu-west-1/billing/1.4.0', "has no team 'billing'"],
  ])('rejects an invalid tag: %s', async (tag, message) => {
    const { exitCode, output } = await push(tag);
    expect(exitCode).toBe(1);
    expect(output).toContain(message);
    expect(aws.calls()).toEqual([]);
  });
});
