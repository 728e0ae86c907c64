import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { createGzip } from 'node:zlib';
import type { GitHubApi } from '@aws-delivery/action-kit/github/api';
import type { Host } from '@aws-delivery/action-kit/host/host';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getField, getStringField } from '@aws-delivery/action-kit/util/error-code';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import { poll } from '@aws-delivery/aws/poll';
import { type Change, getReviewedCommit } from '@aws-delivery/findings/change/change';
import { batchText } from '@aws-delivery/findings/report/report-writer';
import type { EvaluatedFinding } from '../gate/evaluate-findings.js';
import type { Result } from '../result.js';
import { renderFindings } from './report-files.js';

/** Limits of code scanning for one upload. */
export interface UploadLimits {
  readonly runs: number;
  readonly resultsPerRun: number;
  /** Size after gzip. */
  readonly bytes: number;
}

/** See "SARIF results exceed one or more limits" in GitHub's documentation. */
export const UPLOAD_LIMITS: UploadLimits = { runs: 20, resultsPerRun: 25_000, bytes: 10_000_000 };

/** Commit and ref of the alerts. Some events, such as `pull_request_target`, run on the base but scan the head. */
const getUploadTarget = (change: Change, env: Env) => {
  const { GITHUB_SHA: commit, GITHUB_REF: ref } = env;
  const isOwnRef =
    change.kind !== 'pull-request' || change.number === undefined || ref?.startsWith('refs/pull/') === true;
  return isOwnRef
    ? { commit, ref }
    : { commit: getReviewedCommit(change, env), ref: `refs/pull/${change.number}/head` };
};

/** Drops what exceeds the numbers of runs and results. Findings are sorted, the most severe first. */
const limitCounts = (findings: readonly EvaluatedFinding[], limits: UploadLimits): readonly EvaluatedFinding[] => {
  const counts = new Map<string, number>();
  return findings.filter(({ finding: { source } }) => {
    const count = counts.get(source) ?? 0;
    if (count >= limits.resultsPerRun || (count === 0 && counts.size >= limits.runs)) return false;
    counts.set(source, count + 1);
    return true;
  });
};

function* redactBatches(pieces: Iterable<string>, redact: (content: string) => string): Generator<string> {
  for (const batch of batchText(pieces)) yield redact(batch);
}

/** Compresses a text piece by piece: as a whole it may have hundreds of megabytes. */
const compress = (pieces: Iterable<string>): Promise<Buffer> => buffer(Readable.from(pieces).pipe(createGzip()));

interface Upload {
  readonly sarif: Buffer;
  /** Number of findings that exceed a limit. */
  readonly dropped: number;
}

/** Renders the findings, dropping the least severe ones as long as a limit is exceeded. */
export const renderUpload = async (
  result: Result,
  redact: (content: string) => string,
  limits: UploadLimits = UPLOAD_LIMITS,
): Promise<Upload> => {
  const total = result.evaluatedFindings.length;
  const scanners = [...new Set(result.evaluatedFindings.map(({ finding }) => finding.source))];
  const sourceResults = scanners.length > limits.runs ? [] : result.sourceResults;
  let retained = limitCounts(result.evaluatedFindings, limits);
  for (;;) {
    const sarif = await compress(redactBatches(renderFindings({ ...result, sourceResults }, retained), redact));
    if (sarif.length <= limits.bytes || retained.length === 0) return { sarif, dropped: total - retained.length };
    const share = Math.min(0.9, (limits.bytes / sarif.length) * 0.95);
    retained = retained.slice(0, Math.floor(retained.length * share));
  }
};

const PROCESSING_TIMEOUT_MS = 5 * 60_000;

/**
 * Waits until GitHub has processed an upload.
 * @throws DeliveryError `rejected` with GitHub's text, `timeout`
 */
const followUpload = async (id: string, api: GitHubApi, { clock, signal }: Host): Promise<void> => {
  const response = await poll({
    label: 'code scanning to process the upload',
    clock,
    signal,
    deadline: clock.now() + PROCESSING_TIMEOUT_MS,
    backoff: { initialDelayMs: 1000, maxDelayMs: 15_000 },
    read: async () => {
      const value = await api.send('GET', `/code-scanning/sarifs/${encodeURIComponent(id)}`);
      return getStringField(value, 'processing_status') === 'pending' ? { state: 'pending' } : { state: 'done', value };
    },
  });
  if (getStringField(response, 'processing_status') !== 'failed') return;
  const errors = getField(response, 'errors');
  const text = Array.isArray(errors) ? errors.map(String).join('; ') : 'no reason given';
  throw new DeliveryError('rejected', `code scanning rejected the upload: ${toSingleLine(text, 1000)}`);
};

/**
 * Uploads the findings to code scanning and waits until GitHub has processed them.
 * @throws DeliveryError `rejected` with GitHub's text if GitHub does not accept the file, and errors of GitHub's API
 */
export const uploadToCodeScanning = async (result: Result, api: GitHubApi, host: Host): Promise<void> => {
  const { env, log, redactor } = host;
  const { commit, ref } = getUploadTarget(result.change, env);
  if (!commit || !ref) {
    throw new DeliveryError(
      'missing',
      'GITHUB_SHA and GITHUB_REF are required: set them to the commit and ref under review',
    );
  }
  const { sarif, dropped } = await renderUpload(result, (content) => redactor.redact(content));
  const body = { commit_sha: commit, ref, sarif: sarif.toString('base64') };
  const id = getField(await api.send('POST', '/code-scanning/sarifs', body), 'id');
  if (typeof id === 'string' || typeof id === 'number') await followUpload(String(id), api, host);
  const total = result.evaluatedFindings.length;
  if (dropped > 0) {
    log.warning(`Uploaded the ${total - dropped} most severe of ${total} findings: code scanning accepts no more`);
  }
  log.info('Uploaded the findings to code scanning');
};
