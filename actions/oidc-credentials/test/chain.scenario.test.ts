import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT, role, Stage } from './stage.js';

const TOKEN_CALL = 'AssumeRoleWithWebIdentity';
const USER = {
  'aws-access-key-id': 'AKIAUSER',
  'aws-secret-access-key': 'user/secret+key',
  'role-to-assume': role('user'),
};

describe('the way into roles', () => {
  let stage: Stage;
  const open = async (changes: ScenarioInput = {}): Promise<Stage> => {
    stage = await Stage.open(changes);
    return stage;
  };
  afterEach(() => stage.close());

  it('takes a fresh token for every attempt', async () => {
    const { aws, main } = await opened();
    aws.setFaults([
      { fault: 'throttle', operation: TOKEN_CALL, calls: 1 },
      { fault: 'error', operation: TOKEN_CALL, calls: 2 },
      { fault: 'error', code: 'ServiceUnavailable', status: 503, operation: TOKEN_CALL, calls: 3 },
    ]);
    const { memory, calls } = await main();
    expect(memory.failures).toEqual([]);
    const tokens = calls.flatMap(({ input }) => input['WebIdentityToken'] ?? []);
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens).size).toBe(4);
    expect(memory.log.text()).toContain('Attempt 1 failed, another follows: ');
  });

  it('gets a new token once when AWS finds the first one expired', async () => {
    const { aws, main } = await opened();
    const expired = { fault: 'error', code: 'ExpiredTokenException', status: 400, operation: TOKEN_CALL } as const;
    aws.setFaults([{ ...expired, calls: 1 }]);
    expect((await main()).memory.failures).toEqual([]);
    aws.setFaults([expired]);
    expect((await main()).operations).toEqual([TOKEN_CALL, TOKEN_CALL]);
  });

  it("tries three times more when AWS cannot get the issuer's keys, and no more", async () => {
    const { aws, main } = await opened();
    const message = "Couldn't retrieve verification key from your identity provider";
    aws.setFaults([{ fault: 'error', code: 'InvalidIdentityToken', message, status: 400, operation: TOKEN_CALL }]);
    expect((await main()).operations).toHaveLength(4);
  });

  it('does not repeat what is refused for good', async () => {
    const { aws, main } = await opened();
    for (const code of ['IDPRejectedClaim', 'MalformedPolicyDocument', 'RegionDisabledException', 'ValidationError']) {
      aws.setFaults([{ fault: 'error', code, status: 400, operation: TOKEN_CALL }]);
      expect((await main()).operations).toEqual([TOKEN_CALL]);
    }
  });

  it("leaves the workflow's tags out step by step when they are too large, and says so", async () => {
    const { main } = await opened({ sts: { packedSize: 100 } });
    const { memory, calls } = await main({ inputs: { ...USER, tags: 'Team=shop' } });
    expect(memory.failures).toEqual([]);
    const sent = calls.filter(({ operation }) => operation === 'AssumeRole').map(({ input }) => input['Tags']);
    expect(sent).toHaveLength(3);
    expect(sent.at(-1)).toEqual([{ Key: 'Team', Value: 'shop' }]);
    expect(memory.log.text()).toContain('it goes without the tags GitHub, Repository, Workflow');
  });

  it('never leaves out tags that were asked for, and says nothing of others when that would not help', async () => {
    const { main } = await opened({ sts: { packedSize: 60 } });
    const { memory } = await main({ inputs: { ...USER, tags: `Team=${'x'.repeat(100)}` } });
    expect(memory.failures[0]).toContain("shorten 'tags', 'inline-session-policy' or 'managed-session-policies'");
    expect(memory.log.text()).not.toContain('it goes without');
  });

  it('says what a role lacks that takes no tags', async () => {
    const { main } = await opened();
    const { memory } = await main({ inputs: { 'role-chain': 'strict' } });
    expect(memory.failures[0]).toContain("allow sts:TagSession in the role's trust policy");
    const { memory: without } = await main({ inputs: { 'role-chain': 'strict', 'role-skip-session-tagging': 'true' } });
    expect(without.failures).toEqual([]);
  });

  it('sends transitive tags once: further on AWS adds them itself', async () => {
    const { main } = await opened();
    const { memory, calls } = await main({
      inputs: { 'role-chain': `second\n`, tags: 'Team=shop', 'transitive-tag-keys': 'Team' },
    });
    expect(memory.failures).toEqual([]);
    expect(calls[1]?.input['TransitiveTagKeys']).toEqual(['Team']);
  });

  it('asks for an hour when the credentials in place turn out to be those of a role', async () => {
    const { main } = await opened();
    const first = await main();
    const { memory, calls } = await main({
      inputs: { 'role-chaining': 'true', 'role-to-assume': role('second'), 'role-duration': '2h' },
      variables: first.memory.exported,
    });
    expect(memory.failures).toEqual([]);
    expect(calls.map(({ input }) => input['DurationSeconds'])).toEqual([7200, 3600, undefined]);
  });

  it('finds the account of a role name from the credentials in place', async () => {
    const { main } = await opened();
    const { calls } = await main({ inputs: { ...USER, 'role-to-assume': 'user' } });
    expect(calls.map(({ operation }) => operation)).toEqual(['GetCallerIdentity', 'AssumeRole', 'GetCallerIdentity']);
    expect(calls[1]?.input['RoleArn']).toBe(role('user'));
  });

  it('works in every partition', async () => {
    const { main } = await opened({
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
    const { memory, calls } = await main({ inputs });
    expect(memory.failures).toEqual([]);
    expect(calls[0]?.input['RoleArn']).toBe(`arn:aws-us-gov:iam::${ACCOUNT}:role/user`);
    expect(memory.outputs).toMatchObject({ partition: 'aws-us-gov' });
  });

  it('calls nothing that its policies do not allow', async () => {
    const { main } = await opened();
    const inputs = { 'role-chain': 'second', 'secret-ids': '', 'allowed-account-ids': ACCOUNT };
    const { calls } = await main({ inputs });
    expect(calls.map(({ verdict }) => verdict)).toEqual(['unsigned', 'allowed', 'allowed']);
    expect(calls.filter(({ write }) => write)).toEqual([]);
  });

  it('sends no request token in clear text to another machine', async () => {
    const { main } = await opened();
    const variables = { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://tokens.example/request?api-version=2' };
    const { memory, operations } = await main({ variables });
    expect(memory.failures[0]).toContain('http://tokens.example/request is plain http on another machine: use https');
    expect(operations).toEqual([]);
  });

  const opened = async (changes: ScenarioInput = {}) => {
    const { aws, main } = await open(changes);
    return { aws, main: main.bind(stage) };
  };
});

describe('credentials in place', () => {
  let stage: Stage;
  afterEach(() => stage.close());
  const KEYS = { AWS_ACCESS_KEY_ID: 'AKIAUSER', AWS_SECRET_ACCESS_KEY: 'user/secret+key' };
  const NO_ENDPOINT = { ACTIONS_ID_TOKEN_REQUEST_URL: undefined, ACTIONS_ID_TOKEN_REQUEST_TOKEN: undefined };

  it('are used, with a line that says so, where there is no token', async () => {
    stage = await Stage.open();
    const { memory, operations } = await stage.main({
      inputs: { 'role-to-assume': role('user') },
      variables: { ...KEYS, ...NO_ENDPOINT },
    });
    expect(memory.failures).toEqual([]);
    expect(memory.log.text()).toContain(
      'Starting from the credentials that are in place, since there is no OIDC token here',
    );
    expect(operations).toEqual(['AssumeRole', 'GetCallerIdentity']);
  });

  it('stay where they are when only a Region is given', async () => {
    stage = await Stage.open();
    const { memory } = await stage.main({ inputs: { 'role-to-assume': '' }, variables: { ...KEYS, ...NO_ENDPOINT } });
    expect(memory.exported).toEqual({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' });
    expect(memory.outputs).toMatchObject({ 'authenticated-arn': `arn:aws:iam::${ACCOUNT}:user/deployer` });
    expect(memory.outputs).not.toHaveProperty('aws-expiration');
  });

  it('are checked when they are kept', async () => {
    stage = await Stage.open();
    const inputs = { 'use-existing-credentials': 'true', 'allowed-account-ids': '999988887777' };
    const { memory } = await stage.main({ inputs, variables: KEYS });
    expect(memory.failures[0]).toContain(`account ${ACCOUNT}`);
    expect(memory.exported).toEqual({});
  });

  it('are replaced when they do not work', async () => {
    stage = await Stage.open();
    const variables = { ...KEYS, AWS_SECRET_ACCESS_KEY: 'wrong' };
    const { memory, operations } = await stage.main({ inputs: { 'use-existing-credentials': 'true' }, variables });
    expect(operations).toEqual(['GetCallerIdentity', 'AssumeRoleWithWebIdentity', 'GetCallerIdentity']);
    expect(memory.exported['AWS_ACCESS_KEY_ID']).toMatch(/^ASIA/);
  });

  it('are not taken for broken when nobody knows', async () => {
    stage = await Stage.open();
    stage.aws.setFaults([{ fault: 'throttle', operation: 'GetCallerIdentity' }]);
    const { memory } = await stage.main({
      inputs: { 'use-existing-credentials': 'true', timeout: '10s' },
      variables: KEYS,
    });
    expect(memory.failures[0]).toContain('waited 10s for the identity of the credentials');
    expect(memory.exported).toEqual({});
  });

  it('give way to a session token of old when keys of a user follow', async () => {
    stage = await Stage.open();
    const inputs = {
      'role-to-assume': '',
      'aws-access-key-id': 'AKIAUSER',
      'aws-secret-access-key': 'user/secret+key',
    };
    const { memory } = await stage.main({
      inputs,
      variables: { AWS_SESSION_TOKEN: 'old', AWS_CREDENTIAL_EXPIRATION: 'old' },
    });
    expect(memory.exported).toMatchObject({
      AWS_ACCESS_KEY_ID: 'AKIAUSER',
      AWS_SESSION_TOKEN: '',
      AWS_CREDENTIAL_EXPIRATION: '',
    });
  });
});
