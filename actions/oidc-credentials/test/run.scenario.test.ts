import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ACCOUNT, Harness, OTHER_ACCOUNT, roleArn } from './harness.js';

describe('oidc-credentials', () => {
  let harness: Harness;
  beforeAll(async () => {
    harness = await Harness.start();
  });
  afterAll(() => harness.close());

  it('exchanges a token for credentials with two calls, and exports them', async () => {
    const { recorded, operations, calls } = await harness.runMain();
    expect(recorded.failures).toEqual([]);
    expect(operations).toEqual(['AssumeRoleWithWebIdentity', 'GetCallerIdentity']);
    expect(calls[0]?.input).toMatchObject({ RoleSessionName: 'GitHubActions', DurationSeconds: 3600 });
    expect(recorded.exported).toEqual({
      AWS_REGION: 'eu-central-1',
      AWS_DEFAULT_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: expect.stringMatching(/^ASIA/),
      AWS_SECRET_ACCESS_KEY: expect.any(String),
      AWS_SESSION_TOKEN: expect.any(String),
      AWS_CREDENTIAL_EXPIRATION: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it('sets the identity as outputs, without keys by default', async () => {
    const { recorded } = await harness.runMain();
    expect(Object.keys(recorded.outputs).sort()).toEqual([
      'authenticated-arn',
      'aws-account-id',
      'aws-expiration',
      'aws-region',
      'claims',
      'partition',
      'user-id',
    ]);
    expect(recorded.outputs).toMatchObject({
      'aws-account-id': ACCOUNT,
      'authenticated-arn': `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/GitHubActions`,
      partition: 'aws',
      'aws-region': 'eu-central-1',
    });
    expect(JSON.parse(recorded.outputs['claims'] ?? '')).toMatchObject({
      sub: 'repo:octocat/my-repo:ref:refs/heads/main',
    });
  });

  it('masks every secret', async () => {
    const { recorded, envAfter } = await harness.runMain({ inputs: { 'output-credentials': 'true' } });
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = recorded.exported;
    for (const secret of [AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN]) {
      expect(recorded.masked).toContain(secret);
      expect(recorded.log.getOutput()).not.toContain(secret);
    }
    expect(recorded.masked).toContain(envAfter['ACTIONS_ID_TOKEN_REQUEST_TOKEN']);
    expect(recorded.outputs).toMatchObject({ 'aws-access-key-id': AWS_ACCESS_KEY_ID });
  });

  it('exports nothing when the account is not allowed', async () => {
    const { recorded, operations } = await harness.runMain({ inputs: { 'allowed-account-ids': OTHER_ACCOUNT } });
    expect(recorded.failures).toEqual([expect.stringContaining(`account ${ACCOUNT}`)]);
    expect(operations).toEqual(['AssumeRoleWithWebIdentity', 'GetCallerIdentity']);
    expect(recorded.exported).toEqual({});
    expect(recorded.state).toEqual({});
    expect(recorded.outputs).toMatchObject({ 'aws-account-id': ACCOUNT });
  });

  it('rejects a Region of another partition', async () => {
    const { recorded } = await harness.runMain({ inputs: { 'aws-region': 'cn-north-1' } });
    expect(recorded.failures[0]).toContain("'aws-region' is in partition aws-cn: choose a Region of aws");
    expect(recorded.exported).toEqual({});
  });

  it('calls a denied role once and logs the trust policy statement it needs', async () => {
    const { recorded, operations } = await harness.runMain({
      claims: { repository: 'Octocat/my-repo', environment: 'prod' },
    });
    expect(operations.filter((name) => name === 'AssumeRoleWithWebIdentity')).toHaveLength(1);
    expect(recorded.failures[0]).toContain('Not authorized to perform sts:AssumeRoleWithWebIdentity');
    const output = recorded.log.getOutput();
    expect(output).toContain('repo:Octocat/my-repo:environment:prod');
    expect(output).toContain(
      `"Federated": "arn:aws:iam::${ACCOUNT}:oidc-provider/token.actions.githubusercontent.com"`,
    );
    expect(output).toContain('repo:Octocat@123456/my-repo@456789:environment:prod');
    expect(recorded.summary()).toContain('denied');
    expect(Object.keys(recorded.outputs)).toEqual(['claims']);
    expect(recorded.exported).toEqual({});
  });

  it('assumes several roles in one step', async () => {
    const roleChain = `- second\n- role-arn: ${roleArn('third')}\n  external-id: third-id\n  session-name: last one\n  duration: 2h`;
    const { recorded, calls } = await harness.runMain({
      inputs: { 'role-chain': roleChain, 'role-duration-seconds': '7200' },
    });
    expect(recorded.failures).toEqual([]);
    expect(
      calls.map(({ operation, input }) => [operation, input['DurationSeconds'], input['RoleSessionName']]),
    ).toEqual([
      ['AssumeRoleWithWebIdentity', 7200, 'GitHubActions'],
      ['AssumeRole', 3600, 'GitHubActions'],
      ['AssumeRole', 3600, 'last-one'],
      ['GetCallerIdentity', undefined, undefined],
    ]);
    expect(recorded.log.getOutput()).toContain(
      `Session duration of ${roleArn('second')} reduced from 2h 00m 00s to one hour`,
    );
    expect(recorded.outputs['authenticated-arn']).toContain('assumed-role/third/last-one');
  });

  it('restores the environment after the job', async () => {
    const step = await harness.runMain({ env: { AWS_REGION: 'us-east-1' } });
    const recorded = await harness.runPostStep(step);
    expect(recorded.exported).toEqual({
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: '',
      AWS_ACCESS_KEY_ID: '',
      AWS_SECRET_ACCESS_KEY: '',
      AWS_SESSION_TOKEN: '',
      AWS_CREDENTIAL_EXPIRATION: '',
    });
    expect(recorded.failures).toEqual([]);
  });
});
