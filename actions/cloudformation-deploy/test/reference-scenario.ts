import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';

/** Permission that the table needs and the role lacks at first. */
export const PERMISSION = 'dynamodb:EnableKinesisStreamingDestination';

/** Reasons why the table cannot be created, in the order of their appearance. */
export const failureReasons = {
  permission: `User is not authorized to perform: ${PERMISSION} (HandlerErrorCode: AccessDenied)`,
  attribute:
    'One or more parameter values were invalid: Some AttributeDefinitions are not used. (HandlerErrorCode: InvalidRequest)',
};

/** The reference scenario: a bucket and a queue, a stream without shards, and a table with two errors. */
export const cloudformation: NonNullable<ScenarioInput['cloudformation']> = {
  durations: { create: '5s', update: '4s', delete: '3s' },
  rules: [
    {
      on: { type: 'AWS::DynamoDB::Table', lacking: { action: PERMISSION } },
      fail: { reason: failureReasons.permission, after: '2s' },
    },
    {
      on: { type: 'AWS::DynamoDB::Table', property: { path: 'AttributeDefinitions', contains: 'TicketSales' } },
      fail: { reason: failureReasons.attribute },
    },
  ],
};

/** The template of the scenario. The corrected one lacks the unused attribute and limits the parameter. */
export const renderTemplate = ({ isCorrected }: { readonly isCorrected: boolean }): string => `Parameters:
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
`;
