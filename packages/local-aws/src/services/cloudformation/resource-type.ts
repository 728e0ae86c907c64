import type { Rule, TypeShape } from './scenario.js';

/** A type of the table below: what a shape has, without what is empty. */
type Row = Partial<TypeShape>;

const arn = (rest: string): string => `arn:\${Partition}:${rest}`;
const regional = (service: string, rest: string): string => arn(`${service}:\${Region}:\${AccountId}:${rest}`);

/** A type whose resources have a name of their own: another name is another resource. */
const named = (name: string, { replace = [], ...row }: Row): Row => ({ ...row, name, replace: [name, ...replace] });

/** Ref, attributes and replacements of the types that examples and tests use, as their documentation has them. */
const ROWS: Readonly<Record<string, Row>> = {
  'AWS::CloudFormation::WaitCondition': { durationProperty: 'Timeout', attributes: { Data: '{}' } },
  'AWS::CloudFormation::WaitConditionHandle': {
    ref: 'https://cloudformation-waitcondition-${Region}.s3.${URLSuffix}/${Name}',
  },
  'AWS::DynamoDB::Table': named('TableName', {
    attributes: {
      Arn: regional('dynamodb', 'table/${Name}'),
      StreamArn: regional('dynamodb', 'table/${Name}/stream/2026-01-01T00:00:00.000'),
    },
    replace: ['KeySchema', 'LocalSecondaryIndexes'],
    conditional: ['AttributeDefinitions'],
  }),
  'AWS::IAM::ManagedPolicy': named('ManagedPolicyName', {
    ref: arn('iam::${AccountId}:policy/${Name}'),
    replace: ['Path', 'Description'],
  }),
  'AWS::IAM::OIDCProvider': named('Url', {
    ref: arn('iam::${AccountId}:oidc-provider/${Name}'),
    attributes: { Arn: arn('iam::${AccountId}:oidc-provider/${Name}') },
  }),
  'AWS::IAM::Role': named('RoleName', {
    attributes: { Arn: arn('iam::${AccountId}:role/${Name}'), RoleId: 'AROA${Unique}' },
    replace: ['Path'],
  }),
  'AWS::Kinesis::Stream': named('Name', { attributes: { Arn: regional('kinesis', 'stream/${Name}') } }),
  'AWS::Lambda::Function': named('FunctionName', {
    attributes: { Arn: regional('lambda', 'function:${Name}') },
    replace: ['PackageType'],
  }),
  'AWS::S3::Bucket': named('BucketName', {
    attributes: {
      Arn: arn('s3:::${Name}'),
      DomainName: '${Name}.s3.${URLSuffix}',
      RegionalDomainName: '${Name}.s3.${Region}.${URLSuffix}',
    },
  }),
  'AWS::S3::BucketPolicy': { ref: '${Properties.Bucket}', replace: ['Bucket'] },
  'AWS::SecretsManager::Secret': named('Name', {
    ref: regional('secretsmanager', 'secret:${Name}-${Unique}'),
    attributes: { Id: regional('secretsmanager', 'secret:${Name}-${Unique}') },
  }),
  'AWS::SNS::Topic': named('TopicName', {
    ref: regional('sns', '${Name}'),
    attributes: { TopicArn: regional('sns', '${Name}'), TopicName: '${Name}' },
    replace: ['FifoTopic'],
  }),
  'AWS::SQS::Queue': named('QueueName', {
    ref: 'https://sqs.${Region}.${URLSuffix}/${AccountId}/${Name}',
    attributes: {
      Arn: regional('sqs', '${Name}'),
      QueueName: '${Name}',
      QueueUrl: 'https://sqs.${Region}.${URLSuffix}/${AccountId}/${Name}',
    },
    replace: ['FifoQueue'],
  }),
  'AWS::SSM::Parameter': named('Name', {
    attributes: { Type: '${Properties.Type}', Value: '${Properties.Value}' },
  }),
};

/** The types local AWS knows. Another type has a name as its `Ref`, and no attributes until the scenario gives some. */
export const RESOURCE_TYPES: ReadonlyMap<string, Row> = new Map(Object.entries(ROWS));

/** S3 alone wants lower case; the generated part of a name follows. */
export const lowerCaseTypes: ReadonlySet<string> = new Set(['AWS::S3::Bucket']);

/** What these types refuse whatever the scenario says; its own rules come first. */
export const RESOURCE_RULES: readonly Rule[] = [
  {
    on: { type: 'AWS::Kinesis::Stream', property: { path: 'ShardCount', below: 1 } },
    fail: {
      reason:
        'Properties validation failed for resource ${LogicalId} with message:\n#/ShardCount: ${Value} is not greater or equal to 1',
    },
  },
  {
    on: { type: 'AWS::CloudFormation::WaitCondition', operation: 'create' },
    fail: { reason: 'WaitCondition timed out. Received 0 conditions when expecting 1', after: 'end' },
  },
];
