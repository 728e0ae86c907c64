import type { Host } from '../host/host.js';
import type { Network } from '../http/network.js';
import { type Comments, syncComment } from '../report/comment.js';
import type { Env } from '../util/env.js';
import { createGitHubComments, findPullRequestNumber } from './pull-request-comments.js';

/** Where the one comment of a run is kept, or in words why there is none. */
export type CommentTarget =
  | { readonly kind: 'available'; readonly comments: Comments }
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface CommentTargetOptions {
  /** The input `github-token`. */
  readonly token: string | undefined;
  readonly network: Network;
  readonly env: Env;
}

/** The pull request that a run is about, as a place for its comment. */
export const findCommentTarget = ({ token, network, env }: CommentTargetOptions): CommentTarget => {
  const pullRequest = findPullRequestNumber(env);
  if (pullRequest === undefined) return { kind: 'unavailable', reason: 'this run belongs to no pull request' };
  if (token === undefined) return { kind: 'unavailable', reason: "there is no token: add 'github-token'" };
  return { kind: 'available', comments: createGitHubComments({ network, token, env, pullRequest }) };
};

/** What the comment of an action is about where there is one for each job: the same in every run. */
export const formatJobSubject = (action: string, env: Env): string =>
  `${action} ${env['GITHUB_WORKFLOW'] ?? ''} ${env['GITHUB_JOB'] ?? ''}`;

export interface StickyComment {
  readonly subject: string;
  /** Markdown; redacted here. */
  readonly body: string;
}

/** Keeps the comment of a run and says what became of it. Trouble is a warning: it never changes a verdict. */
export const publishComment = async (
  target: CommentTarget,
  { subject, body }: StickyComment,
  { log, redactor }: Pick<Host, 'log' | 'redactor'>,
): Promise<void> => {
  if (target.kind === 'unavailable') return log.info(`no comment: ${target.reason}`);
  const outcome = await syncComment({ comments: target.comments, subject, body: redactor.redact(body) });
  if (outcome.kind === 'failed') log.warning(outcome.warning);
  else log.info(`comment ${outcome.kind}: ${outcome.url}`);
};
