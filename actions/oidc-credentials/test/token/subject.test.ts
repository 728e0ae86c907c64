import { describe, expect, it } from '@jest/globals';
import { classifySubject, convertSubject } from '../../src/token/subject.js';

const claims = {
  sub: 'repo:octocat/my-repo:ref:refs/heads/main',
  repository_id: '456789',
  repository_owner_id: '123456',
};

describe('subjects', () => {
  it.each([
    ['repo:octocat/my-repo:ref:refs/heads/main', 'names'],
    ['repo:octocat@1/my-repo@2:environment:prod', 'immutable'],
    ['repo_owner:octocat:job_workflow_ref:x', 'other'],
    ['project_path:g/p:ref_type:branch:ref:main', 'other'],
  ])('%s has the form %s', (subject, form) => {
    expect(classifySubject(subject)).toBe(form);
  });

  it('are converted to the other form', () => {
    const immutable = 'repo:octocat@123456/my-repo@456789:ref:refs/heads/main';
    expect(convertSubject(claims.sub, claims)).toBe(immutable);
    expect(convertSubject(immutable, claims)).toBe(claims.sub);
    expect(convertSubject(claims.sub, {})).toBeUndefined();
    expect(convertSubject('org:a', claims)).toBeUndefined();
  });
});
