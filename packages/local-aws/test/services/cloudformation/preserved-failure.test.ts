import { describe, expect, it } from '@jest/globals';
import { CloudFormationFixture } from './fixture.js';

const renderTemplate = (extra: { readonly attribute?: boolean; readonly bounds?: boolean } = {}) => `
Parameters:
  ShardCountParameter:
    Type: Number
    ${extra.bounds ? 'MinValue: 1\n    MaxValue: 10' : 'Description: shards'}
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
${extra.attribute === false ? '' : '        - { AttributeName: TicketSales, AttributeType: N }\n'}
      KinesisStreamSpecification: { StreamArn: !GetAtt Stream.Arn }
Outputs:
  BucketName: { Value: !Ref Bucket }
  QueueName: { Value: !GetAtt Queue.QueueName }
  StreamName: { Value: !Ref Stream }
  TableName: { Value: !Ref Table }
`;

const scenario = {
  durations: { create: '5s', update: '4s', delete: '3s' },
  rules: [
    {
      on: { type: 'AWS::DynamoDB::Table', lacking: { action: 'dynamodb:EnableKinesisStreamingDestination' } },
      fail: {
        reason:
          'User is not authorized to perform: dynamodb:EnableKinesisStreamingDestination (HandlerErrorCode: AccessDenied)',
        after: '2s',
      },
    },
    {
      on: { type: 'AWS::DynamoDB::Table', property: { path: 'AttributeDefinitions', contains: 'TicketSales' } },
      fail: {
        reason:
          'One or more parameter values were invalid: Some AttributeDefinitions are not used. (HandlerErrorCode: InvalidRequest)',
      },
    },
  ],
};

const setShardCount = (count: string) => [{ ParameterKey: 'ShardCountParameter', ParameterValue: count }];
const previousParameters = [{ ParameterKey: 'ShardCountParameter', UsePreviousValue: true }];

describe('a preserved failure', () => {
  it('can be resumed, retried after a granted permission, and corrected', async () => {
    const fixture = new CloudFormationFixture(scenario);
    fixture.denied.add('dynamodb:EnableKinesisStreamingDestination');

    const created = await fixture.call('CreateStack', {
      StackName: 'shop',
      TemplateBody: renderTemplate(),
      Parameters: setShardCount('0'),
      DisableRollback: true,
      ClientRequestToken: 'run-1',
    });
    expect(await fixture.waitForTerminal('shop')).toBe('CREATE_FAILED');
    expect((await fixture.getStack('shop'))['StackStatusReason']).toBe(
      'The following resource(s) failed to create: [Stream]. ',
    );
    expect(await fixture.getResourceStatuses('shop')).toEqual({
      Bucket: 'CREATE_COMPLETE',
      Queue: 'CREATE_COMPLETE',
      Stream: 'CREATE_FAILED',
    });
    expect((await fixture.listEvents('shop')).find((event) => event.startsWith('Stream CREATE_FAILED'))).toBe(
      'Stream CREATE_FAILED Properties validation failed for resource Stream with message:\n#/ShardCount: 0 is not greater or equal to 1',
    );
    const firstIds = await fixture.getPhysicalIds('shop');

    const update = { StackName: 'shop', DisableRollback: true };
    await fixture.call('UpdateStack', { ...update, TemplateBody: renderTemplate(), Parameters: setShardCount('1') });
    expect(await fixture.waitForTerminal('shop')).toBe('UPDATE_FAILED');
    expect(await fixture.getResourceStatuses('shop')).toMatchObject({
      Stream: 'CREATE_COMPLETE',
      Table: 'CREATE_FAILED',
    });

    fixture.denied.clear();
    const retry = { ...update, UsePreviousTemplate: true, Parameters: previousParameters };
    await fixture.call('UpdateStack', retry);
    expect(await fixture.waitForTerminal('shop')).toBe('UPDATE_FAILED');
    expect((await fixture.listEvents('shop')).at(-2)).toContain('Some AttributeDefinitions are not used');

    await fixture.call('UpdateStack', {
      ...update,
      TemplateBody: renderTemplate({ attribute: false, bounds: true }),
      Parameters: previousParameters,
    });
    expect(await fixture.waitForTerminal('shop')).toBe('UPDATE_COMPLETE');
    expect(await fixture.getResourceStatuses('shop')).toEqual({
      Bucket: 'CREATE_COMPLETE',
      Queue: 'CREATE_COMPLETE',
      Stream: 'CREATE_COMPLETE',
      Table: 'CREATE_COMPLETE',
    });
    expect(await fixture.getPhysicalIds('shop')).toMatchObject({
      Bucket: firstIds['Bucket'],
      Queue: firstIds['Queue'],
    });
    const touched = (await fixture.listEvents('shop')).filter(
      (event) => event.startsWith('Bucket') || event.startsWith('Queue'),
    );
    expect(touched).toHaveLength(6);
    expect(Object.keys(await fixture.getOutputs('shop'))).toEqual([
      'BucketName',
      'QueueName',
      'StreamName',
      'TableName',
    ]);
    expect((await fixture.getOutputs('shop'))['BucketName']).toBe(firstIds['Bucket']);
    expect((await fixture.getStack('shop'))['StackId']).toBe(created['StackId']);

    const outOfBounds = { ...update, UsePreviousTemplate: true };
    expect(await fixture.callRejected('UpdateStack', { ...outOfBounds, Parameters: setShardCount('0') })).toBe(
      "ValidationError: Parameter 'ShardCountParameter' must be a number not less than 1",
    );
    expect(await fixture.callRejected('UpdateStack', { ...outOfBounds, Parameters: setShardCount('11') })).toBe(
      "ValidationError: Parameter 'ShardCountParameter' must be a number not greater than 10",
    );
  });

  it('does not occur without DisableRollback: the creation is rolled back', async () => {
    const fixture = new CloudFormationFixture(scenario);
    await fixture.call('CreateStack', {
      StackName: 'shop',
      TemplateBody: renderTemplate(),
      Parameters: setShardCount('0'),
    });
    expect(await fixture.waitForTerminal('shop')).toBe('ROLLBACK_COMPLETE');
    const events = await fixture.listEvents('shop');
    expect(events).toContain(
      'shop ROLLBACK_IN_PROGRESS The following resource(s) failed to create: [Bucket, Queue, Stream]. Rollback requested by user.',
    );
    expect(events).toContain('Bucket CREATE_FAILED Resource creation cancelled');
    expect(await fixture.getResourceStatuses('shop')).toEqual({
      Bucket: 'DELETE_COMPLETE',
      Queue: 'DELETE_COMPLETE',
      Stream: 'DELETE_COMPLETE',
    });
  });
});
