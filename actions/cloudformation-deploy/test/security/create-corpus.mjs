// @ts-nocheck: the package of the CDK is installed elsewhere
/**
 * Writes cdk-verdicts.json: pairs of templates with the verdict of the AWS CDK, which decides on `--require-approval
 * broadening` and `cdk diff --security-only` with the package @aws-cdk/cloudformation-diff.
 *
 *     npm install --prefix /tmp/cdk @aws-cdk/cloudformation-diff
 *     node create-corpus.mjs /tmp/cdk/
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const directory = process.argv[2] ?? '.';
const load = createRequire(join(directory, 'index.js'));
const { fullDiff } = load('@aws-cdk/cloudformation-diff');
const { version } = JSON.parse(
  readFileSync(join(directory, 'node_modules/@aws-cdk/cloudformation-diff/package.json'), 'utf8'),
);

const allow = (Action, Resource, more = {}) => ({ Effect: 'Allow', Action, Resource, ...more });
const deny = (Action, Resource, more = {}) => ({ Effect: 'Deny', Action, Resource, ...more });
const document = (...Statement) => ({ Version: '2012-10-17', Statement });
const trust = (Principal, more = {}) => document({ Effect: 'Allow', Action: 'sts:AssumeRole', Principal, ...more });
const LAMBDA = { Service: 'lambda.amazonaws.com' };
const role = (Properties = {}) => ({
  R: { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: trust(LAMBDA), ...Properties } },
});
const policy = (...statements) => ({
  ...role(),
  P: {
    Type: 'AWS::IAM::Policy',
    Properties: { PolicyName: 'p', PolicyDocument: document(...statements), Roles: [{ Ref: 'R' }] },
  },
});
const inline = (...statements) => role({ Policies: [{ PolicyName: 'p', PolicyDocument: document(...statements) }] });
const bucket = (Properties = {}) => ({ B: { Type: 'AWS::S3::Bucket', Properties } });
const bucketPolicy = (...statements) => ({
  ...bucket(),
  BP: { Type: 'AWS::S3::BucketPolicy', Properties: { Bucket: { Ref: 'B' }, PolicyDocument: document(...statements) } },
});
const queuePolicy = (...statements) => ({
  QP: { Type: 'AWS::SQS::QueuePolicy', Properties: { Queues: ['q'], PolicyDocument: document(...statements) } },
});
const topicPolicy = (...statements) => ({
  TP: { Type: 'AWS::SNS::TopicPolicy', Properties: { Topics: ['t'], PolicyDocument: document(...statements) } },
});
const key = (...statements) => ({ K: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: document(...statements) } } });
const permission = (Properties) => ({
  L: {
    Type: 'AWS::Lambda::Permission',
    Properties: { Action: 'lambda:InvokeFunction', FunctionName: 'f', ...Properties },
  },
});
const group = (SecurityGroupIngress, more = {}) => ({
  G: { Type: 'AWS::EC2::SecurityGroup', Properties: { GroupDescription: 'g', SecurityGroupIngress, ...more } },
});
const rule = (CidrIp, FromPort, ToPort = FromPort, IpProtocol = 'tcp') => ({ IpProtocol, FromPort, ToPort, CidrIp });
const MANAGED = 'arn:aws:iam::aws:policy/';
const READ = allow('s3:GetObject', 'arn:aws:s3:::a/*');
const account = (id) => ({ AWS: `arn:aws:iam::${id}:root` });
const byAnyone = (Action, more = {}) => ({ Effect: 'Allow', Action, Resource: '*', Principal: '*', ...more });

/** Name, resources before and after. */
const pairs = [
  ['nothing', policy(READ), policy(READ)],
  ['a new role', {}, role()],
  ['a new role with a policy', {}, policy(READ)],
  ['a removed policy', policy(READ), role()],
  ['another action', policy(READ), policy(allow(['s3:GetObject', 's3:PutObject'], 'arn:aws:s3:::a/*'))],
  ['all actions of a service', policy(READ), policy(allow('s3:*', 'arn:aws:s3:::a/*'))],
  ['all actions', policy(READ), policy(allow('*', 'arn:aws:s3:::a/*'))],
  ['another resource', policy(READ), policy(allow('s3:GetObject', ['arn:aws:s3:::a/*', 'arn:aws:s3:::b/*']))],
  ['all resources', policy(READ), policy(allow('s3:GetObject', '*'))],
  ['a second statement', policy(READ), policy(READ, allow('sqs:SendMessage', '*'))],
  ['a removed statement', policy(READ, allow('sqs:SendMessage', '*')), policy(READ)],
  ['fewer actions', policy(allow(['s3:GetObject', 's3:PutObject'], '*')), policy(allow('s3:GetObject', '*'))],
  ['one action of a service', policy(allow('s3:*', '*')), policy(allow('s3:GetObject', '*'))],
  ['fewer resources', policy(allow('s3:GetObject', '*')), policy(READ)],
  ['another order of actions', policy(allow(['s3:A', 's3:B'], '*')), policy(allow(['s3:B', 's3:A'], '*'))],
  ['split statements', policy(allow(['s3:A', 's3:B'], '*')), policy(allow('s3:A', '*'), allow('s3:B', '*'))],
  ['a new Sid', policy(READ), policy({ ...READ, Sid: 'Read' })],
  ['a new condition', policy(READ), policy({ ...READ, Condition: { Bool: { 'aws:SecureTransport': 'true' } } })],
  ['a removed condition', policy({ ...READ, Condition: { Bool: { 'aws:SecureTransport': 'true' } } }), policy(READ)],
  [
    'another value of a condition',
    policy({ ...READ, Condition: { StringEquals: { 'aws:SourceVpc': ['vpc-1'] } } }),
    policy({ ...READ, Condition: { StringEquals: { 'aws:SourceVpc': ['vpc-1', 'vpc-2'] } } }),
  ],
  ['a new deny', policy(READ), policy(READ, deny('s3:GetObject', 'arn:aws:s3:::a/secret'))],
  ['a removed deny', policy(READ, deny('s3:GetObject', 'arn:aws:s3:::a/secret')), policy(READ)],
  ['a narrower deny', policy(READ, deny('s3:*', '*')), policy(READ, deny('s3:GetObject', '*'))],
  ['not an action', policy(READ), policy({ Effect: 'Allow', NotAction: 'iam:*', Resource: '*' })],
  ['a removed role', policy(READ), {}],
  ['an inline policy', role(), inline(READ)],
  ['a wider inline policy', inline(READ), inline(allow('s3:*', '*'))],
  ['a managed policy', role(), role({ ManagedPolicyArns: [`${MANAGED}ReadOnlyAccess`] })],
  ['a removed managed policy', role({ ManagedPolicyArns: [`${MANAGED}ReadOnlyAccess`] }), role()],
  [
    'an administrator',
    role({ ManagedPolicyArns: [`${MANAGED}ReadOnlyAccess`] }),
    role({ ManagedPolicyArns: [`${MANAGED}AdministratorAccess`] }),
  ],
  [
    'trust of another service',
    role(),
    role({ AssumeRolePolicyDocument: trust({ Service: ['lambda.amazonaws.com', 'ec2.amazonaws.com'] }) }),
  ],
  ['trust of an account', role(), role({ AssumeRolePolicyDocument: trust(account('111111111111')) })],
  ['trust of everyone', role(), role({ AssumeRolePolicyDocument: trust('*') })],
  [
    'trust without its condition',
    role({
      AssumeRolePolicyDocument: trust(account('111111111111'), {
        Condition: { StringEquals: { 'sts:ExternalId': 'x' } },
      }),
    }),
    role({ AssumeRolePolicyDocument: trust(account('111111111111')) }),
  ],
  ['a bucket policy', bucket(), bucketPolicy(byAnyone('s3:GetObject'))],
  [
    'a wider bucket policy',
    bucketPolicy({ ...byAnyone('s3:GetObject'), Principal: account('111111111111') }),
    bucketPolicy(byAnyone('s3:GetObject')),
  ],
  ['a removed bucket policy', bucketPolicy(byAnyone('s3:GetObject')), bucket()],
  ['a removed policy that requires TLS', bucketPolicy({ ...byAnyone('s3:*'), Effect: 'Deny' }), bucket()],
  ['a queue policy', {}, queuePolicy(byAnyone('sqs:SendMessage'))],
  ['a wider queue policy', queuePolicy(byAnyone('sqs:SendMessage')), queuePolicy(byAnyone('sqs:*'))],
  ['a topic policy', {}, topicPolicy(byAnyone('sns:Publish'))],
  [
    'a narrower topic policy',
    topicPolicy(byAnyone(['sns:Publish', 'sns:Subscribe'])),
    topicPolicy(byAnyone('sns:Publish')),
  ],
  ['a key policy', key({ ...byAnyone('kms:*'), Principal: account('111111111111') }), key(byAnyone('kms:Decrypt'))],
  ['a Lambda permission', {}, permission({ Principal: 's3.amazonaws.com' })],
  [
    'a Lambda permission without its source',
    permission({ Principal: 's3.amazonaws.com', SourceArn: 'arn:aws:s3:::a' }),
    permission({ Principal: 's3.amazonaws.com' }),
  ],
  ['a Lambda permission for everyone', permission({ Principal: 's3.amazonaws.com' }), permission({ Principal: '*' })],
  ['a removed Lambda permission', permission({ Principal: '*' }), {}],
  ['a new security group', {}, group([rule('10.0.0.0/8', 443)])],
  ['a rule', group([rule('10.0.0.0/8', 443)]), group([rule('10.0.0.0/8', 443), rule('10.0.0.0/8', 22)])],
  ['a rule for everyone', group([rule('10.0.0.0/8', 443)]), group([rule('0.0.0.0/0', 443)])],
  ['a removed rule', group([rule('10.0.0.0/8', 443), rule('10.0.0.0/8', 22)]), group([rule('10.0.0.0/8', 443)])],
  ['fewer addresses', group([rule('10.0.0.0/8', 443)]), group([rule('10.1.0.0/16', 443)])],
  ['fewer ports', group([rule('10.0.0.0/8', 0, 65535)]), group([rule('10.0.0.0/8', 443)])],
  ['more ports', group([rule('10.0.0.0/8', 443)]), group([rule('10.0.0.0/8', 0, 65535)])],
  ['all protocols', group([rule('10.0.0.0/8', 443)]), group([{ IpProtocol: '-1', CidrIp: '10.0.0.0/8' }])],
  [
    'a rule of its own',
    group([]),
    {
      ...group([]),
      I: {
        Type: 'AWS::EC2::SecurityGroupIngress',
        Properties: { GroupId: { 'Fn::GetAtt': ['G', 'GroupId'] }, ...rule('0.0.0.0/0', 22) },
      },
    },
  ],
  [
    'an egress rule',
    group([], { SecurityGroupEgress: [rule('10.0.0.0/8', 443)] }),
    group([], { SecurityGroupEgress: [rule('0.0.0.0/0', 443)] }),
  ],
  [
    'a bucket without its block of public access',
    bucket({ PublicAccessBlockConfiguration: { BlockPublicPolicy: true } }),
    bucket(),
  ],
  [
    'a bucket that lets the public in',
    bucket({ PublicAccessBlockConfiguration: { BlockPublicPolicy: true } }),
    bucket({ PublicAccessBlockConfiguration: { BlockPublicPolicy: false } }),
  ],
  [
    'a public database',
    { D: { Type: 'AWS::RDS::DBInstance', Properties: { PubliclyAccessible: false } } },
    { D: { Type: 'AWS::RDS::DBInstance', Properties: { PubliclyAccessible: true } } },
  ],
  [
    'a function URL without authorization',
    { U: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'AWS_IAM' } } },
    { U: { Type: 'AWS::Lambda::Url', Properties: { AuthType: 'NONE' } } },
  ],
  ['no permissions boundary', role({ PermissionsBoundary: 'arn:aws:iam::111111111111:policy/b' }), role()],
  ['a tag', bucket(), bucket({ Tags: [{ Key: 'a', Value: 'b' }] })],
  [
    'a resource policy of a secret',
    {},
    {
      S: {
        Type: 'AWS::SecretsManager::ResourcePolicy',
        Properties: { SecretId: 's', ResourcePolicy: document(byAnyone('secretsmanager:GetSecretValue')) },
      },
    },
  ],
  [
    'a policy of a repository',
    { E: { Type: 'AWS::ECR::Repository', Properties: {} } },
    {
      E: {
        Type: 'AWS::ECR::Repository',
        Properties: {
          RepositoryPolicyText: document({ Effect: 'Allow', Action: 'ecr:BatchGetImage', Principal: '*' }),
        },
      },
    },
  ],
];

const verdicts = pairs.map(([name, before, after]) => {
  const diff = fullDiff({ Resources: before }, { Resources: after });
  return { name, broadened: diff.permissionsBroadened, before, after };
});
writeFileSync(
  new URL('cdk-verdicts.json', import.meta.url),
  `${JSON.stringify({ package: `@aws-cdk/cloudformation-diff ${version}`, pairs: verdicts }, null, 1)}\n`,
);
