import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  type AssumeRoleWithWebIdentityCommandInput,
  GetCallerIdentityCommand,
  STSClient,
} from '@aws-sdk/client-sts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { type LocalAws, startLocalAws } from '../../../src/local-aws.js';
import type { ScenarioInput } from '../../../src/scenario.js';

const GITHUB = 'https://token.actions.githubusercontent.com';
const HOST = 'token.actions.githubusercontent.com';
const PROVIDER = `arn:aws:iam::123456789012:oidc-provider/${HOST}`;

type Conditions = Record<string, Record<string, string | string[]>>;

const createFederatedTrust = (
  Condition: Conditions,
  Federated = PROVIDER,
  Action = ['sts:AssumeRoleWithWebIdentity'],
) => ({
  Statement: { Effect: 'Allow' as const, Principal: { Federated }, Action, Condition },
});

const createAccountTrust = (AWS: string, Condition: Conditions = {}, Action = ['sts:AssumeRole']) => ({
  Statement: { Effect: 'Allow' as const, Principal: { AWS }, Action, Condition },
});

const ACCOUNT = 'arn:aws:iam::123456789012:root';
const allow = (Action: string | string[], Resource = '*') => ({
  Statement: { Effect: 'Allow' as const, Action, Resource },
});

const createScenario = async (): Promise<ScenarioInput> => ({
  iam: {
    oidcProviders: [
      { url: GITHUB },
      { url: 'https://gitlab.example.com', audiences: ['aws'], keys: { keys: [await exportGitlabKey()] } },
    ],
    users: {
      ci: { accessKeys: { AKIACI: 'secret' }, policies: { all: allow('sts:*') } },
      weak: { accessKeys: { AKIAWEAK: 'secret' } },
    },
    roles: {
      by: {
        trust: createFederatedTrust({
          StringLike: { [`${HOST}:sub`]: ['repo:octocat/*:ref:refs/heads/main', 'repo:octocat@123456/*'] },
        }),
        maxSessionDuration: '2h',
      },
      environment: {
        trust: createFederatedTrust({
          StringEquals: { [`${HOST}:sub`]: 'repo:octocat/my-repo:environment:production' },
        }),
      },
      claims: {
        trust: createFederatedTrust({
          StringEquals: { [`${HOST}:repository_id`]: '456789', [`${HOST}:ref`]: 'refs/heads/main' },
        }),
      },
      tagged: {
        trust: createFederatedTrust({ StringLike: { 'aws:RequestTag/team': 'red' } }, PROVIDER, [
          'sts:AssumeRoleWithWebIdentity',
          'sts:TagSession',
        ]),
      },
      gitlab: {
        trust: createFederatedTrust(
          { StringEquals: { 'gitlab.example.com:sub': 'project_path:g/p' } },
          'arn:aws:iam::123456789012:oidc-provider/gitlab.example.com',
        ),
      },
      gitlabClaim: {
        trust: createFederatedTrust(
          { StringEquals: { 'gitlab.example.com:project_path': 'g/p' } },
          'arn:aws:iam::123456789012:oidc-provider/gitlab.example.com',
        ),
      },
      team: {
        trust: createAccountTrust(ACCOUNT, {}, ['sts:AssumeRole', 'sts:TagSession', 'sts:SetSourceIdentity']),
        policies: { all: allow('sts:*') },
      },
      untagged: { trust: createAccountTrust(ACCOUNT) },
      external: { trust: createAccountTrust(ACCOUNT, { StringEquals: { 'sts:ExternalId': 'x-1' } }) },
      named: { trust: createAccountTrust('arn:aws:iam::123456789012:user/weak') },
      needsTag: {
        trust: createAccountTrust(ACCOUNT, { StringEquals: { 'aws:PrincipalTag/cost': '42' } }, [
          'sts:AssumeRole',
          'sts:TagSession',
        ]),
      },
    },
  },
});

