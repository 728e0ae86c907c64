import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT, Harness, roleArn } from '../harness.js';

const TOKEN_CALL = 'AssumeRoleWithWebIdentity';
const USER = {
  'aws-access-key-id': 'AKIAUSER',
  'aws-secret-access-key': 'user/secret+key',
  'role-to-assume': roleArn('user'),
};

describe('the way into roles', () => {
  let harness: Harness;
  const startHarness = async (overrides: ScenarioInput = {}): Promise<Harness> => {
    harness = await Harness.start(overrides);
    return harness;
  };
  afterEach(() => harness.close());

  it('takes a fresh token for every attempt', async () => {
    const { aws, main } = await startBoundHarness();
    aws.setFaults([
      { fault: 'throttle', operation: TOKEN_CALL, calls: 1 },
      { fault: 'error', operation: TOKEN_CALL, calls: 2 },
      { fault: 'error', code: 'ServiceUnavailable', status: 503, operation: TOKEN_CALL, calls: 3 },
    ]);
    const { recorded, calls } = await main();
    expect(recorded.failures).toEqual([]);
    const tokens = calls.flatMap(({ input }) => input['WebIdentityToken'] ?? []);
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens).size).toBe(4);
    expect(recorded.log.getOutput()).toContain('Attempt 1 failed, another follows: ');
  });

  it('gets a new token once when AWS finds the first one expired', async () => {
    const { aws, main } = await startBoundHarness();
    const expired = { fault: 'error', code: 'ExpiredTokenException', status: 400, operation: TOKEN_CALL } as const;
    aws.setFaults([{ ...expired, calls: 1 }]);
    expect((await main()).recorded.failures).toEqual([]);
    aws.setFaults([expired]);
    expect((await main()).operations).toEqual([TOKEN_CALL, TOKEN_CALL]);
  });

  it("tries three times more when AWS cannot get the issuer's keys, and no more", async () => {
    const { aws, main } = await startBoundHarness();
    const message = "Couldn't retrieve verification key from your identity provider";
    aws.setFaults([{ fault: 'error', code: 'InvalidIdentityToken', message, status: 400, operation: TOKEN_CALL }]);
    expect((await main()).operations).toHaveLength(4);
  });

  it('does not repeat what is refused for good', async () => {
    const { aws, main } = await startBoundHarness();
    for (const code of ['IDPRejectedClaim', 'MalformedPolicyDocument', 'RegionDisabledException', 'ValidationError']) {
      aws.setFaults([{ fault: 'error', code, status: 400, operation: TOKEN_CALL }]);
      expect((await main()).operations).toEqual([TOKEN_CALL]);
    }
  });

  it("leaves the workflow's tags out step by step when they are too large, and says so", async () => {
    const { main } = await startBoundHarness({ sts: { packedSize: 100 } });
    const { recorded, calls } = await main({ inputs: { ...USER, tags: 'Team=shop' } });
    expect(recorded.failures).toEqual([]);
    const sentTags = calls.filter(({ operation }) => operation === 'AssumeRole').map(({ input }) => input['Tags']);
    expect(sentTags).toHaveLength(3);
    expect(sentTags.at(-1)).toEqual([{ Key: 'Team', Value: 'shop' }]);
    expect(recorded.log.getOutput()).toContain('it goes without the tags GitHub, Repository, Workflow');
  });

  it('never leaves out tags that were asked for, and says nothing of others when that would not help', async () => {
    const { main } = await startBoundHarness({ sts: { packedSize: 60 } });
    const { recorded } = await main({ inputs: { ...USER, tags: `Team=${'x'.repeat(100)}` } });
    expect(recorded.failures[0]).toContain("shorten 'tags', 'inline-session-policy' or 'managed-session-policies'");
    expect(recorded.log.getOutput()).not.toContain('it goes without');
  });

  it('says what a role lacks that takes no tags', async () => {
    const { main } = await startBoundHarness();
    const { recorded } = await main({ inputs: { 'role-chain': 'strict' } });
    expect(recorded.failures[0]).toContain("allow sts:TagSession in the role's trust policy");
    const { recorded: without } = await main({
      inputs: { 'role-chain': 'strict', 'role-skip-session-tagging': 'true' },
    });
    expect(without.failures).toEqual([]);
  });

  it('sends transitive tags once: further on AWS adds them itself', async () => {
    const { main } = await startBoundHarness();
    const { recorded, calls } = await main({
      inputs: { 'role-chain': `second\n`, tags: 'Team=shop', 'transitive-tag-keys': 'Team' },
    });
    expect(recorded.failures).toEqual([]);
    expect(calls[1]?.input['TransitiveTagKeys']).toEqual(['Team']);
  });

  it('asks for an hour when the credentials in place turn out to be those of a role', async () => {
    const { main } = await startBoundHarness();
    const first = await main();
    const { recorded, calls } = await main({
      inputs: { 'role-chaining': 'true', 'role-to-assume': roleArn('second'), 'role-duration': '2h' },
      env: first.recorded.exported,
    });
    expect(recorded.failures).toEqual([]);
    expect(calls.map(({ input }) => input['DurationSeconds'])).toEqual([7200, 3600, undefined]);
  });

  it('finds the account of a role name from the credentials in place', async () => {
    const { main } = await startBoundHarness();
    const { calls } = await main({ inputs: { ...USER, 'role-to-assume': 'user' } });
    expect(calls.map(({ operation }) => operation)).toEqual(['GetCallerIdentity', 'AssumeRole', 'GetCallerIdentity']);
    expect(calls[1]?.input['RoleArn']).toBe(roleArn('user'));
  });

  it('works in every partition', async () => {
    const { main } = await startBoundHarness({
      partition: 'aws-us-gov',
      iam: {
        users: {
          deployer: {
            accessKeys: { AKIAUSER: 'user/secret+key' },
            policies: {
              all: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:*', Resource: '*' }] },
            },
          },
        },
        roles: {
          user: {
            trust: {
              Version: '2012-10-17',
              Statement: [
                { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: ['sts:AssumeRole', 'sts:TagSession'] },
              ],
            },
          },
        },
      },
    });
    const inputs = { ...USER, 'role-to-assume': 'user', 'account-id': ACCOUNT, 'aws-region': 'us-gov-west-1' };
    const { recorded, calls } = await main({ inputs });
    expect(recorded.failures).toEqual([]);
    expect(calls[0]?.input['RoleArn']).toBe(`arn:aws-us-gov:iam::${ACCOUNT}:role/user`);
    expect(recorded.outputs).toMatchObject({ partition: 'aws-us-gov' });
  });

  it('calls nothing that its policies do not allow', async () => {
    const { main } = await startBoundHarness();
    const inputs = { 'role-chain': 'second', 'secret-ids': '', 'allowed-account-ids': ACCOUNT };
    const { calls } = await main({ inputs });
    expect(calls.map(({ verdict }) => verdict)).toEqual(['unsigned', 'allowed', 'allowed']);
    expect(calls.filter(({ write }) => write)).toEqual([]);
  });

  it('sends no request token in clear text to another machine', async () => {
    const { main } = await startBoundHarness();
    const env = { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://tokens.example/request?api-version=2' };
    const { recorded, operations } = await main({ env });
    expect(recorded.failures[0]).toContain('http://tokens.example/request is plain http on another machine: use https');
    expect(operations).toEqual([]);
  });

  const startBoundHarness = async (overrides: ScenarioInput = {}) => {
    const { aws, runMain } = await startHarness(overrides);
    return { aws, main: runMain.bind(harness) };
  };
});

