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

/**
 * Does the value fit a pattern of IAM's StringLike (`*` any text, `?` one character, case matters)? On a mismatch the
 * last `*` takes one character more, so that time is bounded: a regular expression of several stars may take ages.
 */
export const isLike = (value: string, pattern: string): boolean => {
  const [characters, signs] = [[...value], [...pattern]];
  let at = 0;
  let sign = 0;
  let retry: { readonly at: number; readonly sign: number } | undefined;
  while (at < characters.length) {
    if (signs[sign] === '*') {
      sign += 1;
      retry = { at, sign };
    } else if (signs[sign] === '?' || signs[sign] === characters[at]) {
      at += 1;
      sign += 1;
    } else if (retry !== undefined) {
      retry = { at: retry.at + 1, sign: retry.sign };
      ({ at, sign } = retry);
    } else return false;
  }
  return signs.slice(sign).every((rest) => rest === '*');
};