const gitlab = generateKeyPair('ES256');
const exportGitlabKey = async () => ({ ...(await exportJWK((await gitlab).publicKey)), kid: 'g1', alg: 'ES256' });
const signGitlabToken = async (claims: Record<string, string>) =>
  new SignJWT({ iss: 'https://gitlab.example.com', aud: 'aws', exp: Math.floor(Date.now() / 1000) + 60, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'g1' })
    .sign((await gitlab).privateKey);

let aws: LocalAws;

beforeAll(async () => {
  aws = await startLocalAws({ scenario: await createScenario() });
});

afterAll(() => aws.close());

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

const CI: Keys = { accessKeyId: 'AKIACI', secretAccessKey: 'secret' };
const WEAK: Keys = { accessKeyId: 'AKIAWEAK', secretAccessKey: 'secret' };
const ROOT: Keys = { accessKeyId: 'test', secretAccessKey: 'test' };

const createClient = (credentials: Keys = CI) =>
  new STSClient({ region: 'us-east-1', endpoint: aws.url, credentials, maxAttempts: 1 });

const buildRoleArn = (role: string) => `arn:aws:iam::123456789012:role/${role}`;

const assumeRoleWithWebIdentity = async (
  role: string,
  changes: Partial<AssumeRoleWithWebIdentityCommandInput> = {},
  claims = {},
) =>
  createClient().send(
    new AssumeRoleWithWebIdentityCommand({
      RoleArn: buildRoleArn(role),
      RoleSessionName: 'job',
      WebIdentityToken: await aws.issueToken({ audience: 'sts.amazonaws.com', claims }),
      ...changes,
    }),
  );

const assumeRole = (role: string, changes: Partial<AssumeRoleCommandInput> = {}, keys: Keys = CI) =>
  createClient(keys).send(new AssumeRoleCommand({ RoleArn: buildRoleArn(role), RoleSessionName: 'job', ...changes }));

const toKeys = ({
  Credentials,
}: {
  Credentials?:
    | { AccessKeyId?: string | undefined; SecretAccessKey?: string | undefined; SessionToken?: string | undefined }
    | undefined;
}): Keys => ({
  accessKeyId: Credentials?.AccessKeyId ?? '',
  secretAccessKey: Credentials?.SecretAccessKey ?? '',
  sessionToken: Credentials?.SessionToken ?? '',
});

