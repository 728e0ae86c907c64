import { type Claims, textClaim } from './claims.js';

/**
 * How a GitHub token names its repository in `sub`: by names only, or with the ids that outlive a rename
 * (`repo:octocat@123456/my-repo@456789:…`, for repositories made since 15 July 2026). Anything else was customised, or
 * is another issuer's.
 */
export type SubjectForm = 'names' | 'immutable' | 'other';

const NAMES = /^repo:([^@/:]+)\/([^@/:]+):/u;
const IMMUTABLE = /^repo:([^@/:]+)@(\d+)\/([^@/:]+)@(\d+):/u;

export const subjectForm = (subject: string): SubjectForm => {
  if (IMMUTABLE.test(subject)) return 'immutable';
  return NAMES.test(subject) ? 'names' : 'other';
};

/** The same subject in GitHub's other form; undefined where the form or the ids are not known. */
export const otherForm = (subject: string, claims: Claims): string | undefined => {
  switch (subjectForm(subject)) {
    case 'immutable':
      return subject.replace(IMMUTABLE, 'repo:$1/$3:');
    case 'names': {
      const [owner, repository] = [textClaim(claims, 'repository_owner_id'), textClaim(claims, 'repository_id')];
      if (owner === undefined || repository === undefined) return undefined;
      return subject.replace(NAMES, (_, name: string, repo: string) => `repo:${name}@${owner}/${repo}@${repository}:`);
    }
    case 'other':
      return undefined;
  }
};

/** Does the value fit a pattern of IAM's StringLike (`*` any text, `?` one character, case matters)? */
export const isLike = (value: string, pattern: string): boolean => {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/gu, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${source}$`, 'su').test(value);
};
