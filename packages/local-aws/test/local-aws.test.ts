import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import {
  AssumeRoleCommand,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
  GetFederationTokenCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { describe, expect, it } from '@jest/globals';
import type { LocalAws } from '../src/local-aws.js';
import { createDeployScenario } from './deploy-scenario.js';
import { useLocalAws } from './fixtures.js';

const start = useLocalAws({ scenario: createDeployScenario() });

const ROOT = { accessKeyId: 'test', secretAccessKey: 'test' };

const createClient = (aws: LocalAws, credentials: StsCredentials = ROOT, maxAttempts = 1) =>
  new STSClient({ region: 'eu-west-1', endpoint: aws.url, credentials, maxAttempts });

interface StsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const assumeRole = async (aws: LocalAws, claims = {}): Promise<StsCredentials> => {
  const { Credentials } = await createClient(aws).send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: 'arn:aws:iam::123456789012:role/deploy',
      RoleSessionName: 'run-1',
      WebIdentityToken: await aws.issueToken({ audience: 'sts.amazonaws.com', claims }),
    }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
};

describe('local AWS with the SDK', () => {
  it('accepts the root keys of the scenario', async () => {
    const aws = await start();
    await expect(createClient(aws).send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
      Account: '123456789012',
      Arn: 'arn:aws:iam::123456789012:root',
    });
  });

  it('creates a session for a token that the trust policy accepts', async () => {
    const aws = await start();
    const identity = await createClient(aws, await assumeRole(aws)).send(new GetCallerIdentityCommand({}));
    expect(identity.Arn).toBe('arn:aws:sts::123456789012:assumed-role/deploy/run-1');
    expect(identity.UserId).toMatch(/^AROA[A-Z2-7]{17}:run-1$/);
  });

  it('rejects a token with a subject that the trust policy does not accept', async () => {
    const aws = await start();
    await expect(assumeRole(aws, { repository: 'mallory/my-repo' })).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 'Not authorized to perform sts:AssumeRoleWithWebIdentity',
      $metadata: { httpStatusCode: 403 },
    });
  });

  it("allows a session only the secrets in its policy, and denies others in AWS's words", async () => {
    const aws = await start();
    const credentials = await assumeRole(aws);
    const secrets = new SecretsManagerClient({ region: 'eu-west-1', endpoint: aws.url, credentials, maxAttempts: 1 });
    const found = await secrets.send(new GetSecretValueCommand({ SecretId: 'app/database' }));
    expect(found.SecretString).toBe('{"user":"app","password":"s3cret"}');
    await expect(secrets.send(new GetSecretValueCommand({ SecretId: 'other' }))).rejects.toMatchObject({
      name: 'AccessDeniedException',
      message: expect.stringMatching(
        /^User: arn:aws:sts::123456789012:assumed-role\/deploy\/run-1 is not authorized to perform: secretsmanager:GetSecretValue on resource: arn:aws:secretsmanager:eu-west-1:123456789012:secret:other-\w{6} because no identity-based policy allows the secretsmanager:GetSecretValue action$/,
      ),
    });
  });

  it('expires a session on the server clock', async () => {
    const aws = await start();
    const credentials = await assumeRole(aws);
    aws.clock.advance(3_600_001);
    await expect(createClient(aws, credentials).send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
      name: 'ExpiredToken',
    });
  });

  it('returns 501 with the name of an operation that is not modeled', async () => {
    const aws = await start();
    await expect(createClient(aws).send(new GetFederationTokenCommand({ Name: 'x' }))).rejects.toMatchObject({
      message: expect.stringContaining('sts:GetFederationToken'),
      $metadata: { httpStatusCode: 501 },
    });
  });

  it('limits chained sessions to one hour', async () => {
    const aws = await start();
    const sts = createClient(aws, await assumeRole(aws));
    const target = { RoleArn: 'arn:aws:iam::210987654321:role/target', RoleSessionName: 'hop' };
    const { AssumedRoleUser } = await sts.send(new AssumeRoleCommand({ ...target, ExternalId: 'shared' }));
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::210987654321:assumed-role/target/hop');
    await expect(sts.send(new AssumeRoleCommand(target))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(
      sts.send(new AssumeRoleCommand({ ...target, ExternalId: 'shared', DurationSeconds: 7200 })),
    ).rejects.toMatchObject({ message: expect.stringContaining('1 hour session limit') });
  });

  it('logs every call with principal, resource and verdict', async () => {
    const lines: string[] = [];
    const aws = await start({ log: (line) => lines.push(line) });
    await assumeRole(aws);
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      {
        service: 'sts',
        operation: 'AssumeRoleWithWebIdentity',
        principal: 'anonymous',
        verdict: 'unsigned',
        status: 200,
      },
    ]);
    expect(lines.join()).not.toContain('WebIdentityToken');
  });
});
