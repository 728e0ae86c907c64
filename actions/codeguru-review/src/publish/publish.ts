import { type ChangedLines, overlapsChange } from '@aws-delivery/action-kit/git/diff';
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
import { buildScope } from './comment-marker.js';
import { type ReviewCounts, writeReview } from './line-comments.js';
import { syncThreads } from './review-threads.js';

export interface PublishServices {
  readonly host: Host;
  readonly network: Network;
  readonly history: ChangeHistory;
}

type PublishContext = PublishServices & { readonly token: string; readonly api: GitHubApi };

const hasNewFindings = ({ decision, evaluatedFindings }: Result): boolean =>
  decision.verdict !== 'passed' ||
  evaluatedFindings.some(({ status }) => status.kind === 'fails' || status.kind === 'below');

/** Selects the findings whose lines GitHub accepts a comment on: all of them must be part of the diff. */
const createDiffFilter = async (
  failing: readonly EvaluatedFinding[],
  changes: ChangedLines,
  matchesHead: (file: string) => Promise<boolean>,
): Promise<(evaluatedFinding: EvaluatedFinding) => boolean> => {
  const files = new Set(failing.flatMap(({ finding: { location } }) => location?.file ?? []));
  const unchangedFiles = new Set<string>();
  for (const file of files) if (changes.has(file) && (await matchesHead(file))) unchangedFiles.add(file);
  return ({ finding: { location } }) => {
    if (location?.startLine === undefined || !unchangedFiles.has(location.file)) return false;
    const { file, startLine, endLine = startLine } = location;
    return overlapsChange(changes, file, [startLine, startLine]) && overlapsChange(changes, file, [endLine, endLine]);
  };
};

const formatReview = ({ commented, summarized, omitted }: ReviewCounts): string => {
  if (commented + summarized + omitted === 0) return 'No new findings to comment on';
  const outside =
    summarized === 0 ? '' : `; listed ${summarized} that are not on lines of the diff in the summary of the review`;
  const more = omitted === 0 ? '' : ` (${omitted} more)`;
  return `Commented on ${pluralize(commented, 'finding')}${outside}${more}`;
};

const formatThreadError = ({ code, message }: DeliveryError): string => {
  const hint =
    code === 'denied'
      ? ': add `contents: write` to the permissions of the job, which GitHub requires for this, or resolve them by hand'
      : '';
  return `Cannot resolve the threads of findings that no longer exist: ${message}${hint}`;
};

/** Resolves threads of findings that no longer exist. An error is a notice: the comments have been written. */
const resolveThreads = async (
  { evaluatedFindings, isComplete }: Result,
  scope: string,
  { host, api, pullRequest }: Pick<PublishContext, 'host' | 'api'> & { readonly pullRequest: number },
): Promise<void> => {
  const { log, env } = host;
  if (!isComplete) {
    log.info('Threads are not resolved: the results are incomplete');
    return;
  }
  const present = new Set(evaluatedFindings.map(({ fingerprint }) => fingerprint));
  const { resolved, reopened, error } = await syncThreads({ api, env, pullRequest }, { present, scope });
  if (resolved > 0) log.info(`Resolved ${pluralize(resolved, 'thread')} of findings that no longer exist`);
  if (reopened > 0) log.info(`Reopened ${pluralize(reopened, 'thread')} of findings that exist again`);
  if (error !== undefined) log.notice(formatThreadError(error));
};

const postLineComments = async (
  result: Result,
  pullRequest: number,
  { host, history, api }: PublishContext,
): Promise<void> => {
  const { change, evaluatedFindings, codeHost } = result;
  const changes = await history.getChanges();
  if (changes === undefined || change.kind !== 'pull-request') return;
  const failing = evaluatedFindings.filter(({ status }) => status.kind === 'fails');
  const isInDiff = await createDiffFilter(failing, changes, (file) => history.matchesCommit(change.head, file));
  const redact = (content: string): string => host.redactor.redact(content);
  const scope = buildScope(result.request.reportName.key);
  const target = { api, pullRequest, commit: change.head, codeHost, redact, isInDiff, scope };
  const counts = await writeReview(failing, target);
  host.log.info(formatReview(counts));
  if (counts.hasThreads) await resolveThreads(result, scope, { host, api, pullRequest });
};

const postComments = async (result: Result, { host, network, history, token, api }: PublishContext): Promise<void> => {
  const { env } = host;
  const pullRequest = findCommentablePullRequest(env);
  const { request } = result;
  if (request.comment === 'none') return;
  if (request.comment !== 'lines') {
    const target = findCommentTarget({ token, network, env });
    const previousSubject = formatJobSubject('codeguru-review', env);
    const { comment: mode, reportName: name } = request;
    const comment = { mode, name, previousSubject, body: renderSummary(result), isEmpty: !hasNewFindings(result) };
    return publishComment(target, comment, host);
  }
  if (pullRequest !== undefined) await postLineComments(result, pullRequest, { host, network, history, token, api });
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
