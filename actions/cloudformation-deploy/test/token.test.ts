import { describe, expect, it } from '@jest/globals';
import { createTokens } from '../src/token.js';

const place = { account: '123456789012', region: 'eu-west-1', stackName: 'shop' };
const variables = {
  GITHUB_RUN_ID: '77',
  GITHUB_RUN_ATTEMPT: '1',
  GITHUB_REPOSITORY: 'o/r',
  GITHUB_JOB: 'deploy',
  GITHUB_ACTION: 'stack',
};

describe('tokens', () => {
  it('are what CloudFormation takes, and differ by ordinal', () => {
    const tokens = createTokens(variables, place, 'x');
    const [first, second] = [tokens.next(), tokens.next()];
    expect(first).toMatch(/^77-[0-9a-f]{12}-1-x-1$/u);
    expect(second).toMatch(/-1-x-2$/u);
    expect(first).toMatch(/^[a-zA-Z0-9][-a-zA-Z0-9]*$/u);
  });

  it.each([
    ['job', { ...variables, GITHUB_JOB: 'other' }, place],
    ['step', { ...variables, GITHUB_ACTION: 'other' }, place],
    ['repository', { ...variables, GITHUB_REPOSITORY: 'o/other' }, place],
    ['stack', variables, { ...place, stackName: 'other' }],
    ['Region', variables, { ...place, region: 'eu-west-2' }],
    ['account', variables, { ...place, account: '210987654321' }],
    ['run', { ...variables, GITHUB_RUN_ID: '78' }, place],
  ])('of another %s are not own', (_, others, otherPlace) => {
    const token = createTokens(others, otherPlace, 'x').next();
    expect(createTokens(variables, place, 'x').isOwn(token)).toBe(false);
  });

  it('of two runs under act, which numbers every run 1, differ', () => {
    const underAct = { ...variables, GITHUB_RUN_ID: '1', ACT: 'true' };
    const token = createTokens(underAct, place, 'first').next();
    expect(createTokens(underAct, place, 'second').isOwn(token)).toBe(false);
  });

  it('of two processes differ, although the host names their steps alike', () => {
    const [one, other] = ['x', 'y'].map((instance) => createTokens(variables, place, instance).next());
    expect(one).not.toBe(other);
  });

  it('of an earlier attempt are own', () => {
    const token = createTokens(variables, place, 'x').next();
    expect(createTokens({ ...variables, GITHUB_RUN_ATTEMPT: '2' }, place, 'x').isOwn(token)).toBe(true);
    expect(createTokens(variables, place, 'x').isOwn(undefined)).toBe(false);
  });

  it('without a run id are nobody else’s', () => {
    const token = createTokens({}, place, '1700000000000').next();
    expect(createTokens({}, place, '1700000000001').isOwn(token)).toBe(false);
  });
});
