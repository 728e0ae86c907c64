import { type Comments, keepComment } from './comment.js';
import { githubComments, pullRequestIn } from './github-comments.js';
import type { Host } from './host.js';
import type { Variables } from './inputs.js';
import type { Network } from './network.js';

/** Where the one comment of a run is kept, or in words why there is none. */
export type CommentPlace =
  | { readonly kind: 'open'; readonly comments: Comments }
  | { readonly kind: 'closed'; readonly reason: string };

export interface CommentPlaceOptions {
  /** The input `github-token`. */
  readonly token: string | undefined;
  readonly network: Network;
  readonly variables: Variables;
}

/** The pull request that a run is about, as a place for its comment. */
export const commentPlace = ({ token, network, variables }: CommentPlaceOptions): CommentPlace => {
  const pullRequest = pullRequestIn(variables);
  if (pullRequest === undefined) return { kind: 'closed', reason: 'this run belongs to no pull request' };
  if (token === undefined) return { kind: 'closed', reason: "there is no token: add 'github-token'" };
  return { kind: 'open', comments: githubComments({ network, token, variables, pullRequest }) };
};

/** What the comment of an action is about where there is one for each job: the same in every run. */
export const jobSubject = (action: string, variables: Variables): string =>
  `${action} ${variables['GITHUB_WORKFLOW'] ?? ''} ${variables['GITHUB_JOB'] ?? ''}`;

export interface RunComment {
  readonly subject: string;
  /** Markdown; redacted here. */
  readonly body: string;
}

/** Keeps the comment of a run and says what became of it. Trouble is a warning: it never changes a verdict. */
export const keepRunComment = async (
  place: CommentPlace,
  { subject, body }: RunComment,
  { log, redactor }: Pick<Host, 'log' | 'redactor'>,
): Promise<void> => {
  if (place.kind === 'closed') return log.info(`no comment: ${place.reason}`);
  const outcome = await keepComment({ comments: place.comments, subject, body: redactor.redact(body) });
  if (outcome.kind === 'unwritten') log.warning(outcome.warning);
  else log.info(`comment ${outcome.kind}: ${outcome.address}`);
};
