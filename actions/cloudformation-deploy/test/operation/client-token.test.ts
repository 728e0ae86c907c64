import { describe, expect, it } from '@jest/globals';
import { createClientTokens } from '../../src/operation/client-token.js';

const stackIdentity = { account: '123456789012', region: 'eu-west-1', stackName: 'shop' };
const env = {
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_REPOSITORY: 'o/r',
  GITHUB_JOB: 'deploy',
  GITHUB_ACTION: 'stack',
};

describe('createClientTokens', () => {
  it('creates valid tokens that differ by ordinal', () => {
    const tokens = createClientTokens(env, stackIdentity, 'x');
    const [first, second] = [tokens.create(), tokens.create()];
    expect(first).toMatch(/^77-[0-9a-f]{12}-1-x-1$/u);
    expect(second).toMatch(/-1-x-2$/u);
    expect(first).toMatch(/^[a-zA-Z0-9][-a-zA-Z0-9]*$/u);
  });

  it.each([
    ['job', { ...env, GITHUB_JOB: 'other' }, stackIdentity],
    ['step', { ...env, GITHUB_ACTION: 'other' }, stackIdentity],
    ['repository', { ...env, GITHUB_REPOSITORY: 'o/other' }, stackIdentity],
    ['stack', env, { ...stackIdentity, stackName: 'other' }],
    ['Region', env, { ...stackIdentity, region: 'eu-west-2' }],
    ['account', env, { ...stackIdentity, account: '210987654321' }],
    ['run', { ...env, GITHUB_RUN_ID: '78' }, stackIdentity],
  ])('does not recognise tokens of another %s', (_, others, otherIdentity) => {
    const token = createClientTokens(others, otherIdentity, 'x').create();
    expect(createClientTokens(env, stackIdentity, 'x').isOwn(token)).toBe(false);
  });

  it('creates different tokens for two runs under act, which numbers every run 1', () => {
    const underAct = { ...env, GITHUB_RUN_ID: '1', ACT: 'true' };
    const token = createClientTokens(underAct, stackIdentity, 'first').create();
    expect(createClientTokens(underAct, stackIdentity, 'second').isOwn(token)).toBe(false);
  });

  it('creates different tokens for two processes with the same step identity', () => {
    const [firstToken, secondToken] = ['x', 'y'].map((instance) =>
      createClientTokens(env, stackIdentity, instance).create(),
    );
    expect(firstToken).not.toBe(secondToken);
  });

  it('recognises tokens of an earlier attempt', () => {
    const token = createClientTokens(env, stackIdentity, 'x').create();
    expect(createClientTokens({ ...env, GITHUB_RUN_ATTEMPT: '2' }, stackIdentity, 'x').isOwn(token)).toBe(true);
    expect(createClientTokens(env, stackIdentity, 'x').isOwn(undefined)).toBe(false);
  });

  it('does not recognise tokens of another process without a run id', () => {
    const token = createClientTokens({}, stackIdentity, '1700000000000').create();
    expect(createClientTokens({}, stackIdentity, '1700000000001').isOwn(token)).toBe(false);
  });
});
