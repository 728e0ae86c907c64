import { publishComment } from '@aws-delivery/action-kit/github/sticky-comment';
import { failed, passed, type Report, type Verdict } from '@aws-delivery/action-kit/host/run-action';
import {
  code,
  codeBlock,
  details,
  heading,
  joinBlocks,
  link,
  list,
  type Markdown,
  md,
  raw,
  table,
} from '@aws-delivery/action-kit/report/markdown';
import { createReportName } from '@aws-delivery/action-kit/report/report-name';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { getConsoleUrl } from '@aws-delivery/aws/region';
import type { Definition, Inputs, Outputs } from '../../action.js';
import { formatErrorKind } from '../report/error-kind.js';
import { getSharedFailureReason, isRejection } from '../report/verdict.js';
import type { Services } from '../services.js';
import { findHint } from './failures.js';
import type { PlannedOperation } from './plan.js';
import type { StackSetResult } from './result.js';
import type { Difference } from './set-change.js';

/** What the latest operation on each instance did, or what the instance's own status says; by `account/Region`. */
const listStates = ({ record, request }: StackSetResult): ReadonlyMap<string, string> => {
  const states = new Map(
    record.instances.map((instance) => {
      const { account, region, status, driftStatus } = instance;
      return [`${account}/${region}`, request.mode === 'drift' ? driftStatus : status] as const;
    }),
  );
  const results = record.operations.flatMap((operation) => operation.results);
  const isOverview = request.mode === 'preview' || request.mode === 'drift';
  const later = isOverview
    ? []
    : results.map(({ account, region, status }) => [`${account}/${region}`, status] as const);
  return new Map([...states, ...later]);
};

const actionNames: Readonly<Record<PlannedOperation['kind'], string>> = {
  'managed-execution': 'update',
  'update-set': 'update',
  update: 'update',
  create: 'create',
  delete: 'remove',
};

/** What a deployment would do by `account/Region`; new instances of an organizational unit by `unit/Region`. */
const listPlannedActions = ({ record }: StackSetResult): ReadonlyMap<string, string> =>
  new Map([
    ...record.instances.map(({ account, region, status }) => {
      return [`${account}/${region}`, status === 'INOPERABLE' ? 'inoperable' : 'no change'] as const;
    }),
    ...record.planned.flatMap(({ kind, cells }) => cells.map((cell) => [cell, actionNames[kind]] as const)),
  ]);

const formatStateCounts = (states: ReadonlyMap<string, string>): string =>
  [...groupBy([...states.values()], (state) => state)].map(([state, own]) => `${own.length} ${state}`).join(', ');

const describeOutcome = (result: StackSetResult): string => {
  const { outcome, record, request } = result;
  const failedCount = record.failures.reduce((sum, { places }) => sum + places.length, 0);
  switch (outcome.kind) {
    case 'done':
      return request.mode === 'delete' ? 'deletion complete' : `complete (${formatStateCounts(listStates(result))})`;
    case 'unchanged':
      return request.mode === 'wait' ? 'no operation in progress' : 'no changes';
    case 'previewed':
      return record.planned.length === 0 ? 'no changes' : formatStateCounts(listPlannedActions(result));
    case 'started':
      return 'operation started';
    case 'drift':
      return formatStateCounts(listStates(result)) || 'no instances';
    case 'partial':
      return `partially complete, ${pluralize(failedCount, 'instance')} failed`;
    case 'failed':
      return `${record.operations.at(-1)?.title ?? 'operation'} ${record.operations.at(-1)?.status ?? 'failed'}`;
    case 'invalid':
      return `not started (${pluralize(outcome.issues.length, 'validation error')})`;
    case 'rejected':
      return `${request.mode} rejected`;
    case 'unknown': {
      const kind = formatErrorKind(outcome.error);
      return `${request.mode} not completed${kind === undefined ? '' : ` (${kind})`}`;
    }
  }
};

export const formatStackSetHeadline = (result: StackSetResult): string =>
  `${result.request.name}${result.request.mode === 'preview' ? ' preview' : ''}: ${describeOutcome(result)}`;

const formatFailures = ({ record }: StackSetResult): string =>
  record.failures
    .map(({ reason, places, causes }) => `${places.length} × ${[reason, ...causes].join('; ')}`)
    .join('. ');

const getReason = (result: StackSetResult): string | undefined => {
  const { outcome, record } = result;
  switch (outcome.kind) {
    case 'failed':
      return formatFailures(result) || record.operations.at(-1)?.reason || 'no reason given';
    case 'partial':
      return formatFailures(result);
    default:
      return getSharedFailureReason(outcome);
  }
};

const getStackSetVerdict = (result: StackSetResult): Verdict => {
  const reason = getReason(result);
  const { outcome } = result;
  if (reason === undefined || (outcome.kind === 'partial' && !outcome.isFailure)) return passed;
  return failed(isRejection(outcome) ? reason : `${formatStackSetHeadline(result)}: ${reason}`);
};

const renderMatrix = (states: ReadonlyMap<string, string>): Markdown => {
  const cells = [...states].map(([key, state]) => ({
    row: key.split('/')[0] ?? '',
    region: key.split('/')[1] ?? '',
    state,
  }));
  const regions = [...new Set(cells.map(({ region }) => region))];
  const rows = [...groupBy(cells, ({ row }) => row)].map(([row, own]) => [
    code(row),
    ...regions.map((region) => own.find((cell) => cell.region === region)?.state ?? ''),
  ]);
  return rows.length === 0 ? raw('') : table({ header: ['Target', ...regions], rows });
};

/** Places in a row of the failure table; the matrix shows all. */
const MAX_PLACES = 20;

