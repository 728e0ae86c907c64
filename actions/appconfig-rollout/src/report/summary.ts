import type { Verdict } from '@aws-delivery/action-kit/host/run-action';
import {
  bold,
  code,
  codeBlock,
  details,
  heading,
  joinBlocks,
  list,
  type Markdown,
  md,
  raw,
  table,
} from '@aws-delivery/action-kit/report/markdown';
import { type GanttBar, renderGantt } from '@aws-delivery/action-kit/report/mermaid';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import type { DeletionResult } from '../cleanup/cleanup.js';
import { formatProfileName } from '../desired/desired-profile.js';
import { formatLocation } from '../desired/validation-issue.js';
import { formatDifference } from '../plan/difference.js';
import type { Result } from '../result.js';
import { groupByTenant, type ProfileResult, type ProfileState } from '../run-record.js';
import { formatHeadline, getFailureReason } from './verdict.js';

const STATE_ICONS: Readonly<Record<ProfileState, string>> = {
  unchanged: '➖',
  planned: '✏️',
  pulled: '✅',
  differs: '✏️',
  waiting: '⏸️',
  deploying: '⏳',
  complete: '✅',
  deployed: '✅',
  started: '▶️',
  failed: '❌',
  'rolled-back': '↩️',
  reverted: '↩️',
  unfinished: '❔',
  'not-started': '⏸️',
};

const DELETION_LABELS: Readonly<Record<DeletionResult['state'], string>> = {
  planned: 'to be deleted',
  deleted: 'deleted',
  skipped: 'skipped',
  failed: 'not deleted',
};

const formatState = (state: ProfileState): string => state.replace('-', ' ');

const MAX_ROWS = 200;
const MAX_DIFFERENCES = 100;

const renderCell = (results: readonly ProfileResult[]): Markdown => {
  const states = groupBy(results, ({ state }) => state);
  return raw(
    [...states]
      .map(([, [first, ...more]]) => {
        const icon = first === undefined ? '' : STATE_ICONS[first.state];
        return md`${raw(icon)} ${first === undefined ? '' : formatState(first.state)}${more.length > 0 ? ` × ${more.length + 1}` : ''}`
          .markdown;
      })
      .join('<br>'),
  );
};

/** Tenants in rows, environments in columns. */
const renderMatrix = ({ record: { results } }: Result): Markdown => {
  if (results.length === 0) return raw('');
  const { environments, rows } = groupByTenant(results);
  const shown = rows.slice(0, MAX_ROWS);
  const more = rows.length - shown.length;
  return joinBlocks(
    table({
      header: ['Tenant', ...environments],
      rows: shown.map(({ tenant, cells }) => [bold(tenant), ...cells.map(renderCell)]),
    }),
    more > 0 ? md`(${more} more tenants)` : raw(''),
  );
};

const hasNoDeployment = ({ state }: ProfileResult): boolean =>
  ['unchanged', 'planned', 'pulled', 'differs'].includes(state);

const formatDeploymentDuration = ({ startedAt, endedAt }: ProfileResult): string =>
  startedAt === undefined || endedAt === undefined ? '' : formatDuration(endedAt - startedAt);

const renderDeployments = ({ record: { results } }: Result): Markdown => {
  const shown = results.filter((result) => !hasNoDeployment(result));
  if (shown.length === 0) return raw('');
  const rows = shown
    .slice(0, MAX_ROWS)
    .map((result) => [
      `${result.tenant}/${result.environment}`,
      result.profile,
      md`${raw(STATE_ICONS[result.state])} ${formatState(result.state)}`,
      result.deployment ?? '',
      code(result.label ?? result.version ?? ''),
      formatDeploymentDuration(result),
      result.reason ?? '',
    ]);
  const header = ['Environment', 'Profile', 'Status', 'Deployment', 'Version', 'Duration', 'Reason'];
  const more = shown.length - rows.length;
  return joinBlocks(heading(3, 'Deployments'), table({ header, rows }), more > 0 ? md`(${more} more)` : raw(''));
};

const renderDifferences = ({ profile, differences = [], file, template, version }: ProfileResult): Markdown => {
  const fileLabel = template === undefined ? (file ?? '') : `${file} merged into ${template}`;
  const title = md`${profile}${version === undefined ? ' (new)' : ''}${fileLabel === '' ? '' : ` · ${fileLabel}`}`;
  return joinBlocks(bold(title), codeBlock(differences.map(formatDifference).join('\n'), 'diff'));
};

/** The differences of a preview or pull by tenant and environment. */
const renderChanges = ({ record: { results }, request }: Result): Markdown => {
  const changed = results.filter(({ differences = [] }) => differences.length > 0);
  if (changed.length === 0) return raw('');
  const environments = [
    ...groupBy(changed.slice(0, MAX_DIFFERENCES), ({ tenant, environment }) => `${tenant}/${environment}`),
  ];
  const more = changed.length - MAX_DIFFERENCES;
  return joinBlocks(
    heading(3, 'Changes'),
    ...environments.map(([environment, environmentResults]) =>
      details(
        `${environment}: ${environmentResults.length} ${request.mode === 'pull' ? 'different' : 'to deploy'}`,
        joinBlocks(...environmentResults.map(renderDifferences)),
      ),
    ),
    more > 0 ? md`(${more} more)` : raw(''),
  );
};

const GANTT_STATES: Readonly<Partial<Record<ProfileState, GanttBar['state']>>> = {
  complete: 'done',
  deployed: 'done',
  started: 'active',
  deploying: 'active',
  unfinished: 'active',
  failed: 'failed',
  'rolled-back': 'failed',
  reverted: 'failed',
};

const renderTimeline = ({ record: { results }, request }: Result): Markdown => {
  const bars = results.flatMap((result): readonly GanttBar[] => {
    const { startedAt, endedAt } = result;
    const shown = GANTT_STATES[result.state];
    if (shown === undefined || startedAt === undefined || request.mode !== 'rollout') return [];
    return [{ name: formatProfileName(result), start: startedAt, end: endedAt ?? startedAt, state: shown }];
  });
  return renderGantt('Deployments', bars);
};

const renderIssues = ({ outcome, record }: Result): Markdown => {
  const issues = outcome.kind === 'invalid' ? outcome.issues : record.issues;
  if (issues.length === 0) return raw('');
  const rows = issues.slice(0, MAX_ROWS).map((issue) => [code(formatLocation(issue)), issue.message]);
  return table({ header: ['File', 'Error'], rows });
};

const renderDeletions = ({ outcome }: Result): Markdown => {
  if (outcome.kind !== 'cleaned-up' || outcome.deletions.length === 0) return raw('');
  const rows = outcome.deletions
    .slice(0, MAX_ROWS)
    .map(({ label, state, reason = '' }) => [label, DELETION_LABELS[state], reason]);
  return table({ header: ['Resource', 'Status', 'Reason'], rows });
};

/** The job summary: headline, issues or deletions, matrix, deployments, timeline and differences. */
export const renderSummary = (result: Result, verdict: Verdict): Markdown => {
  const icon = verdict.kind === 'passed' ? '✅' : '❌';
  const { notices } = result.record;
  return joinBlocks(
    heading(2, md`${raw(icon)} ${formatHeadline(result)}`),
    md`${getFailureReason(result) ?? ''}`,
    renderIssues(result),
    renderDeletions(result),
    renderMatrix(result),
    notices.length === 0 ? raw('') : list(notices),
    renderDeployments(result),
    renderTimeline(result),
    renderChanges(result),
  );
};
