import type { Host } from '@aws-delivery/action-kit/host';
import { link, md, page, raw } from '@aws-delivery/action-kit/markdown';
import { type CommentPlace, keepRunComment } from '@aws-delivery/action-kit/run-comment';
import { changeTable } from './change-view.js';
import type { Presentation } from './request.js';
import type { Result } from './result.js';
import { headlineOf, reasonOf } from './verdict.js';

/** Whether a name is one of these; `*` at the end of one stands for any text. */
export const isNamed = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

/** Hides the values of outputs that are secret, before anything of them is shown. */
export const maskOutputs = ({ request, journal }: Result, mask: (secret: string) => void): void => {
  const { maskedOutputs } = request.presentation;
  for (const { key, value } of journal.stack?.outputs ?? []) if (isNamed(key, maskedOutputs)) mask(value);
};

const runAddress = ({ variables }: Host): string | undefined => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = variables;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
};

const commentBody = (result: Result, host: Host): string => {
  const { changeSet } = result.journal;
  const reason = reasonOf(result);
  const address = runAddress(host);
  const body = page(
    md`### ${headlineOf(result)}`,
    reason === undefined ? raw('') : md`${reason}`,
    changeSet === undefined ? raw('') : changeTable(changeSet),
    address === undefined ? raw('') : md`${link('The whole run', address)}`,
  );
  return body.markdown;
};

export interface CommentTarget {
  readonly host: Host;
  readonly region: string;
  readonly comments: CommentPlace;
}

const isWanted = ({ comment }: Presentation): boolean => comment === 'summary';

/** Keeps the pull request's comment on this stack up to date, where one is wanted. Never changes the result. */
export const commentOn = async (result: Result, { host, region, comments }: CommentTarget): Promise<void> => {
  if (!isWanted(result.request.presentation)) return;
  const subject = `cloudformation-deploy ${result.request.stack} ${region}`;
  await keepRunComment(comments, { subject, body: commentBody(result, host) }, host);
};
