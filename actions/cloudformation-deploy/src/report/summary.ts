import type { Verdict } from '@aws-delivery/action-kit/host/run-action';
import {
  bold,
  code,
  heading,
  joinBlocks,
  link,
  list,
  type Markdown,
  md,
  raw,
  table,
} from '@aws-delivery/action-kit/report/markdown';
import { formatDuration, pluralize } from '@aws-delivery/action-kit/util/format';
import { renderChangeTable } from '../change-set/change-view.js';
import { formatFinding } from '../change-set/validation-findings.js';
import { type Cause, findSourceParameter, formatCausePath, formatReason } from '../operation/root-cause.js';
import { findRetainedResources } from '../recovery/retained-resources.js';
import type { Result } from '../result.js';
import type { RunRecord } from '../run-record.js';
import type { Drift } from '../stack/drift-exceptions.js';
import { getStackConsoleUrl } from '../stack/stack.js';
import { isMaskedOutput } from '../stack/stack-outputs.js';
import { renderResourceTimeline } from './gantt.js';
import { formatHeadline, getFailureReason, joinSentences } from './verdict.js';

const formatLocation = ({ stackPath, logicalId }: Cause, { templateFile, template }: RunRecord): string => {
  const line = stackPath.length === 0 ? template?.getPosition(['Resources', logicalId])?.line : undefined;
  return line === undefined ? '' : `${templateFile ?? 'template'}:${line}`;
};

const renderCauses = (record: RunRecord): Markdown => {
  const { causes, template } = record;
  if (causes.length === 0) return raw('');
  const rows = causes.map((cause) => [
    code(formatCausePath(cause)),
    cause.type,
    formatReason(cause.reason) || cause.status,
    formatLocation(cause, record),
    joinSentences(template && findSourceParameter(template, cause), cause.hint),
  ]);
  return joinBlocks(
    heading(3, 'Root cause'),
    table({ header: ['Resource', 'Type', 'Reason', 'Template', 'Remedy'], rows }),
  );
};

const renderRetries = ({ retries }: RunRecord): Markdown => {
  if (retries.length === 0) return raw('');
  const rows = retries.map(({ number, delayMs, causes }) => [
    number,
    formatDuration(delayMs),
    causes.map((cause) => `${formatCausePath(cause)}: ${cause.code === '' ? cause.kind : cause.code}`).join(', '),
  ]);
  return joinBlocks(heading(3, 'Retries'), table({ header: ['Retry', 'Delay', 'Cause'], rows }));
};

const renderOutputs = ({ record: { stack }, request }: Result): Markdown => {
  if (stack === undefined || stack.outputs.length === 0) return raw('');
  const rows = stack.outputs.map(({ key, value, description }) => [
    code(key),
    isMaskedOutput(key, request.reportOptions) ? '***' : code(value),
    description ?? '',
  ]);
  return joinBlocks(heading(3, 'Outputs'), table({ header: ['Output', 'Value', 'Description'], rows }));
};

/** Limit of the names in the note about retained resources. */
const MAX_NAMES = 10;

const formatRetainedResources = ({ wasResumed, createdBefore, operations }: RunRecord): string | undefined => {
  const retained = findRetainedResources(createdBefore, operations);
  if (!wasResumed || retained.length === 0) return undefined;
  const names = retained.slice(0, MAX_NAMES).join(', ');
  const suffix = retained.length > MAX_NAMES ? ` (${retained.length - MAX_NAMES} more)` : '';
  return `Resumed from the point of failure, ${pluralize(retained.length, 'resource')} kept: ${names}${suffix}`;
};

const renderNotes = (record: RunRecord): Markdown => {
  const notes = [formatRetainedResources(record), ...record.notes].filter((note) => note !== undefined);
  return notes.length === 0 ? raw('') : list(notes);
};

const renderIgnoredDrift = ({ ignored }: Drift): Markdown => {
  if (ignored.length === 0) return raw('');
  const rows = ignored.map(({ logicalId, type, status, property = '', reason, entry }) => [
    ...[code(logicalId), type, status, property],
    `${reason} (${entry})`,
  ]);
  const header = ['Resource', 'Type', 'Status', 'Property', 'Reason'];
  return joinBlocks(heading(3, 'Ignored drift'), table({ header, rows }));
};

const renderDrift = ({ resources }: Drift): Markdown => {
  const rows = resources.flatMap(({ logicalId, type, status, properties }) =>
    properties.length === 0
      ? [[code(logicalId), type, status, '', '', '']]
      : properties.map(({ path, kind, expected = '', actual = '' }) => [
          ...[code(logicalId), type, status],
          ...[kind === '' ? path : `${path} (${kind})`, expected, actual],
        ]),
  );
  const header = ['Resource', 'Type', 'Status', 'Property', 'Expected', 'Actual'];
  return rows.length === 0 ? raw('') : table({ header, rows });
};

const renderOutcome = ({ outcome }: Result): Markdown => {
  if (outcome.kind === 'change-set-failed') return list(outcome.findings.map(formatFinding));
  if (outcome.kind !== 'drift') return raw('');
  return joinBlocks(renderDrift(outcome.drift), renderIgnoredDrift(outcome.drift));
};

/** The job summary: verdict, root cause, retries, notes, changes, timeline and outputs. */
export const renderSummary = (result: Result, verdict: Verdict): Markdown => {
  const { record } = result;
  const { stack, changeSet } = record;
  const icon = verdict.kind === 'passed' ? '✅' : '❌';
  const sections = [
    heading(2, md`${raw(icon)} ${formatHeadline(result)}`),
    stack === undefined
      ? raw('')
      : md`${bold(stack.status)} · ${link('Open in the console', getStackConsoleUrl(stack.id) ?? '')}`,
    getFailureReason(result) === undefined ? raw('') : md`${getFailureReason(result) ?? ''}`,
    renderOutcome(result),
    renderCauses(record),
    renderRetries(record),
    renderNotes(record),
    changeSet === undefined ? raw('') : joinBlocks(heading(3, 'Changes'), renderChangeTable(changeSet)),
    renderResourceTimeline(record),
    renderOutputs(result),
  ];
  return joinBlocks(...sections);
};
