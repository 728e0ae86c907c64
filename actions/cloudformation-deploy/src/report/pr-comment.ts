import { type CommentTarget, publishComment } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { joinBlocks, link, md, raw } from '@aws-delivery/action-kit/report/markdown';
import { renderChangeTable } from '../change-set/change-view.js';
import type { Result } from '../result.js';
import { formatHeadline, getFailureReason } from './verdict.js';

/** URL of the workflow run; undefined on other hosts. */
export const getRunUrl = ({ env }: Host): string | undefined => {
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
    runUrl === undefined ? raw('') : md`${link('Workflow run', runUrl)}`,
  );
  return body.markdown;
};

export interface CommentContext {
  readonly host: Host;
  readonly region: string;
  readonly comments: CommentTarget;
}

/** Updates the pull request's comment on this stack if the inputs request one. A failure never changes the result. */
export const updateComment = async (result: Result, { host, region, comments }: CommentContext): Promise<void> => {
  if (result.request.reportOptions.comment !== 'summary') return;
  const subject = `cloudformation-deploy ${result.request.stackName} ${region}`;
  await publishComment(comments, { subject, body: renderComment(result, host) }, host);
};
