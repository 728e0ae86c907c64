import { CloudFormationClient, CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { DescribeRepositoriesCommand, ECRClient } from '@aws-sdk/client-ecr';
import { CreateBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../../src/local-aws.js';
import { createClock } from '../../src/time/clock.js';

const allow = (Action: string) => ({ Statement: { Effect: 'Allow' as const, Action, Resource: '*' } });
const createRole = (ManagedPolicyArns: readonly string[] = []) => ({
  Type: 'AWS::IAM::Role',
  Properties: {
    ManagedPolicyArns,
    AssumeRolePolicyDocument: {
      Statement: { Effect: 'Allow', Principal: { AWS: { Ref: 'AWS::AccountId' } }, Action: 'sts:AssumeRole' },
    },
  },
});
const TEMPLATE = JSON.stringify({
  Resources: {
    Images: {
      Type: 'AWS::ECR::Repository',
      Properties: {
        RepositoryName: 'shop/web',
        ImageTagMutability: 'IMMUTABLE',
        ImageScanningConfiguration: { ScanOnPush: true },
      },
    },
    Version: { Type: 'AWS::SSM::Parameter', Properties: { Name: '/shop/version', Type: 'String', Value: '33' } },
    Inline: { ...createRole(), Properties: { ...createRole().Properties, RoleName: 'inline' } },
    Attached: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyName: 'own', PolicyDocument: allow('s3:CreateBucket'), Roles: [{ Ref: 'Inline' }] },
    },
    Reader: {
      ...createRole(),
      Properties: { ...createRole(['arn:aws:iam::aws:policy/ReadOnlyAccess']).Properties, RoleName: 'reader' },
    },
  },
});

describe('a stack provides to other services', () => {
  let aws: LocalAws;
  const clock = createClock({ scale: 0 });
  const config = (accessKeyId = 'AKIADEV', secretAccessKey = 'secret', sessionToken?: string) => ({
    endpoint: aws.url,
    region: 'eu-west-1',
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
  });

  beforeAll(async () => {
    const users = { dev: { accessKeys: { AKIADEV: 'secret' }, policies: { all: allow('*') } } };
    aws = await startLocalAws({ clock, scenario: { iam: { users } } });
    const Capabilities = ['CAPABILITY_NAMED_IAM' as const];
    const client = new CloudFormationClient(config());
    await client.send(new CreateStackCommand({ StackName: 'shop', TemplateBody: TEMPLATE, Capabilities }));
    clock.advance(60_000);
  });
  afterAll(() => aws.close());

  const assume = async (name: string) => {
    const RoleArn = `arn:aws:iam::123456789012:role/${name}`;
    const { Credentials: keys } = await new STSClient(config()).send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'test' }),
    );
    return new S3Client(config(keys?.AccessKeyId, keys?.SecretAccessKey, keys?.SessionToken));
  };

  it('parameters', async () => {
    const { Parameter } = await new SSMClient(config()).send(new GetParameterCommand({ Name: '/shop/version' }));
    expect(Parameter).toMatchObject({ Type: 'String', Value: '33' });
  });

  it('policies of roles, and the AWS managed policies that are known', async () => {
    const [inline, reader] = [await assume('inline'), await assume('reader')];
    await inline.send(new CreateBucketCommand({ Bucket: 'made-by-inline' }));
    await expect(reader.send(new HeadBucketCommand({ Bucket: 'made-by-inline' }))).resolves.toBeDefined();
    await expect(reader.send(new CreateBucketCommand({ Bucket: 'another' }))).rejects.toThrow('s3:CreateBucket');
  });

  it('repositories, until the stack is deleted', async () => {
    const ecr = new ECRClient(config());
    const { repositories } = await ecr.send(new DescribeRepositoriesCommand({ repositoryNames: ['shop/web'] }));
    expect(repositories).toMatchObject([
      { imageTagMutability: 'IMMUTABLE', imageScanningConfiguration: { scanOnPush: true } },
    ]);
    await new CloudFormationClient(config()).send(new DeleteStackCommand({ StackName: 'shop' }));
    clock.advance(60_000);
    expect((await ecr.send(new DescribeRepositoriesCommand({}))).repositories).toEqual([]);
  });
});