const renderFailures = ({ record }: StackSetResult): Markdown => {
  if (record.failures.length === 0) return raw('');
  const rows = record.failures.map(({ reason, places, causes, hint }) => {
    const shown = places.slice(0, MAX_PLACES).join(', ');
    const suffix = places.length > MAX_PLACES ? ` (${places.length - MAX_PLACES} more)` : '';
    return [places.length, [reason, ...causes].join('; '), `${shown}${suffix}`, hint];
  });
  return joinBlocks(heading(3, 'Failures'), table({ header: ['Instances', 'Reason', 'Targets', 'Remedy'], rows }));
};

const renderDifference = ({ name, before, after, isPublic }: Difference, showValues: boolean): Markdown => {
  if (name === 'Template') {
    const lines = joinBlocks(md`Before`, codeBlock(before), md`After`, codeBlock(after));
    return details('Template', lines);
  }
  return isPublic && showValues ? md`${code(name)}: ${code(before)} → ${code(after)}` : md`${code(name)}`;
};

const renderPreview = (result: StackSetResult): Markdown => {
  const { record, request, outcome } = result;
  if (outcome.kind !== 'previewed') return raw('');
  const differences = record.comparison?.differences ?? [];
  return joinBlocks(
    md`Stack sets have no change sets: the preview compares the stack set with the inputs, and does not show changes of resources.`,
    differences.length === 0 ? raw('') : heading(3, 'Changes of the stack set'),
    ...differences.map((difference) => renderDifference(difference, request.showValues)),
    heading(3, 'Instances'),
    renderMatrix(listPlannedActions(result)),
  );
};

const renderResults = (result: StackSetResult): Markdown => {
  const states = listStates(result);
  if (result.outcome.kind === 'previewed' || states.size === 0) return raw('');
  return joinBlocks(heading(3, 'Instances'), md`${formatStateCounts(states)}`, renderMatrix(states));
};

const getStackSetUrl = ({ record, region }: StackSetResult): string | undefined => {
  const id = record.stackSet?.StackSetId;
  const path = `/cloudformation/home?region=${region}#/stacksets/${encodeURIComponent(id ?? '')}/info`;
  return id === undefined ? undefined : getConsoleUrl(region, path);
};

const renderStackSetSummary = (result: StackSetResult): Markdown => {
  const { record, outcome } = result;
  const verdict = getStackSetVerdict(result);
  const icon = verdict.kind === 'failed' ? '❌' : outcome.kind === 'partial' ? '⚠️' : '✅';
  const [url, reason] = [getStackSetUrl(result), getReason(result)];
  const isExplained = record.failures.length > 0;
  const hint = outcome.kind === 'unknown' && reason !== undefined ? findHint(reason) : '';
  return joinBlocks(
    heading(2, md`${raw(icon)} ${formatStackSetHeadline(result)}`),
    url === undefined ? raw('') : link('Open in the console', url),
    reason === undefined || isExplained ? raw('') : md`${reason}`,
    /trusted access|delegated/iu.test(hint) ? md`${hint}` : raw(''),
    renderPreview(result),
    renderFailures(result),
    record.notes.length === 0 ? raw('') : list(record.notes),
    renderResults(result),
  );
};

const buildOutputs = (result: StackSetResult): Outputs => {
  const { record, outcome } = result;
  const isPlan = outcome.kind === 'previewed';
  const states = isPlan ? listPlannedActions(result) : listStates(result);
  const [failure] = record.failures;
  return {
    'stack-set-id': record.stackSet?.StackSetId,
    'stack-set-instances': Object.fromEntries(states),
    'operation-ids': record.operations.map(({ id }) => id),
    'has-changes': isPlan ? record.planned.length > 0 : outcome.kind === 'unchanged' ? false : undefined,
    'retry-count': record.retries,
    'root-cause': failure === undefined ? undefined : [failure.reason, ...failure.causes].join('; '),
    'console-url': getStackSetUrl(result),
  };
};

/** Whether a run found or made no changes. */
const isUnchanged = (result: StackSetResult): boolean => {
  const { outcome, record } = result;
  if (getReason(result) !== undefined) return false;
  if (outcome.kind === 'drift') return !record.instances.some(({ driftStatus }) => driftStatus === 'DRIFTED');
  return outcome.kind === 'unchanged' || (outcome.kind === 'previewed' && record.planned.length === 0);
};

/** Updates the pull request's comment on this stack set if the inputs request one. */
export const publishStackSetComment = async (
  inputs: Inputs,
  result: StackSetResult,
  { host, comments }: Services,
): Promise<void> => {
  if (inputs.comment === 'none') return;
  const subject = ['stack-set', result.request.name, result.region];
  const comment = {
    mode: inputs.comment,
    name: createReportName({ action: 'cloudformation-deploy', inputs, env: host.env, subject, scope: 'any' }),
    previousSubject: `cloudformation-deploy stack-set ${result.request.name} ${result.region}`,
    body: renderStackSetSummary(result).markdown,
    isEmpty: isUnchanged(result),
  };
  await publishComment(comments, comment, host);
};

/** Verdict, outputs, summary and annotations of a run on a stack set. */
export const reportStackSet = (result: StackSetResult): Report<Definition> => {
  const verdict = getStackSetVerdict(result);
  const { outcome } = result;
  const warning = outcome.kind === 'partial' && !outcome.isFailure ? getReason(result) : undefined;
  return {
    verdict,
    outputs: buildOutputs(result),
    summary: renderStackSetSummary(result).markdown,
    annotations:
      warning === undefined ? [] : [{ level: 'warning', message: `${formatStackSetHeadline(result)}: ${warning}` }],
  };
};
