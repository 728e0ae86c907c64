import type { Env } from '@aws-delivery/action-kit/util/env';

/**
 * The change under review, as the host describes it. Commits are full hashes; if the host names none, `base` is a
 * remote-tracking branch and `head` is `HEAD`.
 */
export type Change =
  | {
      readonly kind: 'pull-request';
      readonly number: number | undefined;
      readonly base: string;
      readonly head: string;
      readonly isFork: boolean;
    }
  /** `before` is undefined on the first push of a branch. */
  | { readonly kind: 'push'; readonly before: string | undefined; readonly after: string }
  | { readonly kind: 'other' };

/**
 * The commit under review: the head of a pull request (not its test merge commit), else `GITHUB_SHA`. Undefined if the
 * host does not name it; then it is the commit that is checked out.
 */
export const getReviewedCommit = (change: Change, env: Env): string | undefined => {
  if (change.kind !== 'pull-request') return env['GITHUB_SHA'] || undefined;
  return change.head === 'HEAD' ? undefined : change.head;
};
