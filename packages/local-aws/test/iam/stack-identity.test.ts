import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetBucketTaggingCommand, HeadBucketCommand, ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import { AssumeRoleWithWebIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../../src/local-aws.js';
import { createClock } from '../../src/time/clock.js';

const PROVIDER = 'token.actions.githubusercontent.com';
const ROLE_ARN = 'arn:aws:iam::123456789012:role/ci/reader';
const allow = (action: string) => ({
  Version: '2012-10-17',
  Statement: { Effect: 'Allow', Action: action, Resource: '*' },
});

/** An identity provider and a role with a path, inline and managed policies, and a permissions boundary. */
const renderTemplate = ({ managed = 's3:ListAllMyBuckets', boundary = 's3:*', inline = 'iam:Get*' } = {}): string =>
  JSON.stringify({
    Resources: {
      GitHub: {
        Type: 'AWS::IAM::OIDCProvider',
        Properties: { Url: `https://${PROVIDER}`, ClientIdList: ['sts.amazonaws.com'] },
      },
      Lists: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow(managed) } },
      Most: { Type: 'AWS::IAM::ManagedPolicy', Properties: { PolicyDocument: allow(boundary) } },
      Reader: {
        Type: 'AWS::IAM::Role',
        Properties: {
          RoleName: 'reader',
          Path: '/ci/',
          MaxSessionDuration: 7200,
          ManagedPolicyArns: [{ Ref: 'Lists' }, 'arn:aws:iam::aws:policy/PowerUserAccess'],
          PermissionsBoundary: { Ref: 'Most' },
          Policies: [{ PolicyName: 'own', PolicyDocument: allow(inline) }],
          AssumeRolePolicyDocument: {
            Version: '2012-10-17',
            Statement: {
              Effect: 'Allow',
              Principal: { Federated: { Ref: 'GitHub' } },
              Action: 'sts:AssumeRoleWithWebIdentity',
              Condition: { StringEquals: { [`${PROVIDER}:aud`]: 'sts.amazonaws.com' } },
            },
          },
        },
      },
      Bucket: {
        Type: 'AWS::S3::Bucket',
        Properties: { BucketName: 'of-the-stack', Tags: [{ Key: 'purpose', Value: 'artifacts' }] },
      },
    },
  });

describe('a resource provisioned by a stack', () => {
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws({ clock: createClock({ start: Date.UTC(2026, 0, 1), scale: 0 }) });
  });
  beforeEach(() => aws.reset());
  afterAll(() => aws.close());

  const createClientConfig = (credentials = { accessKeyId: 'test', secretAccessKey: 'test' }) => ({
    endpoint: aws.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
  const stack = { StackName: 'roles', Capabilities: ['CAPABILITY_NAMED_IAM' as const] };
  const create = async (TemplateBody = renderTemplate()) => {
    await new CloudFormationClient(createClientConfig()).send(new CreateStackCommand({ ...stack, TemplateBody }));
    aws.clock.advance(60_000);
  };
  const update = async (TemplateBody: string) => {
    await new CloudFormationClient(createClientConfig()).send(new UpdateStackCommand({ ...stack, TemplateBody }));
    aws.clock.advance(60_000);
  };
  const assumeRole = async (changes: { DurationSeconds?: number } = {}) => {
    const input = {
      RoleArn: ROLE_ARN,
      RoleSessionName: 'job',
      WebIdentityToken: await aws.issueToken({ audience: 'sts.amazonaws.com' }),
      ...changes,
    };
    const { Credentials } = await new STSClient(createClientConfig()).send(new AssumeRoleWithWebIdentityCommand(input));
    return createClientConfig({
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      ...{ sessionToken: Credentials?.SessionToken ?? '' },
    });
  };
  const list = async (session: ReturnType<typeof createClientConfig>) =>
    new S3Client({ ...session, forcePathStyle: true }).send(new ListBucketsCommand({}));
  const getRole = (session: ReturnType<typeof createClientConfig>) =>
    new IAMClient(session).send(new GetRoleCommand({ RoleName: 'reader' }));

  it('is a role with trust policy, path and maximum session duration', async () => {
    await expect(assumeRole()).rejects.toMatchObject({ message: expect.stringContaining('No OpenIDConnect provider') });
    await create();
    await expect(assumeRole({ DurationSeconds: 7200 })).resolves.toBeDefined();
    await expect(assumeRole({ DurationSeconds: 7201 })).rejects.toThrow(
      'exceeds the MaxSessionDuration set for this role',
    );
    await expect(getRole(createClientConfig())).resolves.toMatchObject({ Role: { Arn: ROLE_ARN, Path: '/ci/' } });
  });

  it('grants a session its attached policies within the boundary, and nothing for policies that no stack created', async () => {
    await create();
    const session = await assumeRole();
    await expect(list(session)).resolves.toBeDefined();
    // An inline policy allows it, but the boundary does not; no stack provides AdministratorAccess.
    await expect(getRole(session)).rejects.toThrow('because no permissions boundary allows the iam:GetRole action');
  });

  it('changes the permissions of a running session, and ends with the stack', async () => {
    await create();
    const session = await assumeRole();
    await update(renderTemplate({ boundary: '*' }));
    await expect(getRole(session)).resolves.toBeDefined();
    await update(renderTemplate({ managed: 's3:GetObject', boundary: '*' }));
    await expect(list(session)).rejects.toThrow('no identity-based policy allows the s3:ListAllMyBuckets action');
    const PolicyDocument = JSON.stringify(allow('s3:ListAllMyBuckets'));
    await new IAMClient(createClientConfig()).send(
      new PutRolePolicyCommand({ RoleName: 'reader', PolicyName: 'later', PolicyDocument }),
    );
    await expect(list(session)).resolves.toBeDefined();
    await new CloudFormationClient(createClientConfig()).send(new DeleteStackCommand({ StackName: 'roles' }));
    aws.clock.advance(60_000);
    await expect(list(session)).rejects.toThrow('no identity-based policy allows');
    await expect(assumeRole()).rejects.toMatchObject({ message: expect.stringContaining('No OpenIDConnect provider') });
  });

  it('is ignored if its policies are unreadable, and grants nothing if its boundary is missing', async () => {
    const unreadable = JSON.parse(renderTemplate());
    unreadable.Resources.Reader.Properties.Policies[0].PolicyDocument.Statement.Condition = { Unknown: { a: 'b' } };
    await create(JSON.stringify(unreadable));
    await expect(getRole(createClientConfig())).rejects.toMatchObject({ Code: 'NoSuchEntity' });
    const unbound = JSON.parse(renderTemplate());
    unbound.Resources.Reader.Properties.PermissionsBoundary = 'arn:aws:iam::123456789012:policy/nobody-made-it';
    await update(JSON.stringify(unbound));
    await expect(list(await assumeRole())).rejects.toThrow('because no permissions boundary allows');
  });

  it('is a bucket with tags', async () => {
    const s3 = new S3Client({ ...createClientConfig(), forcePathStyle: true });
    await expect(s3.send(new HeadBucketCommand({ Bucket: 'of-the-stack' }))).rejects.toMatchObject({
      name: 'NotFound',
    });
    await create();
    await expect(s3.send(new GetBucketTaggingCommand({ Bucket: 'of-the-stack' }))).resolves.toMatchObject({
      TagSet: [{ Key: 'purpose', Value: 'artifacts' }],
    });
  });
});
