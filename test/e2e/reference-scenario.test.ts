import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  paginateDescribeStackEvents,
} from '@aws-sdk/client-cloudformation';
import { IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parseDocument } from 'yaml';
import {
  cloudformation,
  failureReasons,
  PERMISSION,
  renderTemplate,
} from '../../actions/cloudformation-deploy/test/reference-scenario.js';
import { root } from '../../scripts/command.mjs';
import { buildAccountScenario } from '../../scripts/demo/environment/account.js';
import { readRepositoryName } from '../../scripts/release/repository-name.mjs';
import { readMajorTag } from '../../scripts/release/version.mjs';
import { findToolObstacle } from '../required-programs.js';
import { Act, type ActResult } from './act/act.js';
import type { ActStep } from './act/act-log.js';

const obstacle = findToolObstacle(['act']);
const path = '.github/workflows/scenario.yml';

const workflow = `
on: push
permissions: { contents: read, id-token: write }
jobs:
  deliver:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - uses: ${readRepositoryName()}/actions/oidc-credentials@${readMajorTag()}
        with: { aws-region: eu-west-1, role-arn: "arn:aws:iam::123456789012:role/deliver" }
      - id: stack
        uses: ${readRepositoryName()}/actions/cloudformation-deploy@${readMajorTag()}
        with:
          name: ticket-shop
          mode: \${{ vars.MODE }}
          template: template.yaml
          parameters: \${{ vars.PARAMETERS }}
          on-failure: preserve
      - id: names
        env: { OUTPUTS: "\${{ steps.stack.outputs.BucketName }} \${{ steps.stack.outputs.QueueName }}" }
        run: echo "made $OUTPUTS"
`;

interface ScenarioStep {
  readonly mode?: string;
  readonly shards?: number;
  readonly isCorrected?: boolean;
}

/** The outcome of one push. */
interface StepOutcome {
  readonly result: ActResult;
  readonly stack: ActStep;
  /** Write operations on CloudFormation, in order. */
  readonly writes: readonly string[];
}

