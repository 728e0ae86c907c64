import { type Claims, getStringClaim } from './claims.js';

/**
 * Form of `sub` in a GitHub token: owner and repository by name, or immutable with their ids
 * (`repo:octocat@123456/my-repo@456789:…`, for repositories created since 15 July 2026). `other`: customised, or of
 * another issuer.
 */
export type SubjectForm = 'names' | 'immutable' | 'other';

const NAMES = /^repo:([^@/:]+)\/([^@/:]+):/u;
const IMMUTABLE = /^repo:([^@/:]+)@(\d+)\/([^@/:]+)@(\d+):/u;

export const classifySubject = (subject: string): SubjectForm => {
  if (IMMUTABLE.test(subject)) return 'immutable';
  return NAMES.test(subject) ? 'names' : 'other';
};

/** Converts a subject to GitHub's other form; undefined for an unknown form or missing id claims. */
export const convertSubject = (subject: string, claims: Claims): string | undefined => {
  switch (classifySubject(subject)) {
    case 'immutable':
      return subject.replace(IMMUTABLE, 'repo:$1/$3:');
    case 'names': {
      const [owner, repository] = [
        getStringClaim(claims, 'repository_owner_id'),
        getStringClaim(claims, 'repository_id'),
      ];
      if (owner === undefined || repository === undefined) return undefined;
      return subject.replace(NAMES, (_, name: string, repo: string) => `repo:${name}@${owner}/${repo}@${repository}:`);
    }
    case 'other':
      return undefined;
  }
};