describe('AssumeRoleWithWebIdentity', () => {
  it('returns subject, audience and provider', async () => {
    const before = Date.now();
    const { Credentials, AssumedRoleUser, ...rest } = await assumeRoleWithWebIdentity('by', { DurationSeconds: 900 });
    expect(rest).toMatchObject({
      SubjectFromWebIdentityToken: 'repo:octocat/my-repo:ref:refs/heads/main',
      Audience: 'sts.amazonaws.com',
      Provider: PROVIDER,
    });
    expect(AssumedRoleUser?.Arn).toBe('arn:aws:sts::123456789012:assumed-role/by/job');
    const lifetime = (Credentials?.Expiration?.getTime() ?? 0) - before;
    expect(lifetime).toBeGreaterThan(898_000);
    expect(lifetime).toBeLessThan(960_000);
  });

  it('accepts a subject with immutable ids if the policy does', async () => {
    const own = await startLocalAws({ scenario: { ...(await createScenario()), oidc: { subject: 'immutable' } } });
    const token = await own.issueToken({ audience: 'sts.amazonaws.com' });
    const sts = new STSClient({ region: 'us-east-1', endpoint: own.url, credentials: CI, maxAttempts: 1 });
    const input = { RoleSessionName: 'job', WebIdentityToken: token };
    await expect(
      sts.send(new AssumeRoleWithWebIdentityCommand({ RoleArn: buildRoleArn('by'), ...input })),
    ).resolves.toMatchObject({
      SubjectFromWebIdentityToken: 'repo:octocat@123456/my-repo@456789:ref:refs/heads/main',
    });
    await expect(
      sts.send(new AssumeRoleWithWebIdentityCommand({ RoleArn: buildRoleArn('environment'), ...input })),
    ).rejects.toMatchObject({ name: 'AccessDenied' });
    await own.close();
  });

  it.each<[string, string, Record<string, string>, boolean]>([
    ['a branch by its subject', 'by', {}, true],
    ['another branch', 'by', { ref: 'refs/heads/other' }, false],
    ['a pull request', 'by', { event_name: 'pull_request' }, false],
    ['an environment', 'environment', { environment: 'production' }, true],
    ['an environment in another case', 'environment', { environment: 'Production' }, false],
    ['a claim of GitHub besides sub and aud', 'claims', {}, true],
    ['another repository by its id', 'claims', { repository_id: '1' }, false],
  ])('evaluates %s', async (_, role, claims, accepted) => {
    const outcome = assumeRoleWithWebIdentity(role, {}, claims).then(
      () => 'accepted',
      (thrown) => `${thrown.name}: ${thrown.message}`,
    );
    await expect(outcome).resolves.toBe(
      accepted ? 'accepted' : 'AccessDenied: Not authorized to perform sts:AssumeRoleWithWebIdentity',
    );
  });

  it('reads session tags from the token if the trust policy allows tagging', async () => {
    const tags = (team: string) => ({ 'https://aws.amazon.com/tags': { principal_tags: { team: [team] } } });
    await expect(assumeRoleWithWebIdentity('tagged', {}, tags('red'))).resolves.toBeDefined();
    await expect(assumeRoleWithWebIdentity('tagged', {}, tags('blue'))).rejects.toMatchObject({ name: 'AccessDenied' });
    await expect(assumeRoleWithWebIdentity('by', {}, tags('red'))).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it("verifies another provider's tokens with its own keys, and exposes only sub and aud", async () => {
    const WebIdentityToken = await signGitlabToken({ sub: 'project_path:g/p', project_path: 'g/p' });
    await expect(assumeRoleWithWebIdentity('gitlab', { WebIdentityToken })).resolves.toMatchObject({ Audience: 'aws' });
    await expect(assumeRoleWithWebIdentity('gitlabClaim', { WebIdentityToken })).rejects.toMatchObject({
      name: 'AccessDenied',
    });
  });

  it.each<[string, () => Promise<Partial<AssumeRoleWithWebIdentityCommandInput>>, string, string]>([
    [
      'an invalid token',
      async () => ({ WebIdentityToken: 'none' }),
      'InvalidIdentityToken',
      'The ID Token provided is not a valid JWT.',
    ],
    [
      'another audience',
      async () => ({ WebIdentityToken: await aws.issueToken({ audience: 'other' }) }),
      'InvalidIdentityToken',
      'Incorrect token audience',
    ],
    [
      'the default audience',
      async () => ({ WebIdentityToken: await aws.issueToken() }),
      'InvalidIdentityToken',
      'Incorrect token audience',
    ],
    [
      'an issuer without a provider',
      async () => ({
        WebIdentityToken: await aws.issueToken({ audience: 'sts.amazonaws.com', claims: { iss: 'https://other' } }),
      }),
      'InvalidIdentityToken',
      'No OpenIDConnect provider found in your account for https://other',
    ],
    [
      'a forged signature',
      async () => ({ WebIdentityToken: await signGitlabToken({ iss: GITHUB, aud: 'sts.amazonaws.com' }) }),
      'InvalidIdentityToken',
      "Couldn't retrieve verification key from your identity provider",
    ],
    [
      'an old token',
      async () => ({
        WebIdentityToken: await aws.issueToken({ audience: 'sts.amazonaws.com', claims: { exp: 1000 } }),
      }),
      'ExpiredTokenException',
      'Token expired: current date/time',
    ],
    [
      'a role that does not exist',
      async () => ({ RoleArn: buildRoleArn('absent') }),
      'AccessDenied',
      'Not authorized to perform sts:AssumeRoleWithWebIdentity',
    ],
    [
      'a longer session than the role has',
      async () => ({ DurationSeconds: 7201 }),
      'ValidationError',
      'exceeds the MaxSessionDuration',
    ],
    [
      'a session under 15 minutes',
      async () => ({ DurationSeconds: 899 }),
      'ValidationError',
      "Value '899' at 'durationSeconds'",
    ],
    [
      'a session name with a space',
      async () => ({ RoleSessionName: 'a b' }),
      'ValidationError',
      "Value 'a b' at 'roleSessionName'",
    ],
    ['a policy that is no JSON', async () => ({ Policy: '{' }), 'MalformedPolicyDocument', 'invalid Json'],
  ])('rejects %s', async (_, changes, code, message) => {
    const thrown = await assumeRoleWithWebIdentity('by', await changes()).catch((error) => error);
    expect([thrown.Code ?? thrown.name, thrown.name]).toContain(code);
    expect(thrown.message).toContain(message);
  });
});

describe('AssumeRole', () => {
  it('creates a session for a user if identity and trust policies allow it', async () => {
    const keys = toKeys(await assumeRole('team'));
    await expect(createClient(keys).send(new GetCallerIdentityCommand({}))).resolves.toMatchObject({
      Arn: 'arn:aws:sts::123456789012:assumed-role/team/job',
    });
  });

  it('needs no identity policy if the trust policy names the caller', async () => {
    await expect(assumeRole('named', {}, WEAK)).resolves.toBeDefined();
    await expect(assumeRole('team', {}, WEAK)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: `User: arn:aws:iam::123456789012:user/weak is not authorized to perform: sts:AssumeRole on resource: ${buildRoleArn('team')}`,
    });
  });

  it('rejects root, like AWS', async () => {
    await expect(assumeRole('team', {}, ROOT)).rejects.toMatchObject({
      message: 'Roles may not be assumed by root accounts.',
    });
  });

  it('requires the external id', async () => {
    await expect(assumeRole('external', { ExternalId: 'x-1' })).resolves.toBeDefined();
    await expect(assumeRole('external')).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it('requires sts:TagSession for tags', async () => {
    const Tags = [{ Key: 'cost', Value: '42' }];
    await expect(assumeRole('team', { Tags })).resolves.toMatchObject({ PackedPolicySize: expect.any(Number) });
    await expect(assumeRole('untagged', { Tags })).rejects.toMatchObject({
      message: expect.stringContaining('sts:TagSession'),
    });
  });

  it('passes transitive tags along a role chain', async () => {
    const Tags = [{ Key: 'cost', Value: '42' }];
    const passing = toKeys(await assumeRole('team', { Tags, TransitiveTagKeys: ['cost'] }));
    const second = toKeys(await assumeRole('team', {}, passing));
    await expect(assumeRole('needsTag', {}, second)).resolves.toBeDefined();
    const untransitive = toKeys(await assumeRole('team', { Tags }));
    const without = toKeys(await assumeRole('team', {}, untransitive));
    await expect(assumeRole('needsTag', {}, without)).rejects.toMatchObject({ name: 'AccessDenied' });
  });

  it("rejects tags that exceed the session's limits", async () => {
    const Tags = Array.from({ length: 40 }, (_, index) => ({ Key: `key-${index}`, Value: 'v'.repeat(100) }));
    await expect(assumeRole('team', { Tags })).rejects.toMatchObject({
      name: 'PackedPolicyTooLargeException',
      message: expect.stringMatching(/^Packed policy consumes \d{3}% of allotted space/),
    });
  });

  it('restricts the session with a session policy', async () => {
    const Policy = JSON.stringify({ Statement: { Effect: 'Allow', Action: 's3:*', Resource: '*' } });
    const keys = toKeys(await assumeRole('team', { Policy }));
    await expect(assumeRole('team', {}, keys)).rejects.toMatchObject({ name: 'AccessDenied' });
  });
});
