import { durationText } from '@aws-delivery/action-kit/clock';
import { countText } from '@aws-delivery/action-kit/count-text';
import {
  bold,
  code,
  heading,
  link,
  list,
  type Markdown,
  md,
  page,
  raw,
  table,
} from '@aws-delivery/action-kit/markdown';
import type { Verdict } from '@aws-delivery/action-kit/run';
import { changeTable } from './change-view.js';
import { findingText } from './finding.js';
import { resourceTimeline } from './gantt.js';
import type { Journal } from './journal.js';
import { keptOf } from './kept.js';
import { isNamed } from './presentation.js';
import { plainReason } from './reason.js';
import type { Result } from './result.js';
import { type Cause, causePath } from './root-cause.js';
import { consoleUrl } from './stack.js';
import { headlineOf, reasonOf } from './verdict.js';

const lineText = ({ within, logicalId }: Cause, { templateFile, lineOf }: Journal): string => {
  const line = within.length === 0 ? lineOf(['Resources', logicalId]) : undefined;
  return line === undefined ? '' : `${templateFile ?? 'template'}:${line}`;
};

const causesPart = (journal: Journal): Markdown => {
  const { causes } = journal;
  if (causes.length === 0) return raw('');
  const rows = causes.map((cause) => [
    code(causePath(cause)),
    cause.type,
    plainReason(cause.reason) || cause.status,
    lineText(cause, journal),
    [journal.blameOf(cause), cause.remedy].filter((part) => part !== undefined).join('; '),
  ]);
  return page(heading(3, 'Root cause'), table({ header: ['resource', 'type', 'reason', 'template', 'remedy'], rows }));
};

const retriesPart = ({ retries }: Journal): Markdown => {
  if (retries.length === 0) return raw('');
  const rows = retries.map(({ number, pause, causes }) => [
    number,
    durationText(pause),
    causes.map((cause) => `${causePath(cause)}: ${cause.code === '' ? cause.kind : cause.code}`).join(', '),
  ]);
  return page(heading(3, 'Retries'), table({ header: ['retry', 'after', 'because of'], rows }));
};

const outputsPart = ({ journal: { stack }, request }: Result): Markdown => {
  if (stack === undefined || stack.outputs.length === 0) return raw('');
  const rows = stack.outputs.map(({ key, value, description }) => [
    code(key),
    isNamed(key, request.presentation.maskedOutputs) ? '***' : code(value),
    description ?? '',
  ]);
  return page(heading(3, 'Outputs'), table({ header: ['output', 'value', 'description'], rows }));
};

/** More names than this say no more to anybody. */
const MOST_NAMES = 10;

const keptText = ({ wasResumed, madeBefore, operations }: Journal): string | undefined => {
  const kept = keptOf(madeBefore, operations);
  if (!wasResumed || kept.length === 0) return undefined;
  const names = kept.slice(0, MOST_NAMES).join(', ');
  const rest = kept.length > MOST_NAMES ? ', …' : '';
  return `resumed: ${countText(kept.length, 'resource')} kept (${names}${rest})`;
};

const notesPart = (journal: Journal): Markdown => {
  const notes = [keptText(journal), ...journal.notes].filter((note) => note !== undefined);
  return notes.length === 0 ? raw('') : list(notes);
};

const endingPart = ({ ending }: Result): Markdown => {
  if (ending.kind === 'change-set-failed') return list(ending.findings.map(findingText));
  if (ending.kind !== 'drift') return raw('');
  const rows = ending.drift.resources.flatMap(({ logicalId, type, status, properties }) =>
    properties.length === 0
      ? [[code(logicalId), type, status, '', '', '']]
      : properties.map(({ path, kind, expected = '', actual = '' }) => [
          ...[code(logicalId), type, status],
          ...[kind === '' ? path : `${path} (${kind})`, expected, actual],
        ]),
  );
  const header = ['resource', 'type', 'status', 'property', 'expected', 'actual'];
  return rows.length === 0 ? raw('') : table({ header, rows });
};

/** The job summary: verdict, what changed, when, why it failed, what to do. */
export const summaryOf = (result: Result, verdict: Verdict): Markdown => {
  const { journal } = result;
  const { stack, changeSet } = journal;
  const mark = verdict.kind === 'passed' ? '✅' : '❌';
  const parts = [
    heading(2, md`${raw(mark)} ${headlineOf(result)}`),
    stack === undefined ? raw('') : md`${bold(stack.status)} · ${link('console', consoleUrl(stack.id) ?? '')}`,
    reasonOf(result) === undefined ? raw('') : md`${reasonOf(result) ?? ''}`,
    endingPart(result),
    causesPart(journal),
    retriesPart(journal),
    notesPart(journal),
    changeSet === undefined ? raw('') : page(heading(3, 'Changes'), changeTable(changeSet)),
    resourceTimeline(journal),
    outputsPart(result),
  ];
  return page(...parts);
};