describe('credentials in place', () => {
  let harness: Harness;
  afterEach(() => harness.close());
  const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };
  const NO_ENDPOINT = { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined };

  it('are used, with a line that says so, where there is no token', async () => {
    harness = await Harness.start();
    const { recorded, operations } = await harness.runMain({
      inputs: { 'role-to-assume': roleArn('user') },
      env: { ...KEYS, ...NO_ENDPOINT },
    });
    expect(recorded.failures).toEqual([]);
    expect(recorded.log.getOutput()).toContain(
      'Starting from the credentials that are in place, since there is no OIDC token here',
    );
    expect(operations).toEqual(['AssumeRole', 'GetCallerIdentity']);
  });

  it('stay where they are when only a Region is given', async () => {
    harness = await Harness.start();
    const { recorded } = await harness.runMain({ inputs: { 'role-to-assume': '' }, env: { ...KEYS, ...NO_ENDPOINT } });
    expect(recorded.exported).toEqual({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' });
    expect(recorded.outputs).toMatchObject({ 'authenticated-arn': `arn:aws:iam::${ACCOUNT}:user/deployer` });
    expect(recorded.outputs).not.toHaveProperty('aws-expiration');
  });

  it('are checked when they are kept', async () => {
    harness = await Harness.start();
    const inputs = { 'use-existing-credentials': 'true', 'allowed-account-ids': '999988887777' };
    const { recorded } = await harness.runMain({ inputs, env: KEYS });
    expect(recorded.failures[0]).toContain(`account ${ACCOUNT}`);
    expect(recorded.exported).toEqual({});
  });

  it('are replaced when they do not work', async () => {
    harness = await Harness.start();
    const env = { ...KEYS, AWS_SECRET_ACCESS_KEY: 'wrong' };
    const { recorded, operations } = await harness.runMain({ inputs: { 'use-existing-credentials': 'true' }, env });
    expect(operations).toEqual(['GetCallerIdentity', 'AssumeRoleWithWebIdentity', 'GetCallerIdentity']);
    expect(recorded.exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
  });

  it('are not taken for broken when nobody knows', async () => {
    harness = await Harness.start();
    harness.aws.setFaults([{ fault: 'throttle', operation: 'GetCallerIdentity' }]);
    const { recorded } = await harness.runMain({
      inputs: { 'use-existing-credentials': 'true', timeout: '10s' },
      env: KEYS,
    });
    expect(recorded.failures[0]).toContain('waited 10s for the identity of the credentials');
    expect(recorded.exported).toEqual({});
  });

  it('give way to a session token of old when keys of a user follow', async () => {
    harness = await Harness.start();
    const inputs = {
      'role-to-assume': '',
      'aws-access-key-id': 'AKIAUSER',
      'aws-secret-access-key': 'user/secret+key',
    };
    const { recorded } = await harness.runMain({
      inputs,
      env: { AWS_SESSION_TOKEN: 'old', AWS_CREDENTIAL_EXPIRATION: 'old' },
    });
    expect(recorded.exported).toMatchObject({
      AWS_ACCESS_KEY_ID: 'AKIAUSER',
      AWS_SESSION_TOKEN: '',
      AWS_CREDENTIAL_EXPIRATION: '',
    });
  });
});