declareUnless(obstacle, describe)('the reference scenario under act on local AWS', () => {
  let act: Act;
  let aws: LocalAws;

  beforeAll(async () => {
    const scenario = parseDocument(buildAccountScenario(root));
    scenario.set('cloudformation', { ...cloudformation, durations: { create: '1s', update: '1s', delete: '1s' } });
    aws = await startLocalAws({ scenario: scenario.toJS() });
    act = new Act();
  });
  afterAll(async () => {
    act[Symbol.dispose]();
    await aws.close();
  });

  const runStep = async ({ mode = 'deploy', shards, isCorrected = false }: ScenarioStep): Promise<StepOutcome> => {
    const before = aws.calls().length;
    const result = await act.run({
      files: { [path]: workflow, 'template.yaml': renderTemplate({ isCorrected }) },
      workflow: path,
      env: aws.createEnv(),
      variables: { MODE: mode, PARAMETERS: shards === undefined ? '' : `ShardCountParameter=${shards}` },
    });
    const calls = aws.calls().slice(before);
    const writes = calls.filter(({ service, write }) => service === 'cloudformation' && write);
    return { result, stack: result.findStep('stack'), writes: writes.map(({ operation }) => operation) };
  };

  const createAdminOptions = () => ({
    endpoint: aws.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });

  /** `status physicalId` of the resources by logical id. */
  const readResources = async (): Promise<Readonly<Record<string, string>>> => {
    const client = new CloudFormationClient(createAdminOptions());
    const { StackResources: rows = [] } = await client.send(
      new DescribeStackResourcesCommand({ StackName: 'ticket-shop' }),
    );
    return Object.fromEntries(
      rows.map((row) => [row.LogicalResourceId ?? '', `${row.ResourceStatus} ${row.PhysicalResourceId ?? ''}`]),
    );
  };

  /** Client request tokens of the operations with events of a resource. */
  const findTokens = async (logicalId: string): Promise<ReadonlySet<string | undefined>> => {
    const client = new CloudFormationClient(createAdminOptions());
    const tokens = new Set<string | undefined>();
    for await (const { StackEvents: rows = [] } of paginateDescribeStackEvents(
      { client },
      { StackName: 'ticket-shop' },
    )) {
      for (const row of rows) if (row.LogicalResourceId === logicalId) tokens.add(row.ClientRequestToken);
    }
    return tokens;
  };

  const grantPermission = async (): Promise<void> => {
    const PolicyDocument = JSON.stringify({
      Version: '2012-10-17',
      Statement: [{ Effect: 'Allow', Action: PERMISSION, Resource: '*' }],
    });
    const input = { RoleName: 'deliver', PolicyName: 'streaming', PolicyDocument };
    await new IAMClient(createAdminOptions()).send(new PutRolePolicyCommand(input));
  };

  let first: Readonly<Record<string, string>>;

  it('fails on a stream without shards, and keeps the bucket and the queue', async () => {
    const { result, stack, writes } = await runStep({ shards: 0 });
    expect(result.exitCode).toBe(1);
    expect(stack.outputs['stack-status']).toBe('CREATE_FAILED');
    expect(stack.outputs['root-cause']).toContain('Stream (AWS::Kinesis::Stream) CREATE_FAILED');
    expect(stack.summary).toContain('template.yaml:8');
    expect(writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
    first = await readResources();
    expect(first).toEqual({
      Bucket: expect.stringMatching(/^CREATE_COMPLETE ticket-shop-bucket-/u),
      Queue: expect.stringMatching(/^CREATE_COMPLETE https:/u),
      Stream: expect.stringMatching(/^CREATE_FAILED/u),
    });
  });

  it('resumes with a shard, and fails on a permission for the table', async () => {
    const { stack, writes } = await runStep({ shards: 1 });
    expect(stack.outputs).toMatchObject({ 'stack-status': 'UPDATE_FAILED', 'was-resumed': 'true' });
    expect(stack.outputs['root-cause']).toContain(failureReasons.permission);
    expect(stack.summary).toContain('Grant the action to the role');
    expect(writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
    expect((await readResources())['Stream']).toMatch(/^CREATE_COMPLETE/u);
  });

  it('retries unchanged once the permission is granted, and fails on an attribute that no key uses', async () => {
    await grantPermission();
    const { stack, writes } = await runStep({ mode: 'retry' });
    expect(stack.outputs['stack-status']).toBe('UPDATE_FAILED');
    expect(stack.outputs['root-cause']).toContain(failureReasons.attribute);
    expect(writes).toEqual(['UpdateStack']);
  });

  it('completes with the corrected template, and has the four outputs', async () => {
    const { result, stack, writes } = await runStep({ isCorrected: true });
    expect(result.exitCode).toBe(0);
    expect(stack.outputs).toMatchObject({
      'stack-status': 'UPDATE_COMPLETE',
      BucketName: expect.stringMatching(/^ticket-shop-bucket-/u),
      QueueName: expect.stringMatching(/^ticket-shop-Queue-/u),
      StreamName: expect.stringMatching(/^ticket-shop-Stream-/u),
      TableName: expect.stringMatching(/^ticket-shop-Table-/u),
    });
    expect(writes).toEqual(['CreateChangeSet', 'ExecuteChangeSet']);
    const { BucketName: bucket, QueueName: queue } = stack.outputs;
    expect(result.findStep('names').lines).toEqual([`made ${bucket} ${queue}`]);
  });

  it('has not changed the bucket and the queue of the first run', async () => {
    const { Bucket, Queue } = await readResources();
    expect({ Bucket, Queue }).toEqual({ Bucket: first['Bucket'], Queue: first['Queue'] });
    const tokens = await Promise.all(['Bucket', 'Queue', 'Table'].map(findTokens));
    expect(tokens.map(({ size }) => size)).toEqual([1, 1, 3]);
  });

  it.each([
    [0, 'at least 1'],
    [11, 'at most 10'],
  ])('rejects %s shards before any change', async (shards, rule) => {
    const { result, stack, writes } = await runStep({ isCorrected: true, shards });
    expect(result.exitCode).toBe(1);
    expect(stack.errors.join('\n')).toContain(rule);
    expect(writes).toEqual([]);
  });

  it('has no denied call', () => {
    expect(aws.calls().filter(({ verdict }) => verdict === 'denied')).toEqual([]);
  });
});
