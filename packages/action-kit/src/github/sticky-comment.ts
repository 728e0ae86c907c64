import type { Host } from '../host/host.js';
import { withGracePeriod, withTimeLimit } from '../host/time-limit.js';
import type { Network } from '../http/network.js';
import { type Comments, syncComment } from '../report/comment.js';
import { addReportLabel, type ReportName } from '../report/report-name.js';
import { systemClock } from '../util/clock.js';
import type { Env } from '../util/env.js';
import { createGitHubComments, findCommentablePullRequest } from './pull-request-comments.js';

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
  const pullRequest = findCommentablePullRequest(env);
  if (pullRequest === undefined)
    return {
      kind: 'unavailable',
      reason: 'the workflow run does not belong to a pull request on GitHub, Gitea or Forgejo',
    };
  if (token === undefined) return { kind: 'unavailable', reason: "set input 'github-token'" };
  return { kind: 'available', comments: createGitHubComments({ network, token, env, pullRequest }) };
};

/** Subject that comments of a job had in earlier versions. */
export const formatJobSubject = (action: string, env: Env): string =>
  `${action} ${env['GITHUB_WORKFLOW'] ?? ''} ${env['GITHUB_JOB'] ?? ''}`;

export interface StickyComment {
  /** The input `comment`; `changes` removes an empty comment. */
  readonly mode: 'none' | 'summary' | 'changes';
  readonly name: ReportName;
  /** Subject of the comment in earlier versions. */
  readonly previousSubject: string;
  /** Markdown with a heading; `publishComment` adds the label of the report and redacts it. */
  readonly body: string;
  /** Whether there is nothing to report. */
  readonly isEmpty: boolean;
}

/** A comment must not hold up the run whose result it describes. */
const COMMENT_TIMEOUT_MS = 30_000;

/** Time for the comment of a run that reached its limit. */
const COMMENT_GRACE_MS = 1000;

/**
 * Creates, updates or removes the comment and logs the outcome. Errors become warnings: they do not change a verdict.
 */
export const publishComment = async (
  target: CommentTarget,
  { mode, name, previousSubject, body, isEmpty }: StickyComment,
  { log, redactor }: Pick<Host, 'log' | 'redactor'>,
): Promise<void> => {
  if (mode === 'none') return;
  if (target.kind === 'unavailable') return log.info(`No pull request comment: ${target.reason}`);
  const content = mode === 'changes' && isEmpty ? undefined : redactor.redact(addReportLabel(body, name.label));
  const sync = () =>
    syncComment({
      comments: target.comments,
      subject: name.key,
      previousSubject,
      onPrevious: name.isInMatrix ? 'replace' : 'update',
      body: content,
    });
  const outcome = await withGracePeriod(COMMENT_GRACE_MS, () => withTimeLimit(systemClock, COMMENT_TIMEOUT_MS, sync));
  switch (outcome.kind) {
    case 'failed':
      return log.warning(outcome.warning);
    case 'removed':
      return log.info('Pull request comment removed: nothing to report');
    case 'absent':
      return log.info('No pull request comment: nothing to report');
    default:
      log.info(`Pull request comment ${outcome.kind}: ${outcome.url}`);
  }
};
