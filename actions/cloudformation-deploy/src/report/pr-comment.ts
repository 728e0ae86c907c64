import { type CommentTarget, publishComment } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { joinBlocks, link, md, raw } from '@aws-delivery/action-kit/report/markdown';
import { renderChangeTable } from '../change-set/change-view.js';
import type { ReportOptions } from '../inputs/request.js';
import type { Result } from '../result.js';
import { formatHeadline, getFailureReason } from './verdict.js';

/** Whether a name is one of these; `*` at the end of one stands for any text. */
export const matchesAnyPattern = (name: string, patterns: readonly string[]): boolean =>
  patterns.some((pattern) => (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern));

/** Hides the values of outputs that are secret, before anything of them is shown. */
export const maskOutputs = ({ request, record }: Result, mask: (secret: string) => void): void => {
  const { maskedOutputs } = request.reportOptions;
  for (const { key, value } of record.stack?.outputs ?? []) if (matchesAnyPattern(key, maskedOutputs)) mask(value);
};

const getRunUrl = ({ env }: Host): string | undefined => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  return server && repository && run ? `${server}/${repository}/actions/runs/${run}` : undefined;
};

const renderComment = (result: Result, host: Host): string => {
  const { changeSet } = result.record;
  const reason = getFailureReason(result);
  const runUrl = getRunUrl(host);
  const body = joinBlocks(
    md`### ${formatHeadline(result)}`,
    reason === undefined ? raw('') : md`${reason}`,
    changeSet === undefined ? raw('') : renderChangeTable(changeSet),
    runUrl === undefined ? raw('') : md`${link('The whole run', runUrl)}`,
  );
  return body.markdown;
};

export interface CommentContext {
  readonly host: Host;
  readonly region: string;
  readonly comments: CommentTarget;
}

const shouldComment = ({ comment }: ReportOptions): boolean => comment === 'summary';

/** Keeps the pull request's comment on this stack up to date, where one is wanted. Never changes the result. */
export const updateComment = async (result: Result, { host, region, comments }: CommentContext): Promise<void> => {
  if (!shouldComment(result.request.reportOptions)) return;
  const subject = `cloudformation-deploy ${result.request.stackName} ${region}`;
  await publishComment(comments, { subject, body: renderComment(result, host) }, host);
};
