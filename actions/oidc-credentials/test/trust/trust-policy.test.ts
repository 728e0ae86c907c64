import { describe, expect, it } from '@jest/globals';
import { compareTrustPolicy } from '../../src/trust/trust-policy.js';

const claims = {
  iss: 'https://token.actions.githubusercontent.com',
  aud: 'sts.amazonaws.com',
  sub: 'repo:octocat/my-repo:ref:refs/heads/main',
};
const P = 'token.actions.githubusercontent.com';
const createStatement = (condition: object, provider = P) => ({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${provider}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: condition,
});
const compare = (...statements: object[]) => compareTrustPolicy({ Statement: statements }, claims);

describe('a trust policy', () => {
  it('without a statement for the provider has the kind no-statement', () => {
    expect(compare(createStatement({}, 'gitlab.com'))).toEqual({ kind: 'no-statement' });
    expect(compareTrustPolicy('no policy', claims)).toEqual({ kind: 'no-statement' });
  });

  it('ignores missing claims in IfExists and negated conditions', () => {
    const condition = {
      StringEqualsIfExists: { [`${P}:environment`]: 'prod' },
      StringNotEquals: { [`${P}:event_name`]: 'pull_request' },
    };
    expect(compare(createStatement(condition))).toEqual({ kind: 'nothing-found' });
  });

  it('is compared condition by condition', () => {
    const condition = {
      StringEquals: { [`${P}:aud`]: 'other' },
      StringLike: { [`${P}:sub`]: ['repo:octocat/*', 'x'] },
    };
    expect(compare(createStatement(condition))).toEqual({
      kind: 'mismatches',
      mismatches: [{ claim: 'aud', operator: 'StringEquals', expected: ['other'], actual: ['sts.amazonaws.com'] }],
    });
  });

  it('is compared by its closest statement', () => {
    const far = createStatement({ StringEquals: { [`${P}:aud`]: 'a', [`${P}:sub`]: 'b' } });
    const near = createStatement({ StringEquals: { [`${P}:sub`]: 'c' } });
    const mismatches = [expect.objectContaining({ claim: 'sub', expected: ['c'] })];
    expect(compare(far, near)).toEqual({ kind: 'mismatches', mismatches });
    expect(compare(near, far)).toEqual({ kind: 'mismatches', mismatches });
  });

  it('matches by one statement, regardless of the others', () => {
    const other = createStatement({ StringEquals: { [`${P}:sub`]: 'other' } });
    const matching = createStatement({ StringEquals: { [`${P}:sub`]: claims.sub } });
    expect(compare(other, matching)).toEqual({ kind: 'nothing-found' });
  });

  it('ignores statements that deny', () => {
    const deny = { ...createStatement({}), Effect: 'Deny' };
    const other = createStatement({ StringEquals: { [`${P}:sub`]: 'other' } });
    expect(compare(deny)).toEqual({ kind: 'no-statement' });
    expect(compare(deny, other)).toMatchObject({ kind: 'mismatches', mismatches: [{ claim: 'sub' }] });
  });

  it.each(['sts:*', 'sts:AssumeRole*', '*'])('matches actions by pattern: %s', (action) => {
    expect(compare({ ...createStatement({}), Action: action })).toEqual({ kind: 'nothing-found' });
  });

  it.each([['sts:AssumeRole'], [['sts:AssumeRole', 'sts:TagSession']]])(
    'ignores statements for other actions: %j',
    (action) => {
      expect(compare({ ...createStatement({}), Action: action })).toEqual({ kind: 'no-statement' });
    },
  );

  it('ignores condition keys of other providers', () => {
    const condition = { StringEquals: { 'aws:RequestTag/sub': 'x', 'gitlab.example:sub': 'other' } };
    expect(compare(createStatement(condition))).toEqual({ kind: 'nothing-found' });
  });

  it('shows nothing when it matches, and ignores unknown operators', () => {
    const condition = { 'ForAnyValue:StringLike': { [`${P}:sub`]: 'repo:*' }, IpAddress: { [`${P}:sub`]: '1' } };
    expect(compare(createStatement(condition))).toEqual({ kind: 'nothing-found' });
    expect(compare(createStatement({ StringNotLike: { [`${P}:sub`]: '*:pull_request' } }))).toEqual({
      kind: 'nothing-found',
    });
    expect(compare(createStatement({ StringNotLike: { [`${P}:sub`]: ['a', 'repo:*'] } }))).toMatchObject({
      kind: 'mismatches',
    });
    expect(compare(createStatement({ StringEquals: { [`${P}:environment`]: 'prod' } }))).toMatchObject({
      mismatches: [{ claim: 'environment', actual: [] }],
    });
  });
});
