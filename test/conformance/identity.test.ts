import { DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { ListBucketsCommand } from '@aws-sdk/client-s3';
import {
  AssumeRoleCommand,
  type AssumeRoleCommandInput,
  AssumeRoleWithWebIdentityCommand,
  GetCallerIdentityCommand,
} from '@aws-sdk/client-sts';
import { expect, it } from '@jest/globals';
import { ACCOUNT, Account, readOutcome } from './account.js';
import { describeOnEmulators } from './reference-emulator.js';

const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

describeOnEmulators({ title: 'identity', auth: true }, (suite) => {
  const assume = async (more: Partial<AssumeRoleCommandInput> = {}) => {
    const user = new Account(suite.emulator.url, await suite.emulator.getUserKeys());
    try {
      const input = { RoleArn: roleArn('deploy'), RoleSessionName: 'run-1', ...more };
      return await user.sts.send(new AssumeRoleCommand(input));
    } finally {
      user.destroy();
    }
  };
  const openSession = async (name = 'deploy') => {
    const { Credentials } = await assume({ RoleArn: roleArn(name) });
    return new Account(suite.emulator.url, {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    });
  };
  const readCallerIdentity = async (account: Account) => {
    const { Account: number, Arn, UserId } = await account.sts.send(new GetCallerIdentityCommand({}));
    return { number, Arn, UserId };
  };

  it('root is identified by the account, and cannot assume a role', async () => {
    const { account } = suite.emulator;
    const Arn = `arn:aws:iam::${ACCOUNT}:root`;
    await expect(readCallerIdentity(account)).resolves.toEqual({ number: ACCOUNT, Arn, UserId: ACCOUNT });
    const input = { RoleArn: roleArn('deploy'), RoleSessionName: 'run-1' };
    await expect(readOutcome(account.sts.send(new AssumeRoleCommand(input)))).resolves.toMatch(/^AccessDenied: /);
  });

  it('a user is identified by its access keys', async () => {
    const user = new Account(suite.emulator.url, await suite.emulator.getUserKeys());
    await expect(readCallerIdentity(user)).resolves.toEqual({
      number: ACCOUNT,
      Arn: `arn:aws:iam::${ACCOUNT}:user/engineer`,
      UserId: expect.stringMatching(/^AIDA[A-Z0-9]{17}$/),
    });
    user.destroy();
  });

  it('a role session has a name, an id and an expiration', async () => {
    const before = Date.now();
    const { AssumedRoleUser, Credentials } = await assume({ DurationSeconds: 900 });
    expect(AssumedRoleUser?.Arn).toBe(`arn:aws:sts::${ACCOUNT}:assumed-role/deploy/run-1`);
    expect(AssumedRoleUser?.AssumedRoleId).toMatch(/^AROA[A-Z0-9]{17}:run-1$/);
    expect(Credentials?.AccessKeyId).toMatch(/^ASIA[A-Z0-9]{16}$/);
    const seconds = ((Credentials?.Expiration?.getTime() ?? 0) - before) / 1000;
    expect(Math.abs(seconds - 900)).toBeLessThan(30);
  });

  it('a role session is identified by its credentials', async () => {
    const roleSession = await openSession();
    await expect(readCallerIdentity(roleSession)).resolves.toEqual({
      number: ACCOUNT,
      Arn: `arn:aws:sts::${ACCOUNT}:assumed-role/deploy/run-1`,
      UserId: expect.stringMatching(/^AROA[A-Z0-9]{17}:run-1$/),
    });
    roleSession.destroy();
  });

  it.each(['foreign', 'missing'])('a %s role cannot be assumed', async (name) => {
    const user = `User: arn:aws:iam::${ACCOUNT}:user/engineer`;
    const principal =
      name === 'foreign' ? user : suite.differing('missing-role', { 'local AWS': user, MiniStack: 'User:' });
    await expect(readOutcome(assume({ RoleArn: roleArn(name) }))).resolves.toBe(
      `AccessDenied: ${principal} is not authorized to perform: sts:AssumeRole on resource: ${roleArn(name)}`,
    );
  });

  it('a session may do what its role allows; other calls are denied by name', async () => {
    const limited = await openSession('limited');
    await expect(readOutcome(limited.s3.send(new ListBucketsCommand({})))).resolves.toBe('accepted');
    const described = limited.cloudformation.send(new DescribeStacksCommand({ StackName: 'shop' }));
    const resource = suite.differing('denied-resource', {
      'local AWS': ` on resource: arn:aws:cloudformation:eu-west-1:${ACCOUNT}:stack/shop/*`,
      MiniStack: '',
    });
    await expect(readOutcome(described)).resolves.toBe(
      `AccessDenied: User: arn:aws:sts::${ACCOUNT}:assumed-role/limited/run-1 is not authorized to perform: ` +
        `cloudformation:DescribeStacks${resource} because no identity-based policy allows the ` +
        'cloudformation:DescribeStacks action',
    );
    limited.destroy();
  });

  it.each([
    ['a wrong secret', { secretAccessKey: 'guessed' }, /^SignatureDoesNotMatch: /],
    ['an unknown key', { accessKeyId: 'AKIAIOSFODNN7UNKNOWN' }, /^InvalidClientTokenId: /],
  ])('%s has its own error code', async (_, wrong, errorPattern) => {
    const unauthenticated = new Account(suite.emulator.url, { ...(await suite.emulator.getUserKeys()), ...wrong });
    await expect(readOutcome(readCallerIdentity(unauthenticated))).resolves.toMatch(errorPattern);
    unauthenticated.destroy();
  });

  it.each([
    ['a session name with a space', { RoleSessionName: 'run 1' }],
    ['a duration of less than 15 minutes', { DurationSeconds: 600 }],
    ['a duration of more than 12 hours', { DurationSeconds: 50_000 }],
  ])('%s is rejected', async (_, input) => {
    await expect(readOutcome(assume(input))).resolves.toMatch(
      suite.differing('session-limits', {
        'local AWS': /^ValidationError: 1 validation error detected: /,
        MiniStack: /^accepted$/,
      }),
    );
  });

  it('a malformed token is rejected', async () => {
    const input = { RoleArn: roleArn('deploy'), RoleSessionName: 'run-1', WebIdentityToken: 'none-at-all' };
    const assumed = suite.emulator.account.sts.send(new AssumeRoleWithWebIdentityCommand(input));
    await expect(readOutcome(assumed)).resolves.toMatch(
      suite.differing('malformed-token', {
        'local AWS': /^InvalidIdentityTokenException: /,
        MiniStack: /^AccessDenied: /,
      }),
    );
  });
});
