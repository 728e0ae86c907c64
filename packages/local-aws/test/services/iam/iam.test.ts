import { DeleteRolePolicyCommand, GetRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type LocalAws, startLocalAws } from '../../../src/local-aws.js';

const trust = {
  Statement: [
    { Effect: 'Allow' as const, Action: 'sts:AssumeRole', Principal: { AWS: 'arn:aws:iam::123456789012:root' } },
  ],
};
const grant = JSON.stringify({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: '*' }],
});

describe('inline policies of a role', () => {
  let aws: LocalAws;
  beforeAll(async () => {
    aws = await startLocalAws({
      scenario: {
        iam: {
          roles: { reader: { trust } },
          users: {
            admin: {
              accessKeys: { admin: 'secret' },
              policies: { all: { Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } },
            },
          },
        },
        secretsmanager: { password: 'hunter2' },
      },
    });
  });
  afterAll(() => aws.close());

  const createClientConfig = (credentials: {
    accessKeyId: string;
    secretAccessKey: string;
    sessionToken?: string;
  }) => ({
    endpoint: aws.url,
    region: 'us-east-1',
    credentials,
    maxAttempts: 1,
  });
  const createAdminConfig = () => createClientConfig({ accessKeyId: 'admin', secretAccessKey: 'secret' });

  const createSessionConfig = async () => {
    const { Credentials } = await new STSClient(createAdminConfig()).send(
      new AssumeRoleCommand({ RoleArn: 'arn:aws:iam::123456789012:role/reader', RoleSessionName: 'test' }),
    );
    return createClientConfig({
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    });
  };

  it('can be added and deleted while a session is valid', async () => {
    const iam = new IAMClient(createAdminConfig());
    const secrets = new SecretsManagerClient(await createSessionConfig());
    const read = () => secrets.send(new GetSecretValueCommand({ SecretId: 'password' }));
    const policy = { RoleName: 'reader', PolicyName: 'read' };

    await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' });
    await iam.send(new PutRolePolicyCommand({ ...policy, PolicyDocument: grant }));
    expect(await read()).toMatchObject({ SecretString: 'hunter2' });
    await iam.send(new DeleteRolePolicyCommand(policy));
    await expect(read()).rejects.toMatchObject({ name: 'AccessDeniedException' });
  });

  it("return to the scenario's on a reset", async () => {
    const policy = { RoleName: 'reader', PolicyName: 'read' };
    await new IAMClient(createAdminConfig()).send(new PutRolePolicyCommand({ ...policy, PolicyDocument: grant }));
    aws.reset();
    const secrets = new SecretsManagerClient(await createSessionConfig());
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'password' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });

  it.each([
    ['a missing role', { RoleName: 'nobody', PolicyName: 'read', PolicyDocument: grant }, 'NoSuchEntity'],
    ['an invalid policy', { RoleName: 'reader', PolicyName: 'read', PolicyDocument: '{}' }, 'MalformedPolicyDocument'],
  ])('reject %s', async (_, input, name) => {
    const put = new IAMClient(createAdminConfig()).send(new PutRolePolicyCommand(input));
    await expect(put).rejects.toMatchObject({ Code: name });
  });

  it('cannot be deleted if they do not exist', async () => {
    const iam = new IAMClient(createAdminConfig());
    const input = { RoleName: 'reader', PolicyName: 'never' };
    await expect(iam.send(new DeleteRolePolicyCommand(input))).rejects.toMatchObject({ Code: 'NoSuchEntity' });
    expect(await iam.send(new GetRoleCommand({ RoleName: 'reader' }))).toMatchObject({ Role: { RoleName: 'reader' } });
  });
});
