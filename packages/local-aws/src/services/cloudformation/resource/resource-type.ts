import { matchesPattern } from '../../../iam/pattern.js';
import { FUNCTION_URL_PATH } from '../../lambda/lambda.js';
import type { CloudFormationScenario, ResourcePermissions, ResourceRule, ResourceTypeSpec } from '../scenario.js';
import resourceTypes from './resource-types.json' with { type: 'json' };

/** A resource type in the table below; missing members have defaults. */
type TypeDefinition = Partial<ResourceTypeSpec>;

const buildArn = (rest: string): string => `arn:\${Partition}:${rest}`;
const buildRegionalArn = (service: string, rest: string): string =>
  buildArn(`${service}:\${Region}:\${AccountId}:${rest}`);

/** A type with a name property; changing the name replaces the resource. */
const withName = (name: string, { replace = [], ...definition }: TypeDefinition): TypeDefinition => ({
  ...definition,
  name,
  replace: [name, ...replace],
});

/** Ref, attributes and replacement rules of the types used by examples and tests, from AWS's documentation. */
const DEFINITIONS: Readonly<Record<string, TypeDefinition>> = {
  'AWS::CloudFormation::WaitCondition': { durationProperty: 'Timeout', attributes: { Data: '{}' } },
  'AWS::CloudFormation::WaitConditionHandle': {
    ref: 'https://cloudformation-waitcondition-${Region}.s3.${URLSuffix}/${Name}',
  },
  'AWS::DynamoDB::Table': withName('TableName', {
    attributes: {
      Arn: buildRegionalArn('dynamodb', 'table/${Name}'),
      StreamArn: buildRegionalArn('dynamodb', 'table/${Name}/stream/2026-01-01T00:00:00.000'),
    },
    replace: ['KeySchema', 'LocalSecondaryIndexes'],
    conditional: ['AttributeDefinitions'],
  }),
  'AWS::ECR::Repository': withName('RepositoryName', {
    attributes: {
      Arn: buildRegionalArn('ecr', 'repository/${Name}'),
      RepositoryUri: '${AccountId}.dkr.ecr.${Region}.${URLSuffix}/${Name}',
    },
    replace: ['EncryptionConfiguration'],
  }),
  'AWS::IAM::ManagedPolicy': withName('ManagedPolicyName', {
    ref: buildArn('iam::${AccountId}:policy/${Name}'),
    replace: ['Path', 'Description'],
  }),
  'AWS::IAM::OIDCProvider': withName('Url', {
    ref: buildArn('iam::${AccountId}:oidc-provider/${Name}'),
    attributes: { Arn: buildArn('iam::${AccountId}:oidc-provider/${Name}') },
  }),
  'AWS::IAM::Role': withName('RoleName', {
    attributes: { Arn: buildArn('iam::${AccountId}:role${Path}${Name}'), RoleId: 'AROA${Unique}' },
    replace: ['Path'],
  }),
  'AWS::KMS::Key': { attributes: { Arn: buildRegionalArn('kms', 'key/${Name}'), KeyId: '${Name}' } },
  'AWS::Kinesis::Stream': withName('Name', { attributes: { Arn: buildRegionalArn('kinesis', 'stream/${Name}') } }),
  'AWS::Lambda::Function': withName('FunctionName', {
    attributes: { Arn: buildRegionalArn('lambda', 'function:${Name}') },
    replace: ['PackageType'],
  }),
  'AWS::Lambda::Url': {
    ref: '${Properties.TargetFunctionArn}',
    attributes: {
      FunctionArn: '${Properties.TargetFunctionArn}',
      FunctionUrl: `\${ServerUrl}${FUNCTION_URL_PATH}\${Properties.TargetFunctionArn}/`,
    },
    replace: ['TargetFunctionArn', 'Qualifier'],
  },
  'AWS::S3::Bucket': withName('BucketName', {
    attributes: {
      Arn: buildArn('s3:::${Name}'),
      DomainName: '${Name}.s3.${URLSuffix}',
      RegionalDomainName: '${Name}.s3.${Region}.${URLSuffix}',
    },
  }),
  'AWS::S3::BucketPolicy': { ref: '${Properties.Bucket}', replace: ['Bucket'] },
  'AWS::SecretsManager::Secret': withName('Name', {
    ref: buildRegionalArn('secretsmanager', 'secret:${Name}-${Unique}'),
    attributes: { Id: buildRegionalArn('secretsmanager', 'secret:${Name}-${Unique}') },
  }),
  'AWS::SNS::Topic': withName('TopicName', {
    ref: buildRegionalArn('sns', '${Name}'),
    attributes: { TopicArn: buildRegionalArn('sns', '${Name}'), TopicName: '${Name}' },
    replace: ['FifoTopic'],
  }),
  'AWS::SQS::Queue': withName('QueueName', {
    ref: 'https://sqs.${Region}.${URLSuffix}/${AccountId}/${Name}',
    attributes: {
      Arn: buildRegionalArn('sqs', '${Name}'),
      QueueName: '${Name}',
      QueueUrl: 'https://sqs.${Region}.${URLSuffix}/${AccountId}/${Name}',
    },
    replace: ['FifoQueue'],
  }),
  'AWS::SSM::Parameter': withName('Name', {
    attributes: { Type: '${Properties.Type}', Value: '${Properties.Value}' },
  }),
};

/**
 * Known resource types. `Ref` of any other type is its name, and it has no attributes unless the scenario defines them.
 */
export const RESOURCE_TYPES: ReadonlyMap<string, TypeDefinition> = new Map(Object.entries(DEFINITIONS));

const TYPE_NAMES = new Set(
  Object.entries(resourceTypes.names).flatMap(([service, names]) => names.map((name) => `${service}::${name}`)),
);

/** The permissions of the types that the examples use. */
const RESOURCE_PERMISSIONS: ReadonlyMap<string, ResourcePermissions> = new Map(
  Object.entries<ResourcePermissions>(resourceTypes.permissions),
);

/** The scenario's specification of a type. */
export const findDeclaredType = (type: string, { types }: CloudFormationScenario): ResourceTypeSpec | undefined =>
  types[type] ?? Object.entries(types).find(([pattern]) => matchesPattern(pattern, type))?.[1];

/** The permissions of a type; undefined if they are not known, and therefore not checked. */
export const findPermissions = (type: string, scenario: CloudFormationScenario): ResourcePermissions | undefined =>
  findDeclaredType(type, scenario)?.permissions ?? RESOURCE_PERMISSIONS.get(type);

/** Whether AWS or the scenario has a resource type. Names of custom resources are free. */
export const isKnownType = (type: string, scenario: CloudFormationScenario): boolean =>
  TYPE_NAMES.has(type) || /^Custom::[\w@-]{1,60}$/.test(type) || findDeclaredType(type, scenario) !== undefined;

/** Types whose generated names must be in lower case. */
export const LOWER_CASE_TYPES: ReadonlySet<string> = new Set(['AWS::ECR::Repository', 'AWS::S3::Bucket']);

/** Rules that apply in every scenario, after the scenario's own. */
export const RESOURCE_RULES: readonly ResourceRule[] = [
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
