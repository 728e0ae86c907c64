import { describe, expect, it } from '@jest/globals';
import { isLike, otherForm, subjectForm } from '../src/subject.js';
import { examineTrust } from '../src/trust-policy.js';

const claims = {
  iss: 'https://token.actions.githubusercontent.com',
  aud: 'sts.amazonaws.com',
  sub: 'repo:octocat/my-repo:ref:refs/heads/main',
  repository_id: '456789',
  repository_owner_id: '123456',
};
const P = 'token.actions.githubusercontent.com';
const statement = (condition: object, provider = P) => ({
  Effect: 'Allow',
  Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${provider}` },
  Action: 'sts:AssumeRoleWithWebIdentity',
  Condition: condition,
});
const examine = (...statements: object[]) => examineTrust({ Statement: statements }, claims);

describe('subjects', () => {
  it.each([
    ['repo:octocat/my-repo:ref:refs/heads/main', 'names'],
    ['repo:octocat@1/my-repo@2:environment:prod', 'immutable'],
    ['repo_owner:octocat:job_workflow_ref:x', 'other'],
    ['project_path:g/p:ref_type:branch:ref:main', 'other'],
  ])('%s is of the form %s', (subject, form) => {
    expect(subjectForm(subject)).toBe(form);
  });

  it('turn into each other', () => {
    const immutable = 'repo:octocat@123456/my-repo@456789:ref:refs/heads/main';
    expect(otherForm(claims.sub, claims)).toBe(immutable);
    expect(otherForm(immutable, claims)).toBe(claims.sub);
    expect(otherForm(claims.sub, {})).toBeUndefined();
    expect(otherForm('org:a', claims)).toBeUndefined();
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
  ])('%s fits %s: %s', (value, pattern, fits) => {
    expect(isLike(value, pattern)).toBe(fits);
  });

  it('are held against patterns of many stars without end of time', () => {
    expect(isLike(`${'a'.repeat(5000)}!`, `${'*a'.repeat(30)}?b`)).toBe(false);
  });
});

describe('a trust policy', () => {
  it('without a statement for the provider says so', () => {
    expect(examine(statement({}, 'gitlab.com'))).toEqual({ kind: 'no-statement' });
    expect(examineTrust('no policy', claims)).toEqual({ kind: 'no-statement' });
  });

  it('wants nothing of a claim that the token lacks, where the condition allows that', () => {
    const condition = {
      StringEqualsIfExists: { [`${P}:environment`]: 'prod' },
      StringNotEquals: { [`${P}:event_name`]: 'pull_request' },
    };
    expect(examine(statement(condition))).toEqual({ kind: 'nothing-found' });
  });

  it('names the conditions that the token does not meet', () => {
    const condition = {
      StringEquals: { [`${P}:aud`]: 'other' },
      StringLike: { [`${P}:sub`]: ['repo:octocat/*', 'x'] },
    };
    expect(examine(statement(condition))).toEqual({
      kind: 'mismatches',
      mismatches: [{ claim: 'aud', operator: 'StringEquals', expected: ['other'], actual: ['sts.amazonaws.com'] }],
    });
  });

  it('is judged by the statement that comes nearest', () => {
    const far = statement({ StringEquals: { [`${P}:aud`]: 'a', [`${P}:sub`]: 'b' } });
    const near = statement({ StringEquals: { [`${P}:sub`]: 'c' } });
    expect(examine(far, near)).toMatchObject({ mismatches: [{ claim: 'sub', expected: ['c'] }] });
  });

  it('that fits shows nothing, and conditions that are not understood are left out', () => {
    const condition = { 'ForAnyValue:StringLike': { [`${P}:sub`]: 'repo:*' }, IpAddress: { [`${P}:sub`]: '1' } };
    expect(examine(statement(condition))).toEqual({ kind: 'nothing-found' });
    expect(examine(statement({ StringNotLike: { [`${P}:sub`]: '*:pull_request' } }))).toEqual({
      kind: 'nothing-found',
    });
    expect(examine(statement({ StringNotLike: { [`${P}:sub`]: ['a', 'repo:*'] } }))).toMatchObject({
      kind: 'mismatches',
    });
    expect(examine(statement({ StringEquals: { [`${P}:environment`]: 'prod' } }))).toMatchObject({
      mismatches: [{ claim: 'environment', actual: [] }],
    });
  });
});
