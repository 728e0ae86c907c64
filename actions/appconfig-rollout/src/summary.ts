import { durationText } from '@aws-delivery/action-kit/clock';
import {
  bold,
  code,
  details,
  fence,
  heading,
  list,
  type Markdown,
  md,
  page,
  raw,
  table,
} from '@aws-delivery/action-kit/markdown';
import { type Bar, timeline } from '@aws-delivery/action-kit/mermaid';
import type { Verdict } from '@aws-delivery/action-kit/run';
import { differenceLine } from './difference.js';
import { placeText } from './fault.js';
import { groupBy } from './group.js';
import type { Outcome, State } from './outcome.js';
import type { Result } from './result.js';
import { headlineOf, reasonOf } from './verdict.js';

const MARKS: Readonly<Record<State, string>> = {
  unchanged: '➖',
  planned: '✏️',
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

const MOST_ROWS = 200;
const MOST_DIFFS = 100;

const cellOf = (outcomes: readonly Outcome[]): Markdown => {
  const states = groupBy(outcomes, ({ state }) => state);
  return raw(
    [...states]
      .map(([, [first, ...more]]) => {
        const mark = first === undefined ? '' : MARKS[first.state];
        return md`${raw(mark)} ${first?.state ?? ''}${more.length > 0 ? ` × ${more.length + 1}` : ''}`.markdown;
      })
      .join('<br>'),
  );
};

/** Tenants in rows, environments in columns. */
const matrix = ({ journal: { outcomes } }: Result): Markdown => {
  if (outcomes.length === 0) return raw('');
  const environments = [...new Set(outcomes.map(({ environment }) => environment))];
  const tenants = [...groupBy(outcomes, ({ tenant }) => tenant)];
  const rows = tenants
    .slice(0, MOST_ROWS)
    .map(([tenant, own]) => [
      bold(tenant),
      ...environments.map((name) => cellOf(own.filter(({ environment }) => environment === name))),
    ]);
  const more = tenants.length - rows.length;
  return page(
    table({ header: ['tenant', ...environments], rows }),
    more > 0 ? md`${more} more tenants are not shown.` : raw(''),
  );
};

const versionText = ({ label, version }: Outcome): string => label ?? version ?? '';

const isQuiet = ({ state }: Outcome): boolean => state === 'unchanged' || state === 'planned';

const lengthText = ({ startedAt, endedAt }: Outcome): string =>
  startedAt === undefined || endedAt === undefined ? '' : durationText(endedAt - startedAt);

const deploymentTable = ({ journal: { outcomes } }: Result): Markdown => {
  const told = outcomes.filter((outcome) => !isQuiet(outcome));
  if (told.length === 0) return raw('');
  const rows = told
    .slice(0, MOST_ROWS)
    .map((outcome) => [
      `${outcome.tenant}/${outcome.environment}`,
      outcome.profile,
      md`${raw(MARKS[outcome.state])} ${outcome.state}`,
      outcome.deployment ?? '',
      code(versionText(outcome)),
      lengthText(outcome),
      outcome.reason ?? '',
    ]);
  const header = ['where', 'profile', 'state', 'deployment', 'version', 'time', 'why'];
  const more = told.length - rows.length;
  return page(heading(3, 'Deployments'), table({ header, rows }), more > 0 ? md`${more} more are not shown.` : raw(''));
};

const diffOf = ({ profile, differences = [], file, template, version }: Outcome): Markdown => {
  const from = template === undefined ? (file ?? '') : `${file} merged into ${template}`;
  const title = md`${profile}${version === undefined ? ' (new)' : ''}${from === '' ? '' : ` · ${from}`}`;
  return page(bold(title), fence(differences.map(differenceLine).join('\n'), 'diff'));
};

/** A tree of tenants and environments with what would change in each. */
const diffs = ({ journal: { outcomes } }: Result): Markdown => {
  const changed = outcomes.filter(({ differences = [] }) => differences.length > 0);
  if (changed.length === 0) return raw('');
  const places = [...groupBy(changed.slice(0, MOST_DIFFS), ({ tenant, environment }) => `${tenant}/${environment}`)];
  const more = changed.length - MOST_DIFFS;
  return page(
    heading(3, 'Changes'),
    ...places.map(([place, own]) => details(`${place}: ${own.length} to change`, page(...own.map(diffOf)))),
    more > 0 ? md`${more} more changes are not shown.` : raw(''),
  );
};

const BARS: Readonly<Partial<Record<State, Bar['state']>>> = {
  complete: 'done',
  deployed: 'done',
  started: 'active',
  deploying: 'active',
  unfinished: 'active',
  failed: 'failed',
  'rolled-back': 'failed',
  reverted: 'failed',
};

const gantt = ({ journal: { outcomes }, request }: Result): Markdown => {
  const bars = outcomes.flatMap(({ tenant, environment, profile, state, startedAt, endedAt }): readonly Bar[] => {
    const shown = BARS[state];
    if (shown === undefined || startedAt === undefined || request.mode !== 'rollout') return [];
    return [{ name: `${tenant}/${environment} ${profile}`, start: startedAt, end: endedAt ?? startedAt, state: shown }];
  });
  return timeline('Deployments', bars);
};

const faultsPart = ({ ending, journal }: Result): Markdown => {
  const faults = ending.kind === 'faulty' ? ending.faults : journal.faults;
  if (faults.length === 0) return raw('');
  const rows = faults.slice(0, MOST_ROWS).map((fault) => [code(placeText(fault)), fault.message]);
  return table({ header: ['where', 'what is wrong'], rows });
};

const removalPart = ({ ending }: Result): Markdown => {
  if (ending.kind !== 'cleaned' || ending.removals.length === 0) return raw('');
  const rows = ending.removals.slice(0, MOST_ROWS).map(({ what, state, reason = '' }) => [what, state, reason]);
  return table({ header: ['what', 'state', 'why'], rows });
};

/** The job summary: verdict, matrix, what happened when, what changed. */
export const summaryOf = (result: Result, verdict: Verdict): Markdown => {
  const mark = verdict.kind === 'passed' ? '✅' : '❌';
  const { notes } = result.journal;
  return page(
    heading(2, md`${raw(mark)} ${headlineOf(result)}`),
    md`${reasonOf(result) ?? ''}`,
    faultsPart(result),
    removalPart(result),
    matrix(result),
    notes.length === 0 ? raw('') : list(notes),
    deploymentTable(result),
    gantt(result),
    diffs(result),
  );
};
