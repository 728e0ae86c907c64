import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { describe, expect, it } from '@jest/globals';
import type { Claims } from '../../src/token/claims.js';
import { diagnose, type TrustDiagnosis } from '../../src/trust/trust-diagnosis.js';

const P = 'token.actions.githubusercontent.com';
const mainClaims = {
  iss: `https://${P}`,
  aud: 'sts.amazonaws.com',
  sub: 'repo:octocat/my-repo:ref:refs/heads/main',
  ref: 'refs/heads/main',
  repository_id: '2',
  repository_owner_id: '1',
};
const immutableClaims = { ...mainClaims, sub: 'repo:octocat@1/my-repo@2:ref:refs/heads/main' };
const stageClaims = { ...mainClaims, sub: 'repo:octocat/my-repo:environment:stage', environment: 'stage' };

const createPolicy = (condition: object) => ({
  Statement: {
    Effect: 'Allow',
    Principal: { Federated: `arn:aws:iam::111122223333:oidc-provider/${P}` },
    Action: 'sts:AssumeRoleWithWebIdentity',
    Condition: condition,
  },
});

const createSubjectPolicy = (...subjects: readonly string[]) =>
  createPolicy({ StringLike: { [`${P}:sub`]: subjects } });

const diagnoseToken = (
  claims: Claims,
  options: { policy?: object; expectedSubjects?: string[] } = {},
): TrustDiagnosis =>
  diagnose({
    roleArn: 'arn:aws:iam::111122223333:role/deploy',
    error: new DeliveryError('denied', 'cannot assume it'),
    claims,
    expectedSubjects: [],
    policy: undefined,
    now: 0,
    ...options,
  });

describe('a required environment', () => {
  it.each<[string, Claims, string[], string]>([
    [
      'for a job without one',
      mainClaims,
      ['repo:octocat/my-repo:environment:production'],
      'this job names no `environment:`, the role trusts only `environment:production`: set `environment: production` on the job',
    ],
    [
      'for a job with another one',
      stageClaims,
      ['repo:octocat/my-repo:environment:production'],
      'this job names `environment: stage`, the role trusts only `environment:production`: set `environment: production` on the job',
    ],
    [
      'in the other format of sub',
      immutableClaims,
      ['repo:octocat/my-repo:environment:production'],
      'this job names no `environment:`, the role trusts only `environment:production`: set `environment: production` on the job',
    ],
    [
      'among several',
      mainClaims,
      ['repo:octocat/*:environment:production', 'repo:octocat/my-repo:environment:canary-*', 'repo:other/repo:*'],
      'this job names no `environment:`, the role trusts only `environment:production` or `environment:canary-*`: set `environment:` of the job to one of them',
    ],
  ])('is named %s', (_name, claims, subjects, cause) => {
    for (const options of [{ policy: createSubjectPolicy(...subjects) }, { expectedSubjects: subjects }]) {
      const { reason, findings, statements } = diagnoseToken(claims, options);
      expect(reason).toBe(`cannot assume it: ${cause}`);
      expect(findings[0]).toBe(cause);
      expect(findings[1]).toContain('would bypass the protection rules');
      expect(statements).toEqual([]);
    }
  });

  it('is named without the rest of a custom subject', () => {
    const expectedSubjects = ['repo:octocat/my-repo:environment:production:job_workflow_ref:octocat/shared/*'];
    expect(diagnoseToken(mainClaims, { expectedSubjects }).findings[0]).toContain('set `environment: production` on');
  });

  it('is found in a condition on the claim', () => {
    const policy = createPolicy({ StringEquals: { [`${P}:environment`]: 'production' } });
    expect(diagnoseToken(mainClaims, { policy }).findings[0]).toContain(
      'the role trusts only `environment:production`',
    );
  });

  it.each<[string, Claims, string[]]>([
    [
      'branches too',
      mainClaims,
      ['repo:octocat/my-repo:environment:production', 'repo:octocat/my-repo:ref:refs/tags/*'],
    ],
    ['this environment', stageClaims, ['repo:octocat/my-repo:environment:*']],
    ['other repositories', mainClaims, ['repo:octocat/elsewhere:environment:production']],
    ['any job', mainClaims, ['repo:*']],
  ])('is not named when the role trusts %s', (_name, claims, expectedSubjects) => {
    const { findings, statements } = diagnoseToken(claims, { expectedSubjects });
    expect(findings.join('\n')).not.toContain('the role trusts only');
    expect(statements.length).toBeGreaterThan(0);
  });
});

describe('a suggested statement', () => {
  const listWarnings = (...options: Parameters<typeof diagnoseToken>) =>
    diagnoseToken(...options).statements.map(({ warning }) => warning);

  it('has a warning when it trusts all jobs of a ref', () => {
    expect(listWarnings(mainClaims)).toEqual([
      'The statement trusts every job on refs/heads/main, without the protection rules of an environment. If the role is for an environment, set `environment:` on the job instead.',
      undefined,
    ]);
  });

  it('has no warning for an environment, or the subject of another issuer', () => {
    expect(listWarnings(stageClaims)).toEqual([undefined, undefined]);
    expect(listWarnings({ ...mainClaims, iss: 'https://gitlab.com', sub: 'project_path:g/p' })).toEqual([undefined]);
  });

  it('has a warning when the role trusts other subjects today', () => {
    const subjects = ['repo:octocat/my-repo:ref:refs/heads/release', 'repo:octocat/elsewhere:*'];
    for (const options of [{ policy: createSubjectPolicy(...subjects) }, { expectedSubjects: subjects }]) {
      expect(listWarnings(mainClaims, options)[0]).toMatch(
        /^The role trusts repo:octocat\/my-repo:ref:refs\/heads\/release, repo:octocat\/elsewhere:\*\. Add the statement only if/u,
      );
    }
    const many = Array.from({ length: 7 }, (_, index) => `repo:octocat/r${index}:*`);
    expect(listWarnings(mainClaims, { expectedSubjects: many })[0]).toContain('repo:octocat/r4:* (2 more). Add');
  });

  it('has no such warning when the role trusts the other format of the subject', () => {
    const options = { expectedSubjects: ['repo:octocat/my-repo:ref:*'] };
    expect(listWarnings(immutableClaims, options)[0]).toMatch(/^The statement trusts every job on/u);
  });

  it('has a warning when names are weaker than the IDs of the token', () => {
    expect(listWarnings(immutableClaims)[1]).toContain('Names are weaker than IDs');
  });

  it('names the conditions of the current policy that it does not contain', () => {
    const policy = createPolicy({
      StringEquals: { [`${P}:aud`]: 'sts.amazonaws.com', [`${P}:sub`]: 'other' },
      StringLike: { [`${P}:job_workflow_ref`]: 'octocat/shared/*' },
    });
    expect(listWarnings(stageClaims, { policy })[0]).toContain('The role trusts other. Add');
    expect(listWarnings(stageClaims, { policy })[0]).toContain('also has conditions on job_workflow_ref. Copy them');
  });
});
