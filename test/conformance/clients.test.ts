import { declareUnless } from '@aws-delivery/action-kit/testing/declare-unless';
import { type LocalAws, startLocalAws } from '@aws-delivery/local-aws/local-aws';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findPython, runPython } from './python.js';

const python = findPython();
const obstacle =
  python === undefined && process.env['CI'] !== 'true' ? 'not installed: Python with boto3 and the AWS CLI' : undefined;

const PROVIDER = 'arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com';
const ROLE = 'arn:aws:iam::123456789012:role/deploy';

/** boto3 and the AWS CLI against local AWS: they serialise requests and parse responses with other code than ours. */
declareUnless(obstacle, describe)('other AWS clients on local AWS', () => {
  let aws: LocalAws;
  let env: Readonly<Record<string, string>>;

  const getPython = () => {
    if (python === undefined) throw new Error('no Python: run "npm run setup", or set AWS_DELIVERY_PYTHON');
    return python;
  };

  const runCli = async (...args: readonly string[]) =>
    runPython(getPython(), ['-m', 'awscli', '--output', 'json', ...args], env);

  const runBoto = async (code: string, extra: Readonly<Record<string, string>> = {}) => {
    const result = await runPython(getPython(), ['-c', `import boto3, json\n${code}`], { ...env, ...extra });
    if (result.code !== 0) throw new Error(result.stderr);
    return JSON.parse(result.stdout) as unknown;
  };

  beforeAll(async () => {
    aws = await startLocalAws({
      scenario: {
        iam: {
          oidcProviders: [{ url: 'https://token.actions.githubusercontent.com' }],
          roles: {
            deploy: {
              trust: {
                Statement: {
                  Effect: 'Allow',
                  Principal: { Federated: PROVIDER },
                  Action: 'sts:AssumeRoleWithWebIdentity',
                  Condition: { StringLike: { 'token.actions.githubusercontent.com:sub': 'repo:octocat/my-repo:*' } },
                },
              },
              policies: { all: { Statement: { Effect: 'Allow', Action: 'iam:GetRole', Resource: '*' } } },
            },
          },
        },
        secretsmanager: { 'app/database': { user: 'app' }, 'app/key': 'k', other: 'o' },
      },
    });
    env = aws.createEnv({ keys: true });
  });

  afterAll(() => aws.close());

  it('boto3 assumes a role with a token and reads its identity', async () => {
    const token = await aws.issueToken({ audience: 'sts.amazonaws.com' });
    const code = `
sts = boto3.client('sts')
c = sts.assume_role_with_web_identity(RoleArn='${ROLE}', RoleSessionName='boto', WebIdentityToken='${token}')
k = c['Credentials']
s = boto3.Session(k['AccessKeyId'], k['SecretAccessKey'], k['SessionToken'])
role = s.client('iam').get_role(RoleName='deploy')['Role']
try:
  s.client('secretsmanager').get_secret_value(SecretId='other')
  denied = None
except Exception as e:
  denied = e.response['Error']
print(json.dumps([s.client('sts').get_caller_identity()['Arn'], c['SubjectFromWebIdentityToken'], role['AssumeRolePolicyDocument']['Statement'][0]['Effect'], denied]))`;
    await expect(runBoto(code)).resolves.toEqual([
      'arn:aws:sts::123456789012:assumed-role/deploy/boto',
      'repo:octocat/my-repo:ref:refs/heads/main',
      'Allow',
      {
        Code: 'AccessDeniedException',
        Message: expect.stringContaining(
          'because no identity-based policy allows the secretsmanager:GetSecretValue action',
        ),
      },
    ]);
  });

  it('boto3 reads the error code of a rejected token', async () => {
    const code = `
try:
  boto3.client('sts').assume_role_with_web_identity(RoleArn='${ROLE}', RoleSessionName='boto', WebIdentityToken='none')
except Exception as e:
  print(json.dumps([e.response['Error']['Code'], e.response['ResponseMetadata']['HTTPStatusCode']]))`;
    await expect(runBoto(code)).resolves.toEqual(['InvalidIdentityToken', 400]);
  });

  it('boto3 pages through secrets by prefix', async () => {
    const code = `
pages = boto3.client('secretsmanager').get_paginator('list_secrets').paginate(Filters=[{'Key': 'name', 'Values': ['app/']}], PaginationConfig={'PageSize': 1})
print(json.dumps([[s['Name'] for s in p['SecretList']] for p in pages]))`;
    await expect(runBoto(code)).resolves.toEqual([['app/database'], ['app/key']]);
  });

  it('the AWS CLI reads identity and secrets', async () => {
    const identity = await runCli('sts', 'get-caller-identity');
    expect(JSON.parse(identity.stdout)).toEqual({
      UserId: '123456789012',
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:root',
    });
    const secret = await runCli(
      'secretsmanager',
      'get-secret-value',
      '--secret-id',
      'app/key',
      '--query',
      'SecretString',
    );
    expect(JSON.parse(secret.stdout)).toBe('k');
  });

  it.each([
    [['sts', 'get-session-token'], 'sts:GetSessionToken'],
    [['s3api', 'get-bucket-website', '--bucket', 'b'], 's3:GetBucketWebsite'],
    [['secretsmanager', 'get-random-password'], 'secretsmanager:GetRandomPassword'],
    [['dynamodb', 'list-tables'], 'dynamodb:ListTables'],
    [['lambda', 'list-functions'], 'lambda:GET /2015-03-31/functions'],
  ])('the AWS CLI shows NotImplemented for %j', async (args, name) => {
    const { code, stderr } = await runCli(...args);
    expect(code).not.toBe(0);
    expect(stderr).toContain(`(NotImplemented) when calling`);
    expect(stderr).toContain(`Local AWS does not support ${name}`);
  });
});
