import { afterAll, expect, it } from '@jest/globals';
import { Stage, scenario } from './stage.js';

const denied = {
  user: 'User is not authorized to perform: dynamodb:EnableKinesisStreamingDestination (HandlerErrorCode: AccessDenied)',
  attribute:
    'One or more parameter values were invalid: Some AttributeDefinitions are not used. (HandlerErrorCode: InvalidRequest)',
};

const stage = await Stage.open({
  ...scenario,
  iam: {
    accessKeys: { AKIAROOT: 'root-secret' },
    users: {
      newcomer: {
        accessKeys: { AKIANEWCOMER: 'newcomer-secret' },
        policies: {
          all: {
            Statement: [
              { Effect: 'Allow', Action: '*', Resource: '*' },
              { Effect: 'Deny', Action: 'dynamodb:EnableKinesisStreamingDestination', Resource: '*' },
            ],
          },
        },
      },
    },
  },
  cloudformation: {
    durations: { create: '5s', update: '4s', delete: '3s' },
    rules: [
      {
        on: { type: 'AWS::DynamoDB::Table', lacking: { action: 'dynamodb:EnableKinesisStreamingDestination' } },
        fail: { reason: denied.user, after: '2s' },
      },
      {
        on: { type: 'AWS::DynamoDB::Table', property: { path: 'AttributeDefinitions', contains: 'TicketSales' } },
        fail: { reason: denied.attribute },
      },
    ],
  },
});
afterAll(() => stage.close());

const template = ({ isCorrected }: { readonly isCorrected: boolean }): string =>
  stage.write(
    'story.yaml',
    `Parameters:
  ShardCountParameter:
    Type: Number
    ${isCorrected ? 'MinValue: 1\n    MaxValue: 10' : 'Description: shards'}
Resources:
  Bucket: { Type: AWS::S3::Bucket }
  Queue: { Type: AWS::SQS::Queue }
  Stream:
    Type: AWS::Kinesis::Stream
    Properties: { ShardCount: !Ref ShardCountParameter }
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      BillingMode: PAY_PER_REQUEST
      KeySchema: [{ AttributeName: Location, KeyType: HASH }]
      AttributeDefinitions:
        - { AttributeName: Location, AttributeType: S }
${isCorrected ? '' : '        - { AttributeName: TicketSales, AttributeType: N }\n'}
      KinesisStreamSpecification: { StreamArn: !GetAtt Stream.Arn }
Outputs:
  BucketName: { Value: !Ref Bucket }
  QueueName: { Value: !GetAtt Queue.QueueName }
  StreamName: { Value: !Ref Stream }
  TableName: { Value: !Ref Table }
`,
  );

const as = (key: string, secret: string): void => {
  Object.assign(process.env, { AWS_ACCESS_KEY_ID: key, AWS_SECRET_ACCESS_KEY: secret });
};

it('the reference story is told whole: preserve, resume, grant, retry, correct', async () => {
  as('AKIANEWCOMER', 'newcomer-secret');
  const wrong = { template: template({ isCorrected: false }), 'on-failure': 'preserve' };

  const zero = await stage.deploy({ ...wrong, parameters: 'ShardCountParameter=0' });
  expect(zero.outputs['stack-status']).toBe('CREATE_FAILED');
  expect(zero.outputs['root-cause']).toContain('Stream (AWS::Kinesis::Stream) CREATE_FAILED');
  expect(zero.summary).toContain('story.yaml:8');
  expect(zero.log).toMatch(/CREATE_COMPLETE +Bucket/u);
  expect(zero.log).toMatch(/CREATE_COMPLETE +Queue/u);
  expect(zero.log).not.toMatch(/_IN_PROGRESS +Table/u);

  const one = await stage.deploy({ ...wrong, parameters: 'ShardCountParameter=1' });
  expect(one.outputs['was-resumed']).toBe('true');
  expect(one.log).toMatch(/CREATE_COMPLETE +Stream/u);
  expect(one.outputs['root-cause']).toContain(denied.user);
  expect(one.summary).toContain('grant the named action');

  as('AKIAROOT', 'root-secret');
  const granted = await stage.deploy({ mode: 'retry', 'on-failure': 'preserve' });
  expect(granted.writes).toEqual(['UpdateStack']);
  expect(granted.outputs['root-cause']).toContain('AttributeDefinitions are not used');

  const corrected = { template: template({ isCorrected: true }), 'on-failure': 'preserve' };
  const done = await stage.deploy(corrected);
  expect(done.failure).toBeUndefined();
  expect(done.outputs['stack-status']).toBe('UPDATE_COMPLETE');
  expect(Object.keys(done.outputs)).toEqual(
    expect.arrayContaining(['BucketName', 'QueueName', 'StreamName', 'TableName']),
  );
  for (const { log } of [one, granted, done]) expect(log).not.toMatch(/_(?:COMPLETE|IN_PROGRESS) +(?:Bucket|Queue)/u);

  for (const [count, rule] of [
    ['0', 'at least 1'],
    ['11', 'at most 10'],
  ] as const) {
    const refused = await stage.deploy({ ...corrected, parameters: `ShardCountParameter=${count}` });
    expect(refused.failure).toContain(rule);
    expect(refused.writes).toEqual([]);
  }
});
