import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { Job } from '@aws-delivery/node-runner/job/job';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { root } from '../../scripts/command.mjs';
import { buildAccountScenario } from '../../scripts/demo/environment/account.js';
import { setUpAccount } from '../../scripts/demo/environment/demo-environment.js';
import { type Endpoint, openEndpoint } from '../../scripts/demo/environment/endpoint.js';
import { createPermissionRule } from '../permission-rule.js';
import { findToolObstacle } from '../required-programs.js';
import { Act } from './act/act.js';
import { readFiles } from './act/read-files.js';

const obstacle = findToolObstacle(['act']);
const PARAMETERS = [
  'Organization=octo-org',
  'OrganizationId=123456',
  'Repository=octo-repo',
  'RepositoryId=456789',
  'DeliveryRegion=eu-west-1',
];

declareUnless(obstacle, describe)('a bootstrapped account on local AWS', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'bootstrap-'));
  let act: Act;
  let aws: LocalAws;
  let endpoint: Endpoint;
  let variables: Readonly<Record<string, string>>;

  /** Deploys the bootstrap with the bundle of cloudformation-deploy and root's keys. Returns its outputs. */
  const bootstrap = async (): Promise<Readonly<Record<string, string>>> => {
    await using job = new Job({ workspace, env: aws.createEnv({ keys: true }) });
    const { conclusion, outputs, log } = await job.run({
      action: join(root, 'actions', 'cloudformation-deploy'),
      inputs: {
        name: 'delivery',
        template: join(root, 'examples', 'bootstrap', 'delivery-roles.yaml'),
        capabilities: 'CAPABILITY_NAMED_IAM',
        parameters: PARAMETERS.join('\n'),
      },
    });
    expect(`${conclusion}: ${log.join('\n')}`).toMatch(/^success: /);
    return outputs;
  };

  beforeAll(async () => {
    endpoint = await openEndpoint(join(root, 'examples/delivery/shop'));
    const {
      iam: _none,
      cloudformation,
      ...scenario
    } = parse(buildAccountScenario(root, { endpoint: endpoint.url, scale: 60 }));
    const types = [
      ['AWS::S3::Bucket', 's3:CreateBucket'],
      ['AWS::Kinesis::Stream', 'kinesis:CreateStream'],
      ['AWS::Lambda::Function', 'lambda:CreateFunction'],
    ] as const;
    const rules = [...types.map(([type, action]) => createPermissionRule(type, action)), ...cloudformation.rules];
    aws = await startLocalAws({ scenario: { ...scenario, cloudformation: { ...cloudformation, rules } } });
    await setUpAccount(aws);
    const outputs = await bootstrap();
    variables = {
      AWS_REGION: 'eu-west-1',
      SHARD_COUNT: '1',
      DEPLOY_ROLE_ARN: outputs['DeployRoleArn'] ?? '',
      PREVIEW_ROLE_ARN: outputs['PreviewRoleArn'] ?? '',
      SERVICE_ROLE_ARN: outputs['ServiceRoleArn'] ?? '',
      BOUNDARY_ARN: outputs['BoundaryArn'] ?? '',
      ROLE_PATH: outputs['RolePath'] ?? '',
    };
    act = new Act();
  }, 120_000);

  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
    await endpoint[Symbol.asyncDispose]();
    rmSync(workspace, { recursive: true });
  });

  it('runs the whole delivery with the roles of the bootstrap only', async () => {
    const workflow = 'examples/workflows/delivery.yml';
    const before = aws.calls().length;
    const { exitCode, output, findStep } = await act.run({
      files: readFiles(workflow, 'examples/delivery', 'examples/appconfig'),
      workflow,
      env: aws.createEnv({ claims: { environment: 'production' } }),
      variables,
    });
    expect(exitCode === 0 ? 'delivered' : output).toBe('delivered');
    expect(findStep('shop').outputs['ShopUrl']).toBe(endpoint.url);
    const calls = aws.calls().slice(before);
    expect(calls.filter(({ verdict }) => verdict === 'denied')).toEqual([]);
    const principals = calls
      .filter(({ verdict, via }) => verdict === 'allowed' && via === undefined)
      .map(({ principal }) => principal.split('/')[1]);
    expect(new Set(principals)).toEqual(new Set(['delivery-deploy']));
  }, 240_000);

  it('rejects a delivery from a job outside the environment', async () => {
    const workflow = 'examples/workflows/first-delivery.yml';
    const { exitCode, output } = await act.run({
      files: readFiles(workflow, 'examples/delivery'),
      workflow,
      env: aws.createEnv({ claims: { environment: '' } }),
      variables,
    });
    expect(exitCode).not.toBe(0);
    expect(output).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
  }, 120_000);
});
