import type { Rule, TypeShape } from './scenario.js';

/** A type of the table below: what a shape has, without what is empty. */
type Row = Partial<TypeShape>;

const arn = (rest: string): string => `arn:\${Partition}:${rest}`;
const regional = (service: string, rest: string): string => arn(`${service}:\${Region}:\${AccountId}:${rest}`);

/** Ref, attributes and replacements of the types that examples and tests use, as their documentation has them. */
const ROWS: Readonly<Record<string, Row>> = {
  'AWS::ApiGateway::RestApi': { ref: '${Unique}', attributes: { RestApiId: '${Unique}', RootResourceId: '${Unique}' } },
  'AWS::AppConfig::Application': { ref: '${Unique}', attributes: { ApplicationId: '${Unique}' } },
  'AWS::CloudFormation::Stack': { replace: [] },
  'AWS::CloudFormation::WaitCondition': { durationProperty: 'Timeout', attributes: { Data: '{}' } },
  'AWS::CloudFormation::WaitConditionHandle': {
    ref: 'https://cloudformation-waitcondition-${Region}.s3.${URLSuffix}/${Name}',
  },
  'AWS::CloudWatch::Alarm': {
    name: 'AlarmName',
    attributes: { Arn: regional('cloudwatch', 'alarm:${Name}') },
    replace: ['AlarmName'],
  },
  'AWS::DynamoDB::Table': {
    name: 'TableName',
    attributes: {
      Arn: regional('dynamodb', 'table/${Name}'),
      StreamArn: regional('dynamodb', 'table/${Name}/stream/2026-01-01T00:00:00.000'),
    },
    replace: ['TableName', 'KeySchema', 'LocalSecondaryIndexes'],
    conditional: ['AttributeDefinitions'],
  },
  'AWS::EC2::SecurityGroup': {
    ref: 'sg-${Unique}',
    attributes: { GroupId: 'sg-${Unique}' },
    replace: ['GroupName', 'GroupDescription', 'VpcId'],
  },
  'AWS::EC2::Subnet': {
    ref: 'subnet-${Unique}',
    attributes: { SubnetId: 'subnet-${Unique}' },
    replace: ['CidrBlock', 'VpcId'],
  },
  'AWS::EC2::VPC': { ref: 'vpc-${Unique}', attributes: { VpcId: 'vpc-${Unique}' }, replace: ['CidrBlock'] },
  'AWS::ECR::Repository': {
    name: 'RepositoryName',
    attributes: {
      Arn: regional('ecr', 'repository/${Name}'),
      RepositoryUri: '${AccountId}.dkr.ecr.${Region}.${URLSuffix}/${Name}',
    },
    replace: ['RepositoryName'],
  },
  'AWS::IAM::InstanceProfile': {
    name: 'InstanceProfileName',
    attributes: { Arn: arn('iam::${AccountId}:instance-profile/${Name}') },
    replace: ['InstanceProfileName', 'Path'],
  },
  'AWS::IAM::ManagedPolicy': {
    name: 'ManagedPolicyName',
    ref: arn('iam::${AccountId}:policy/${Name}'),
    attributes: { PolicyArn: arn('iam::${AccountId}:policy/${Name}') },
    replace: ['ManagedPolicyName', 'Path', 'Description'],
  },
  'AWS::IAM::Policy': {},
  'AWS::IAM::Role': {
    name: 'RoleName',
    attributes: { Arn: arn('iam::${AccountId}:role/${Name}'), RoleId: 'AROA${Unique}' },
    replace: ['RoleName', 'Path'],
  },
  'AWS::KMS::Key': { ref: '${Unique}', attributes: { Arn: regional('kms', 'key/${Unique}'), KeyId: '${Unique}' } },
  'AWS::Kinesis::Stream': {
    name: 'Name',
    attributes: { Arn: regional('kinesis', 'stream/${Name}') },
    replace: ['Name'],
  },
  'AWS::Lambda::Function': {
    name: 'FunctionName',
    attributes: { Arn: regional('lambda', 'function:${Name}') },
    replace: ['FunctionName', 'PackageType'],
  },
  'AWS::Logs::LogGroup': {
    name: 'LogGroupName',
    attributes: { Arn: regional('logs', 'log-group:${Name}:*') },
    replace: ['LogGroupName'],
  },
  'AWS::S3::Bucket': {
    name: 'BucketName',
    attributes: {
      Arn: arn('s3:::${Name}'),
      DomainName: '${Name}.s3.${URLSuffix}',
      RegionalDomainName: '${Name}.s3.${Region}.${URLSuffix}',
    },
    replace: ['BucketName'],
  },
  'AWS::S3::BucketPolicy': { ref: '${Properties.Bucket}', replace: ['Bucket'] },
  'AWS::SecretsManager::Secret': {
    name: 'Name',
    ref: regional('secretsmanager', 'secret:${Name}-${Unique}'),
    attributes: { Id: regional('secretsmanager', 'secret:${Name}-${Unique}') },
    replace: ['Name'],
  },
  'AWS::SNS::Topic': {
    name: 'TopicName',
    ref: regional('sns', '${Name}'),
    attributes: { TopicArn: regional('sns', '${Name}'), TopicName: '${Name}' },
    replace: ['TopicName', 'FifoTopic'],
  },
  'AWS::SQS::Queue': {
    name: 'QueueName',
    ref: 'https://sqs.${Region}.${URLSuffix}/${AccountId}/${Name}',
    attributes: {
      Arn: regional('sqs', '${Name}'),
      QueueName: '${Name}',
      QueueUrl: 'https://sqs.${Region}.${URLSuffix}/${AccountId}/${Name}',
    },
    replace: ['QueueName', 'FifoQueue'],
  },
  'AWS::SSM::Parameter': {
    name: 'Name',
    attributes: { Type: '${Properties.Type}', Value: '${Properties.Value}' },
    replace: ['Name'],
  },
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
