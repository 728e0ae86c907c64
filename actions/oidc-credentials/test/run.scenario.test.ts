import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT, OTHER_ACCOUNT, role, Stage } from './stage.js';

describe('oidc-credentials', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.open();
  });
  afterAll(() => stage.close());

  it('exchanges a token for credentials with two calls, and exports them', async () => {
    const { memory, operations, calls } = await stage.main();
    expect(memory.failures).toEqual([]);
    expect(operations).toEqual(['AssumeRoleWithWebIdentity', 'GetCallerIdentity']);
    expect(calls[0]?.input).toMatchObject({ RoleSessionName: 'GitHubActions', DurationSeconds: 3600 });
    expect(memory.exported).toEqual({
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SECRET_ACCESS_KEY: expect.any(String),
      AWS_SESSION_TOKEN: expect.any(String),
      AWS_CREDENTIAL_EXPIRATION: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it('tells whose credentials they are, and gives no keys as outputs unless asked', async () => {
    const { memory } = await stage.main();
    expect(Object.keys(memory.outputs).sort()).toEqual([
      'authenticated-arn',
      'aws-account-id',
      'aws-expiration',
      'aws-region',
      'claims',
      'partition',
      'user-id',
    ]);
    expect(memory.outputs).toMatchObject({
      'aws-account-id': ACCOUNT,
      'authenticated-arn': `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/GitHubActions`,
      partition: 'aws',
      'aws-region': 'eu-central-1',
    });
    expect(JSON.parse(memory.outputs['claims'] ?? '')).toMatchObject({
      sub: 'repo:octocat/my-repo:ref:refs/heads/main',
    });
  });

  it('masks every secret before anything is set', async () => {
    const { memory, after } = await stage.main({ inputs: { 'output-credentials': 'true' } });
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = memory.exported;
    for (const secret of [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN]) {
      expect(memory.masked).toContain(secret);
      expect(memory.log.text()).not.toContain(secret);
    }
    expect(memory.masked).toContain(after['ACTIONS_ID_TOKEN_REQUEST_TOKEN']);
    expect(memory.outputs).toMatchObject({ 'aws-access-key-id': AWS_ACCESS_KEY_ID });
  });

  it('exports nothing when the account is not allowed', async () => {
    const { memory, operations } = await stage.main({ inputs: { 'allowed-account-ids': OTHER_ACCOUNT } });
    expect(memory.failures).toEqual([expect.stringContaining(`account ${ACCOUNT}`)]);
    expect(operations).toEqual(['AssumeRoleWithWebIdentity', 'GetCallerIdentity']);
    expect(memory.exported).toEqual({});
    expect(memory.state).toEqual({});
    expect(memory.outputs).toMatchObject({ 'aws-account-id': ACCOUNT });
  });

  it('refuses a Region of another partition', async () => {
    const { memory } = await stage.main({ inputs: { 'aws-region': 'cn-north-1' } });
    expect(memory.failures[0]).toContain("'aws-region' lies in aws-cn: choose a Region of aws");
    expect(memory.exported).toEqual({});
  });

  it('asks a denied role once, and says what its trust policy would have to hold', async () => {
    const { memory, operations } = await stage.main({ claims: { repository: 'Octocat/my-repo', environment: 'prod' } });
    expect(operations.filter((name) => name === 'AssumeRoleWithWebIdentity')).toHaveLength(1);
    expect(memory.failures[0]).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
    const text = memory.log.text();
    expect(text).toContain('repo:Octocat/my-repo:environment:prod');
    expect(text).toContain(`"Federated": "arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"`);
    expect(text).toContain('repo:Octocat@123456/my-repo@456789:environment:prod');
    expect(memory.summary()).toContain('denied');
    expect(Object.keys(memory.outputs)).toEqual(['claims']);
    expect(memory.exported).toEqual({});
  });

  it('goes through several roles in one step', async () => {
    const chain = `- second\n- role-arn: ${role('third')}\n  external-id: third-id\n  session-name: last one\n  duration: 2h`;
    const { memory, calls } = await stage.main({ inputs: { 'role-chain': chain, 'role-duration-seconds': '7200' } });
    expect(memory.failures).toEqual([]);
    expect(
      calls.map(({ operation, input }) => [operation, input['DurationSeconds'], input['RoleSessionName']]),
    ).toEqual([
      ['AssumeRoleWithWebIdentity', 7200, 'GitHubActions'],
      ['AssumeRole', 3600, 'GitHubActions'],
      ['AssumeRole', 3600, 'last-one'],
      ['GetCallerIdentity', undefined, undefined],
    ]);
    expect(memory.log.text()).toContain(`The session of ${role('second')} lasts one hour instead of 2h 00m 00s`);
    expect(memory.outputs['authenticated-arn']).toContain('assumed-role/third/last-one');
  });

  it('restores the environment after the job, and leaves no file', async () => {
    const step = await stage.main({ variables: { AWS_REGION: 'us-east-1' } });
    const memory = await stage.post(step);
    expect(memory.exported).toEqual({
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: '',
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_SESSION_TOKEN: '',
      AWS_CREDENTIAL_EXPIRATION: '',
    });
    expect(memory.failures).toEqual([]);
  });

  it('keeps what is in place as it is, also where it was asked to refresh', async () => {
    const variables = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };
    const { memory } = await stage.main({ inputs: { refresh: 'true', 'use-existing-credentials': 'true' }, variables });
    expect(memory.exported).toEqual({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' });
  });
});
