import type { ScenarioInput } from '@aws-delivery/local-aws/scenario';
import { afterEach, describe, expect, it } from '@jest/globals';
import { ACCOUNT, Harness, roleArn } from '../harness.js';

const TOKEN_CALL = 'AssumeRoleWithWebIdentity';
const USER = {
  'aws-access-key-id': 'AKIAUSER',
  'aws-secret-access-key': 'user/secret+key',
  'role-to-assume': roleArn('user'),
};

describe('a role chain', () => {
  let harness: Harness;
  const start = async (overrides: ScenarioInput = {}) => {
    harness = await Harness.start(overrides);
    return { aws: harness.aws, runMain: harness.runMain.bind(harness) };
  };
  afterEach(() => harness.close());

  it('uses a new token for every attempt', async () => {
    const { aws, runMain } = await start();
    aws.setFaults([
      { fault: 'throttle', operation: TOKEN_CALL, calls: 1 },
      { fault: 'error', operation: TOKEN_CALL, calls: 2 },
      { fault: 'error', code: 'ServiceUnavailable', status: 503, operation: TOKEN_CALL, calls: 3 },
    ]);
    const { recorded, calls } = await runMain();
    expect(recorded.failures).toEqual([]);
    const tokens = calls.flatMap(({ input }) => input['WebIdentityToken'] ?? []);
    expect(tokens).toHaveLength(4);
    expect(new Set(tokens).size).toBe(4);
    expect(recorded.log.getOutput()).toContain('Attempt 1 failed, retrying: ');
  });

  it('retries once with a new token after an expired one', async () => {
    const { aws, runMain } = await start();
    const expired = { fault: 'error', code: 'ExpiredTokenException', status: 400, operation: TOKEN_CALL } as const;
    aws.setFaults([{ ...expired, calls: 1 }]);
    expect((await runMain()).recorded.failures).toEqual([]);
    aws.setFaults([expired]);
    expect((await runMain()).operations).toEqual([TOKEN_CALL, TOKEN_CALL]);
  });

  it("retries three times when AWS cannot retrieve the issuer's keys", async () => {
    const { aws, runMain } = await start();
    const message = "Couldn't retrieve verification key from your identity provider";
    aws.setFaults([{ fault: 'error', code: 'InvalidIdentityToken', message, status: 400, operation: TOKEN_CALL }]);
    expect((await runMain()).operations).toHaveLength(4);
  });

  it('does not retry permanent errors', async () => {
    const { aws, runMain } = await start();
    for (const code of ['IDPRejectedClaim', 'MalformedPolicyDocument', 'RegionDisabledException', 'ValidationError']) {
      aws.setFaults([{ fault: 'error', code, status: 400, operation: TOKEN_CALL }]);
      expect((await runMain()).operations).toEqual([TOKEN_CALL]);
    }
  });

  it("drops the workflow's tags group by group when the session is too large, with a warning", async () => {
    const { runMain } = await start({ sts: { packedSize: 100 } });
    const { recorded, calls } = await runMain({ inputs: { ...USER, tags: 'Team=shop' } });
    expect(recorded.failures).toEqual([]);
    const sentTags = calls.filter(({ operation }) => operation === 'AssumeRole').map(({ input }) => input['Tags']);
    expect(sentTags).toHaveLength(3);
    expect(sentTags.at(-1)).toEqual([{ Key: 'Team', Value: 'shop' }]);
    expect(recorded.log.getOutput()).toContain('dropped GitHub, Repository, Workflow');
  });

  it('keeps custom tags and logs no dropped tags when dropping does not help', async () => {
    const { runMain } = await start({ sts: { packedSize: 60 } });
    const { recorded } = await runMain({ inputs: { ...USER, tags: `Team=${'x'.repeat(100)}` } });
    expect(recorded.failures[0]).toContain("shorten 'tags', 'inline-session-policy' or 'managed-session-policies'");
    expect(recorded.log.getOutput()).not.toContain('it goes without');
  });

  it('names the missing permission of a role that rejects session tags', async () => {
    const { runMain } = await start();
    const { recorded } = await runMain({ inputs: { 'role-chain': 'strict' } });
    expect(recorded.failures[0]).toContain("allow sts:TagSession in the role's trust policy");
    const { recorded: without } = await runMain({
      inputs: { 'role-chain': 'strict', 'role-skip-session-tagging': 'true' },
    });
    expect(without.failures).toEqual([]);
  });

  it('sends transitive tags to the first role only', async () => {
    const { runMain } = await start();
    const { recorded, calls } = await runMain({
      inputs: { 'role-chain': `second\n`, tags: 'Team=shop', 'transitive-tag-keys': 'Team' },
    });
    expect(recorded.failures).toEqual([]);
    expect(calls[1]?.input['TransitiveTagKeys']).toEqual(['Team']);
  });

  it('retries with one hour when the default credentials are those of a role', async () => {
    const { runMain } = await start();
    const first = await runMain();
    const { recorded, calls } = await runMain({
      inputs: { 'role-chaining': 'true', 'role-to-assume': roleArn('second'), 'role-duration': '2h' },
      env: first.recorded.exported,
    });
    expect(recorded.failures).toEqual([]);
    expect(calls.map(({ input }) => input['DurationSeconds'])).toEqual([7200, 3600, undefined]);
  });

  it('finds the account of a role name by GetCallerIdentity', async () => {
    const { runMain } = await start();
    const { calls } = await runMain({ inputs: { ...USER, 'role-to-assume': 'user' } });
    expect(calls.map(({ operation }) => operation)).toEqual(['GetCallerIdentity', 'AssumeRole', 'GetCallerIdentity']);
    expect(calls[1]?.input['RoleArn']).toBe(roleArn('user'));
  });

  it('works in every partition', async () => {
    const { runMain } = await start({
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
    const { recorded, calls } = await runMain({ inputs });
    expect(recorded.failures).toEqual([]);
    expect(calls[0]?.input['RoleArn']).toBe(`arn:aws-us-gov:iam::${ACCOUNT}:role/user`);
    expect(recorded.outputs).toMatchObject({ partition: 'aws-us-gov' });
  });

  it('makes only calls that its IAM policy allows', async () => {
    const { runMain } = await start();
    const inputs = { 'role-chain': 'second', 'secret-ids': '', 'allowed-account-ids': ACCOUNT };
    const { calls } = await runMain({ inputs });
    expect(calls.map(({ verdict }) => verdict)).toEqual(['unsigned', 'allowed', 'allowed']);
    expect(calls.filter(({ write }) => write)).toEqual([]);
  });

  it('rejects a token endpoint with plain http on another machine', async () => {
    const { runMain } = await start();
    const env = { ACTIONS_ID_TOKEN_REQUEST_URL: 'http://tokens.example/request?api-version=2' };
    const { recorded, operations } = await runMain({ env });
    expect(recorded.failures[0]).toContain(
      'http://tokens.example/request uses plain http to another machine: use https',
    );
    expect(operations).toEqual([]);
  });
});
