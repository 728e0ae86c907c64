import type { Host } from '@aws-delivery/action-kit/host/host';
import {
  code,
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
import { type GanttBar, renderGantt } from '@aws-delivery/action-kit/report/mermaid';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { renderChangeTable } from '../change-set/change-view.js';
import { formatReference } from '../parameters/stack-output-references.js';
import { getRunUrl } from '../report/pr-comment.js';
import { renderSummary } from '../report/summary.js';
import { describeOutcome, getFailureReason, getVerdict, joinSentences } from '../report/verdict.js';
import { CHANGE_SET_MODES, type StackRun, type StacksResult } from './stacks-result.js';

/** Result of one stack in one word, as in the output `stack-results`. */
export type StackState =
  | 'complete'
  | 'unchanged'
  | 'changes'
  | 'started'
  | 'in-sync'
  | 'drifted'
  | 'pending'
  | 'failed'
  | 'skipped';

/** States in the order of the headline, with their labels. */
const stateLabels: Readonly<Record<StackState, string>> = {
  failed: 'failed',
  skipped: 'skipped',
  complete: 'complete',
  started: 'started',
  changes: 'with changes',
  pending: 'not previewed yet',
  drifted: 'drifted',
  'in-sync': 'in sync',
  unchanged: 'unchanged',
};

/** Why the run of a stack failed; undefined for one that succeeded or did not start. */
export const getRunFailure = ({ outcome }: StackRun): string | undefined =>
  outcome.kind === 'finished' ? getFailureReason(outcome.result) : undefined;

export const getStackState = (run: StackRun): StackState => {
  const { outcome } = run;
  if (outcome.kind !== 'finished') return outcome.kind;
  const { result } = outcome;
  if (getRunFailure(run) !== undefined) return 'failed';
  switch (result.outcome.kind) {
    case 'done':
      return 'complete';
    case 'previewed':
      return 'changes';
    case 'unchanged':
    case 'started':
      return result.outcome.kind;
    case 'drift':
      return result.outcome.drift.status === 'IN_SYNC' ? 'in-sync' : 'drifted';
    default:
      return 'failed';
  }
};

/** Outcome of one stack in a few words, with the reason of a failure. */
export const describeRun = ({ outcome }: StackRun): string => {
  if (outcome.kind === 'skipped') return `not started, because of ${outcome.blockers.join(', ')}`;
  if (outcome.kind === 'finished') return describeOutcome(outcome.result);
  return outcome.reasons.join('; ');
};

/** `3 stacks: 1 failed, 1 skipped, 1 complete`. */
export const formatStacksHeadline = (result: StacksResult): string => {
  const states = result.runs.map(getStackState);
  const counts = Object.entries(stateLabels).flatMap(([state, label]) => {
    const count = states.filter((other) => other === state).length;
    return count === 0 ? [] : [`${count} ${label}`];
  });
  return `${pluralize(result.runs.length, 'stack')}${result.mode === 'preview' ? ' preview' : ''}: ${counts.join(', ')}`;
};

const hasChanges = (result: StacksResult, stackName: string): boolean =>
  result.runs.some((run) => run.name === stackName && ['changes', 'pending'].includes(getStackState(run)));

/** In a preview, lines on inputs that come from other stacks with changes. */
const listReferenceNotes = (result: StacksResult): readonly string[] => {
  if (!CHANGE_SET_MODES.includes(result.mode)) return [];
  return result.runs.flatMap((run) => {
    return run.references
      .filter(({ stackName }) => hasChanges(result, stackName))
      .map((reference) => {
        const value = `the current value of ${formatReference(reference)}`;
        return `${run.name}: parameter ${reference.parameter} has ${value}, which the changes to ${reference.stackName} may replace`;
      });
  });
};

const ICONS: Readonly<Partial<Record<StackState, string>>> = {
  failed: '❌',
  skipped: '⏭️',
  pending: '⏳',
  drifted: '⚠️',
};

const renderStackTable = ({ runs }: StacksResult): Markdown =>
  table({
    header: ['Stack', 'Result', 'Details'],
    rows: runs.map((run) => {
      const state = getStackState(run);
      const description = joinSentences(describeRun(run), getRunFailure(run));
      return [code(run.name), `${ICONS[state] ?? '✅'} ${stateLabels[state]}`, description];
    }),
  });

const renderNotes = (result: StacksResult): Markdown => {
  const notes = listReferenceNotes(result);
  return notes.length === 0 ? raw('') : list(notes);
};

const renderTimeline = ({ runs }: StacksResult): Markdown => {
  const bars = runs.flatMap((run): readonly GanttBar[] => {
    if (run.outcome.kind !== 'finished') return [];
    const { startedAt: start, endedAt: end } = run.outcome;
    return [{ name: run.name, start, end, state: getStackState(run) === 'failed' ? 'failed' : 'done' }];
  });
  return renderGantt('Stacks', bars);
};

const renderHeading = (level: 2 | 3, result: StacksResult): Markdown => {
  const isFailed = result.runs.some((run) => isFailedRun(run, result));
  return heading(level, md`${raw(isFailed ? '❌' : '✅')} ${formatStacksHeadline(result)}`);
};

/** Whether the stack fails the step. A pending stack is expected in a preview only. */
export const isFailedRun = (run: StackRun, { mode }: StacksResult): boolean => {
  const state = getStackState(run);
  return state === 'failed' || state === 'skipped' || (state === 'pending' && mode !== 'preview');
};

/** Changes of all stacks, as Markdown. */
export const renderStackChanges = (result: StacksResult): Markdown =>
  joinBlocks(
    renderStackTable(result),
    renderNotes(result),
    ...result.runs.flatMap(({ name, outcome }) => {
      const changeSet = outcome.kind === 'finished' ? outcome.result.record.changeSet : undefined;
      if (changeSet === undefined || changeSet.changes.length === 0) return [];
      const title = `${name}: ${pluralize(changeSet.changes.length, 'change')}`;
      return [details(title, renderChangeTable(changeSet))];
    }),
  );

/** The pull-request comment on all stacks. */
export const renderStacksComment = (result: StacksResult, host: Host): Markdown => {
  const runUrl = getRunUrl(host);
  return joinBlocks(
    renderHeading(3, result),
    renderStackChanges(result),
    runUrl === undefined ? raw('') : md`${link('Workflow run', runUrl)}`,
  );
};

/** The job summary: all stacks in one table and chart, then each one as if it were alone, collapsed. */
export const renderStacksSummary = (result: StacksResult): Markdown =>
  joinBlocks(
    renderHeading(2, result),
    renderStackTable(result),
    renderNotes(result),
    renderTimeline(result),
    ...result.runs.flatMap((run) => {
      if (run.outcome.kind !== 'finished') return [];
      const { result: stackResult } = run.outcome;
      return [details(run.name, renderSummary(stackResult, getVerdict(stackResult)))];
    }),
  );
