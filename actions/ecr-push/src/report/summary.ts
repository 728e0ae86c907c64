import type { Verdict } from '@aws-delivery/action-kit/host/run-action';
import {
  code,
  heading,
  joinBlocks,
  list,
  type Markdown,
  md,
  raw,
  table,
} from '@aws-delivery/action-kit/report/markdown';
import { errorMessage } from '@aws-delivery/action-kit/util/error';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import type { PullStats } from '@aws-delivery/oci/transfer/download-content';
import type { Outcome, PushResult } from '../push/push-result.js';
import type { Result } from '../result.js';
import { formatBytes, formatRate } from './format-bytes.js';
import { formatHeadline } from './verdict.js';

const OUTCOME_LABELS: Readonly<Record<Outcome['kind'], string>> = {
  unchanged: '✅ unchanged',
  pushed: '✅ pushed',
  untagged: '⛔ not tagged',
  kept: '⚠️ kept',
  present: '✅ present',
  pulled: '✅ pulled',
  absent: '➖ not found',
  failed: '❌ failed',
};

const formatPullStats = ({ fetched, present, bytes }: PullStats, durationMs: number): string =>
  [
    fetched === 0 ? '' : `${fetched} downloaded (${formatBytes(bytes)}, ${formatRate(bytes, durationMs)})`,
    present === 0 ? '' : `${present} skipped`,
  ]
    .filter((part) => part !== '')
    .join(', ');

const formatTransferStats = ({ outcome, durationMs }: PushResult): string => {
  if (outcome.kind === 'pulled') return formatPullStats(outcome.stats, durationMs);
  if (outcome.kind !== 'pushed' && outcome.kind !== 'untagged') return '';
  const { uploaded, mounted, present, bytes } = outcome.stats;
  const parts = [
    uploaded === 0 ? '' : `${uploaded} uploaded (${formatBytes(bytes)}, ${formatRate(bytes, durationMs)})`,
    mounted === 0 ? '' : `${mounted} mounted`,
    present === 0 ? '' : `${present} skipped`,
  ];
  return parts.filter((part) => part !== '').join(', ') || 'tags only';
};

const SCAN_ICONS = { passed: '✅', blocked: '⛔', unknown: '❔' } as const;

const renderScanCell = (push: PushResult, scan: Result['scan']): readonly string[] => {
  if (scan === undefined) return [];
  const scanned = scan.images.get(push);
  return [scanned === undefined ? '' : `${SCAN_ICONS[scanned.verdict]} ${scanned.text}`];
};

const renderRow = (push: PushResult, scan: Result['scan']): readonly (string | Markdown)[] => {
  const { spec, login, outcome, durationMs } = push;
  return [
    code(`${login.host}/${spec.repository}`),
    spec.tags.join(', '),
    raw(OUTCOME_LABELS[outcome.kind]),
    'digest' in outcome ? code(outcome.digest) : '',
    ...renderScanCell(push, scan),
    formatTransferStats(push),
    formatDuration(durationMs),
  ];
};

const renderFailures = ({ pushes }: Result): Markdown => {
  const lines = pushes.flatMap(({ spec, login, outcome }) =>
    outcome.kind === 'failed' ? [md`${code(`${login.host}/${spec.repository}`)}: ${errorMessage(outcome.error)}`] : [],
  );
  return lines.length === 0 ? raw('') : joinBlocks(heading(3, 'Errors'), list(lines));
};

const renderReferrers = ({ pushes }: Result): Markdown => {
  const lines = pushes.flatMap(({ spec, login, outcome }) =>
    'referrers' in outcome
      ? (outcome.referrers ?? []).map(
          ({ path, artifactType, digest, subject, tag }) =>
            md`${code(path ?? tag ?? digest)} (${artifactType}) refers to ${code(`${login.host}/${spec.repository}${subject === undefined ? '' : `@${subject}`}`)} as ${code(digest)}`,
        )
      : [],
  );
  return lines.length === 0 ? raw('') : joinBlocks(heading(3, 'Referrers'), list(lines));
};

/** The job summary: verdict, a table of images, failures, referrers and the scan gate. */
export const renderSummary = (result: Result, verdict: Verdict): Markdown => {
  const icon = verdict.kind === 'passed' ? '✅' : '❌';
  const title = heading(2, md`${raw(icon)} ECR: ${formatHeadline(result)}`);
  if (result.pushes.length === 0) return title;
  const { pushes, scan } = result;
  const scanned = scan === undefined ? [] : ['Scan'];
  const header = ['Repository', 'Tags', 'Result', 'Digest', ...scanned, 'Layers', 'Duration'];
  const rows = pushes.map((push) => renderRow(push, scan));
  return joinBlocks(
    title,
    table({ header, rows }),
    renderFailures(result),
    renderReferrers(result),
    scan?.summary ?? raw(''),
  );
};
