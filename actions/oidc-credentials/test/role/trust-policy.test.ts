import { describe, expect, it } from '@jest/globals';
import { compareTrustPolicy } from '../../src/role/trust-policy.js';

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
    expect(compare(far, near)).toMatchObject({ mismatches: [{ claim: 'sub', expected: ['c'] }] });
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
