import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  DescribeStackEventsCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { afterEach, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../../../src/local-aws.js';
import { createClock } from '../../../src/time/clock.js';

const ROLE = 'arn:aws:iam::123456789012:role/app/worker';
let aws: LocalAws | undefined;
const clock = createClock({ scale: 0 });
afterEach(() => aws?.close());

/** Deploys templates one after the other as a user with these permissions; returns the failed resources. */
const deploy = async (actions: readonly string[], templates: readonly object[], resource = '*', Tags?: object[]) => {
  const statement = {
    Effect: 'Allow' as const,
    Action: [...actions, 'cloudformation:*'],
    Resource: [resource, 'arn:aws:cloudformation:*'],
  };
  aws = await startLocalAws({
    clock,
    scenario: {
      iam: { users: { dev: { accessKeys: { AKIADEV: 'secret' }, policies: { own: { Statement: statement } } } } },
      cloudformation: {
        types: {
          'Acme::Box': {
            permissions: { arn: 'arn:aws:acme:::${Name}', create: ['acme:CreateBox', ['acme:Fill', 'Content']] },
          },
          'Acme::*': {},
        },
      },
    },
  });
  const client = new CloudFormationClient({
    endpoint: aws.url,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'AKIADEV', secretAccessKey: 'secret' },
  });
  const input = { StackName: 'shop', Capabilities: ['CAPABILITY_NAMED_IAM' as const], DisableRollback: true };
  for (const [index, Resources] of templates.entries()) {
    const options = { ...input, TemplateBody: JSON.stringify({ Resources }), Tags: Tags as [] };
    await client.send(index === 0 ? new CreateStackCommand(options) : new UpdateStackCommand(options));
    clock.advance(600_000);
  }
  const { StackEvents: events = [] } = await client.send(new DescribeStackEventsCommand({ StackName: 'shop' }));
  await client.send(new DeleteStackCommand({ StackName: 'shop' }));
  client.destroy();
  return events
    .filter(({ ResourceStatus: status = '', LogicalResourceId: id }) => status.endsWith('_FAILED') && id !== 'shop')
    .map(({ ResourceStatusReason: reason = '' }) => /perform: (\S+ on resource: \S+)/.exec(reason)?.[1] ?? reason);
};

const queue = (properties: object = {}) => ({
  Queue: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'orders', ...properties } },
});
const role = (properties: object) => ({
  Role: { Type: 'AWS::IAM::Role', Properties: { RoleName: 'worker', Path: '/app/', ...properties } },
});
const QUEUE_ARN = 'arn:aws:sqs:eu-west-1:123456789012:orders';
const SQS = ['sqs:CreateQueue', 'sqs:GetQueueAttributes', 'sqs:SetQueueAttributes'];

describe('an operation on a resource', () => {
  it.each<[string, readonly string[], readonly object[], readonly string[]]>([
    ['is denied without the permission', [], [queue()], [`sqs:CreateQueue on resource: ${QUEUE_ARN}`]],
    ['is allowed with it', SQS, [queue()], []],
    [
      'needs a permission for a property that is set',
      SQS,
      [queue({ Tags: [{ Key: 'a', Value: 'b' }] })],
      [`sqs:TagQueue on resource: ${QUEUE_ARN}`],
    ],
    [
      'needs a permission for a property that changes',
      ['sqs:CreateQueue', 'sqs:GetQueueAttributes'],
      [queue(), queue({ DelaySeconds: 1 })],
      [`sqs:SetQueueAttributes on resource: ${QUEUE_ARN}`],
    ],
    [
      'needs a permission for a member that is removed',
      [...SQS, 'sqs:TagQueue'],
      [queue({ Tags: [{ Key: 'a', Value: 'b' }] }), queue({ Tags: [{ Key: 'c', Value: 'b' }] })],
      [`sqs:UntagQueue on resource: ${QUEUE_ARN}`],
    ],
    ['names a role with its path', ['iam:GetRole'], [role({})], [`iam:CreateRole on resource: ${ROLE}`]],
    [
      'needs PassRole for roles in its properties',
      ['lambda:*'],
      [{ F: { Type: 'AWS::Lambda::Function', Properties: { Role: ROLE } } }],
      [`iam:PassRole on resource: ${ROLE}`],
    ],
    [
      "needs the scenario's permissions",
      ['acme:CreateBox'],
      [{ Box: { Type: 'Acme::Box', Properties: { Content: 'x' } } }],
      ['acme:Fill on resource: arn:aws:acme:::shop-Box-XXXXXXXXXXXX'],
    ],
  ])('%s', async (_, actions, templates, failures) => {
    expect(await deploy(actions, templates)).toEqual(failures);
  });

  it('needs permissions for the tags of its stack', async () => {
    expect(await deploy(SQS, [queue()], '*', [{ Key: 'team', Value: 'shop' }])).toEqual([
      `sqs:TagQueue on resource: ${QUEUE_ARN}`,
    ]);
  });

  it('is allowed only for the resources of the policy', async () => {
    expect(await deploy(['sqs:*'], [queue()], 'arn:aws:sqs:*:*:other')).toEqual([
      `sqs:CreateQueue on resource: ${QUEUE_ARN}`,
    ]);
  });
});

it('records the types whose permissions are not known in the call log', async () => {
  await deploy([], [{ Thing: { Type: 'Acme::Thing' }, Vpc: { Type: 'AWS::EC2::VPC' } }]);
  const [created] = aws?.calls().filter(({ operation }) => operation === 'CreateStack') ?? [];
  expect(created?.uncheckedTypes).toEqual(['AWS::EC2::VPC', 'Acme::Thing']);
});
