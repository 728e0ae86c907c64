import { describe, expect, it } from '@jest/globals';
import { compareTrustPolicy } from '../../src/role/trust-policy.js';
import { classifySubject, convertSubject, isLike } from '../../src/token/subject.js';

const claims = {
  iss: 'https://token.actions.githubusercontent.com',
  aud: 'sts.amazonaws.com',
  sub: 'repo:octocat/my-repo:ref:refs/heads/main',
  repository_id: '456789',
  repository_owner_id: '123456',
};
const P = 'token.actions.githubusercontent.com';
const createStatement = (condition: object, provider = P) => ({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${provider}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: condition,
});
const compare = (...statements: object[]) => compareTrustPolicy({ Statement: statements }, claims);

describe('subjects', () => {
  it.each([
    ['repo:octocat/my-repo:ref:refs/heads/main', 'names'],
    ['repo:octocat@1/my-repo@2:environment:prod', 'immutable'],
    ['repo_owner:octocat:job_workflow_ref:x', 'other'],
    ['project_path:g/p:ref_type:branch:ref:main', 'other'],
  ])('%s is of the form %s', (subject, form) => {
    expect(classifySubject(subject)).toBe(form);
  });

  it('turn into each other', () => {
    const immutable = 'repo:octocat@123456/my-repo@456789:ref:refs/heads/main';
    expect(convertSubject(claims.sub, claims)).toBe(immutable);
    expect(convertSubject(immutable, claims)).toBe(claims.sub);
    expect(convertSubject(claims.sub, {})).toBeUndefined();
    expect(convertSubject('org:a', claims)).toBeUndefined();
  });

  it.each([
    ['repo:a/b:ref:refs/heads/x', 'repo:a/b:*', true],
    ['repo:a/b:pull_request', 'repo:a/?:pull_request', true],
    ['repo:A/b:x', 'repo:a/b:*', false],
    ['repoXa/b', 'repo.a/b', false],
    ['a+b', 'a+b', true],
    ['aXbXc', 'a*X?', true],
    ['aXbX', 'a*X?', false],
    ['', '**', true],
  ])('%s fits %s: %s', (value, pattern, expected) => {
    expect(isLike(value, pattern)).toBe(expected);
  });

  it('are held against patterns of many stars without end of time', () => {
    expect(isLike(`${'a'.repeat(5000)}!`, `${'*a'.repeat(30)}?b`)).toBe(false);
  });
});

describe('a trust policy', () => {
  it('without a statement for the provider says so', () => {
    expect(compare(createStatement({}, 'gitlab.com'))).toEqual({ kind: 'no-statement' });
    expect(compareTrustPolicy('no policy', claims)).toEqual({ kind: 'no-statement' });
  });

  it('wants nothing of a claim that the token lacks, where the condition allows that', () => {
    const condition = {
      StringEqualsIfExists: { [`${P}:environment`]: 'prod' },
      StringNotEquals: { [`${P}:event_name`]: 'pull_request' },
    };
    expect(compare(createStatement(condition))).toEqual({ kind: 'nothing-found' });
  });

  it('names the conditions that the token does not meet', () => {
    const condition = {
      StringEquals: { [`${P}:aud`]: 'other' },
      StringLike: { [`${P}:sub`]: ['repo:octocat/*', 'x'] },
    };
    expect(compare(createStatement(condition))).toEqual({
      kind: 'mismatches',
      mismatches: [{ claim: 'aud', operator: 'StringEquals', expected: ['other'], actual: ['sts.amazonaws.com'] }],
    });
  });

  it('is judged by the statement that comes nearest', () => {
    const far = createStatement({ StringEquals: { [`${P}:aud`]: 'a', [`${P}:sub`]: 'b' } });
    const near = createStatement({ StringEquals: { [`${P}:sub`]: 'c' } });
    expect(compare(far, near)).toMatchObject({ mismatches: [{ claim: 'sub', expected: ['c'] }] });
  });

  it('that fits shows nothing, and conditions that are not understood are left out', () => {
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
