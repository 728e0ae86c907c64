import { publishComment } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Host } from '@aws-delivery/action-kit/host/host';
import { joinBlocks, link, md, raw } from '@aws-delivery/action-kit/report/markdown';
import { createReportName } from '@aws-delivery/action-kit/report/report-name';
import type { Inputs } from '../../action.js';
import { renderChangeTable } from '../change-set/change-view.js';
import type { Result } from '../result.js';
import type { Services } from '../services.js';
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

/** The account of a stack: that of its ARN, else that of the caller; undefined without valid credentials. */
const findAccount = async ({ record, request }: Result, { getAccount }: Services): Promise<string | undefined> => {
  const arn = record.stack?.id ?? record.changeSet?.stackId ?? request.stackName;
  const [, , , , account] = arn.split(':');
  return account ?? (await getAccount().catch(() => undefined));
};

/** Whether a run found or made no changes. */
export const isUnchanged = (result: Result): boolean => {
  const { outcome } = result;
  if (getFailureReason(result) !== undefined) return false;
  return outcome.kind === 'unchanged' || (outcome.kind === 'drift' && outcome.drift.resources.length === 0);
};

/** Updates the pull request's comment on this stack if the inputs request one. A failure never changes the result. */
export const updateComment = async (inputs: Inputs, result: Result, services: Services): Promise<void> => {
  if (inputs.comment === 'none') return;
  const { host, comments } = services;
  const region = await services.getRegion();
  const { stackName } = result.request;
  const account = await findAccount(result, services);
  const subject = [result.record.stack?.name ?? stackName, account ?? 'unknown', region];
  const comment = {
    mode: inputs.comment,
    name: createReportName({ action: 'cloudformation-deploy', inputs, env: host.env, subject, scope: 'any' }),
    previousSubject: `cloudformation-deploy ${stackName} ${region}`,
    body: renderComment(result, host),
    isEmpty: isUnchanged(result),
  };
  await publishComment(comments, comment, host);
};
