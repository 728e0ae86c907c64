import { overlapsChange } from '@aws-delivery/action-kit/git/diff';
import { createGitHubApi, type GitHubApi } from '@aws-delivery/action-kit/github/api';
import { findCommentablePullRequest } from '@aws-delivery/action-kit/github/pull-request-comments';
import { findCommentTarget, formatJobSubject, publishComment } from '@aws-delivery/action-kit/github/sticky-comment';
import type { Host } from '@aws-delivery/action-kit/host/host';
import type { Network } from '@aws-delivery/action-kit/http/network';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import type { ChangeHistory } from '../gate/change-history.js';
import type { EvaluatedFinding } from '../gate/evaluate-findings.js';
import { renderSummary } from '../report/summary.js';
import type { Result } from '../result.js';
import { uploadToCodeScanning } from './code-scanning.js';
import { writeReview } from './line-comments.js';

export interface PublishServices {
  readonly host: Host;
  readonly network: Network;
  readonly history: ChangeHistory;
}

type PublishContext = PublishServices & { readonly token: string; readonly api: GitHubApi };

const hasNewFindings = ({ decision, evaluatedFindings }: Result): boolean =>
  decision.verdict !== 'passed' ||
  evaluatedFindings.some(({ status }) => status.kind === 'fails' || status.kind === 'below');

const postComments = async (result: Result, { host, network, history, token, api }: PublishContext): Promise<void> => {
  const { env, log, redactor } = host;
  const pullRequest = findCommentablePullRequest(env);
  const { request, change, evaluatedFindings } = result;
  if (request.comment === 'none') return;
  if (request.comment !== 'lines') {
    const target = findCommentTarget({ token, network, env });
    const previousSubject = formatJobSubject('codeguru-review', env);
    const { comment: mode, reportName: name } = request;
    const comment = { mode, name, previousSubject, body: renderSummary(result), isEmpty: !hasNewFindings(result) };
    return publishComment(target, comment, host);
  }
  if (pullRequest === undefined) return;
  const redact = (content: string): string => redactor.redact(content);
  const changes = await history.getChanges();
  if (changes === undefined || change.kind !== 'pull-request') return;
  const failing = evaluatedFindings.filter(({ status }) => status.kind === 'fails');
  const files = new Set(failing.flatMap(({ finding: { location } }) => location?.file ?? []));
  const unchangedFiles = new Set<string>();
  for (const file of files)
    if (changes.has(file) && (await history.matchesCommit(change.head, file))) unchangedFiles.add(file);
  const isInDiff = ({ finding: { location } }: EvaluatedFinding): boolean => {
    if (location?.startLine === undefined || !unchangedFiles.has(location.file)) return false;
    const { file, startLine, endLine = startLine } = location;
    return overlapsChange(changes, file, [startLine, startLine]) && overlapsChange(changes, file, [endLine, endLine]);
  };
  const target = { api, pullRequest, commit: change.head, codeHost: result.codeHost, redact, isInDiff };
  const { commented, summarized, omitted } = await writeReview(failing, target);
  if (commented + summarized + omitted === 0) return log.info('No new findings to comment on');
  const outside =
    summarized === 0 ? '' : `; listed ${summarized} that are not on lines of the diff in the summary of the review`;
  const more = omitted === 0 ? '' : ` (${omitted} more)`;
  log.info(`Commented on ${pluralize(commented, 'finding')}${outside}${more}`);
};

const tryPublish = async (
  label: string,
  permission: string,
  host: Host,
  publishStep: () => Promise<void>,
): Promise<void> => {
  try {
    await publishStep();
  } catch (error) {
    if (error instanceof DeliveryError && error.code === 'rejected') {
      host.log.error(`${label}: ${error.message}`);
      return;
    }
    const isDenied = error instanceof DeliveryError && (error.code === 'denied' || error.code === 'not-found');
    const hint = isDenied
      ? `: add \`${permission}\` to the permissions of the job; fork pull requests cannot have it`
      : '';
    host.log.warning(`${label}: ${errorMessage(error)}${hint}`);
  }
};

/**
 * Writes the requested comments and uploads the SARIF log. Failures are warnings, and a rejected upload is an error;
 * neither affects the verdict.
 */
export const publish = async (result: Result, services: PublishServices): Promise<void> => {
  const { token, uploadSarif } = result.request;
  const { host, network } = services;
  if (token === undefined) {
    host.log.warning("Comments and uploads require a token: set 'github-token'");
    return;
  }
  const context: PublishContext = { ...services, token, api: createGitHubApi({ network, token, env: host.env }) };
  await tryPublish('Cannot write comments', 'pull-requests: write', host, () => postComments(result, context));
  if (!uploadSarif) return;
  await tryPublish('Cannot upload the findings', 'security-events: write', host, () =>
    uploadToCodeScanning(result, context.api, host),
  );
};
