import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { Job } from '@aws-delivery/node-runner/job';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { root } from '../../scripts/command.mjs';
import { accountScenario } from '../../scripts/demo/account.js';
import { type Endpoint, openEndpoint } from '../../scripts/demo/endpoint.js';
import { furnish } from '../../scripts/demo/stage.js';
import { programPath } from '../../scripts/tool.mjs';
import { Act } from './act.js';
import { filesOf } from './files.js';

const program = programPath('act');
const PARAMETERS = [
  'Organization=octo-org',
  'OrganizationId=123456',
  'Repository=octo-repo',
  'RepositoryId=456789',
  'DeliveryRegion=eu-west-1',
];

/** Whoever makes a stack's resources must be allowed to, as before AWS. */
const needing = (type: string, action: string) => ({
  on: { type, lacking: { action } },
  fail: { reason: `not authorized to perform: ${action}` },
});

(program === undefined ? describe.skip : describe)('an account that was empty but for root, on local AWS', () => {
  const workspace = mkdtempSync(join(tmpdir(), 'bootstrap-'));
  let act: Act;
  let aws: LocalAws;
  let endpoint: Endpoint;
  let variables: Readonly<Record<string, string>>;

  /** Deploys the bootstrap with the bundle of cloudformation-deploy and root's keys. Gives its outputs. */
  const bootstrap = async (): Promise<Readonly<Record<string, string>>> => {
    await using job = new Job({ workspace, env: aws.environment({ keys: true }) });
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
    } = parse(accountScenario(root, { endpoint: endpoint.url, scale: 60 }));
    const types = [
      ['AWS::S3::Bucket', 's3:CreateBucket'],
      ['AWS::Kinesis::Stream', 'kinesis:CreateStream'],
      ['AWS::Lambda::Function', 'lambda:CreateFunction'],
    ] as const;
    const rules = [...types.map(([type, action]) => needing(type, action)), ...cloudformation.rules];
    aws = await startLocalAws({ scenario: { ...scenario, cloudformation: { ...cloudformation, rules } } });
    await furnish(aws);
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
    act = new Act(program ?? '');
  }, 120_000);

  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
    await endpoint[Symbol.asyncDispose]();
    rmSync(workspace, { recursive: true });
  });

  it('takes the whole delivery with the roles that the bootstrap has made, and no others', async () => {
    const workflow = 'examples/workflows/delivery.yml';
    const before = aws.calls().length;
    const { exitCode, text, step } = await act.run({
      files: filesOf(workflow, 'examples/delivery', 'examples/appconfig'),
      workflow,
      env: aws.environment({ claims: { environment: 'production' } }),
      variables,
    });
    expect(exitCode === 0 ? 'delivered' : text).toBe('delivered');
    expect(step('shop').outputs['ShopUrl']).toBe(endpoint.url);
    const calls = aws.calls().slice(before);
    expect(calls.filter(({ verdict }) => verdict === 'denied')).toEqual([]);
    const principals = calls
      .filter(({ verdict, via }) => verdict === 'allowed' && via === undefined)
      .map(({ principal }) => principal.split('/')[1]);
    expect(new Set(principals)).toEqual(new Set(['delivery-deploy']));
  }, 240_000);

  it('takes no delivery from elsewhere than the environment', async () => {
    const workflow = 'examples/workflows/first-delivery.yml';
    const { exitCode, text } = await act.run({
      files: filesOf(workflow, 'examples/delivery'),
      workflow,
      env: aws.environment({ claims: { ref: 'refs/heads/main' } }),
      variables,
    });
    expect(exitCode).not.toBe(0);
    expect(text).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
  }, 120_000);
});
