import type { Host } from '../host/host.js';
import { withGracePeriod, withTimeLimit } from '../host/time-limit.js';
import type { Network } from '../http/network.js';
import { type Comments, syncComment } from '../report/comment.js';
import { systemClock } from '../util/clock.js';
import type { Env } from '../util/env.js';
import { createGitHubComments, findPullRequestNumber } from './pull-request-comments.js';

/** The pull request for the sticky comment of a run, or the reason why there is none. */
export type CommentTarget =
  | { readonly kind: 'available'; readonly comments: Comments }
  | { readonly kind: 'unavailable'; readonly reason: string };

export interface CommentTargetOptions {
  /** The input `github-token`. */
  readonly token: string | undefined;
  readonly network: Network;
  readonly env: Env;
}

/** The run's pull request as the target of its comment. */
export const findCommentTarget = ({ token, network, env }: CommentTargetOptions): CommentTarget => {
  const pullRequest = findPullRequestNumber(env);
  if (pullRequest === undefined)
    return { kind: 'unavailable', reason: 'the workflow run does not belong to a pull request' };
  if (token === undefined) return { kind: 'unavailable', reason: "set input 'github-token'" };
  return { kind: 'available', comments: createGitHubComments({ network, token, env, pullRequest }) };
};

/** Subject of a comment with one instance per job; equal in every run of the job. */
export const formatJobSubject = (action: string, env: Env): string =>
  `${action} ${env['GITHUB_WORKFLOW'] ?? ''} ${env['GITHUB_JOB'] ?? ''}`;

export interface StickyComment {
  readonly subject: string;
  /** Markdown; `publishComment` redacts it. */
  readonly body: string;
}

/** A comment must not hold up the run whose result it describes. */
const COMMENT_TIMEOUT_MS = 30_000;

/** Time for the comment of a run that reached its limit. */
const COMMENT_GRACE_MS = 1000;

/** Creates or updates the comment and logs the outcome. Errors become warnings: they do not change a verdict. */
export const publishComment = async (
  target: CommentTarget,
  { subject, body }: StickyComment,
  { log, redactor }: Pick<Host, 'log' | 'redactor'>,
): Promise<void> => {
  if (target.kind === 'unavailable') return log.info(`No pull request comment: ${target.reason}`);
  const { comments } = target;
  const sync = () => syncComment({ comments, subject, body: redactor.redact(body) });
  const outcome = await withGracePeriod(COMMENT_GRACE_MS, () => withTimeLimit(systemClock, COMMENT_TIMEOUT_MS, sync));
  if (outcome.kind === 'failed') log.warning(outcome.warning);
  else log.info(`Pull request comment ${outcome.kind}: ${outcome.url}`);
};
