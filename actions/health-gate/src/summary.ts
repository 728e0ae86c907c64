import { durationText } from '@aws-delivery/action-kit/clock';
import {
  bold,
  code,
  details,
  heading,
  link,
  list,
  type Markdown,
  md,
  page,
  raw,
  table,
} from '@aws-delivery/action-kit/markdown';
import { type Bar, timeline } from '@aws-delivery/action-kit/mermaid';
import { MOST_DESCRIBED } from './description.js';
import { entitiesText, lastWords, sinceText } from './hold-text.js';
import type { Hold, Look } from './look.js';
import type { Request } from './request.js';
import type { Result } from './result.js';
import type { Gate } from './verdict.js';

const MARKS: Readonly<Record<Gate, string>> = { passed: '✅', blocked: '⛔', overridden: '⚠️', unknown: '❔' };

const rowOf = (hold: Hold, now: number): readonly (string | Markdown)[] => {
  switch (hold.kind) {
    case 'event': {
      const { service, region, zone, startsAt, text, entities, typeCode } = hold.event;
      const words = lastWords(text);
      return [
        bold(service),
        zone === undefined ? region : `${region} (${zone})`,
        sinceText(startsAt, now),
        words === '' ? code(typeCode) : words,
        entitiesText(entities),
        link('console', hold.event.link),
      ];
    }
    case 'calendar':
      return [
        bold('Calendar'),
        '',
        hold.opensAt === undefined ? '' : `until ${hold.opensAt}`,
        md`${code(hold.name)} is closed`,
      ];
    case 'alarm':
      return [bold('Alarm'), '', sinceText(hold.since, now), md`${code(hold.name)}: ${hold.reason}`];
  }
};

/** What holds, as a table. */
export const holdTable = ({ holds, at }: Look): Markdown => {
  if (holds.length === 0) return raw('');
  const header = ['what', 'Region', 'since', 'last update', 'affects', ''];
  const rows = holds.slice(0, MOST_DESCRIBED).map((hold) => rowOf(hold, at));
  const more = holds.length - rows.length;
  return page(table({ header, rows }), more > 0 ? md`${more} more count and are not shown.` : raw(''));
};

const listText = (values: readonly string[], none: string): string => (values.length === 0 ? none : values.join(', '));

const askedRows = ({ request, footprint }: Result): readonly (readonly string[])[] => {
  const { criteria, whose } = request;
  const optional: readonly (readonly [string, readonly string[]])[] = [
    ['Availability Zones', criteria.zones],
    ['Actionability', criteria.actionabilities],
    ['Personas', criteria.personas],
    ['Event types', criteria.typeCodes],
    ['Calendars', request.calendars],
    ['Alarms', request.alarms],
    ['Exceptions', criteria.ignore.map(({ name, reason }) => `${name}: ${reason}`)],
    ['Not in the map of resource types', footprint?.unmapped ?? []],
  ];
  return [
    [
      'Whose',
      whose.kind === 'account' ? 'this account' : `the organisation: ${listText(whose.accounts, 'all accounts')}`,
    ],
    ['Regions', criteria.regions.length === 0 ? 'all' : [...criteria.regions, 'global'].join(', ')],
    ['Services', listText(criteria.services, 'all')],
    ['Kinds', `${criteria.categories.join(', ')}; ${criteria.statuses.join(', ')}`],
    ...optional.filter(([, values]) => values.length > 0).map(([name, values]) => [name, values.join(', ')]),
  ];
};

const leftOutLine = ({ leftOut }: Look): Markdown => {
  const reasons = Object.entries(leftOut).map(([because, count]) => `${count} by ${because}`);
  return reasons.length === 0 ? raw('') : md`Events that do not count: ${reasons.join(', ')}.`;
};

const overrideLine = ({ decision, request, run }: Result): Markdown =>
  decision.gate === 'overridden'
    ? md`Overridden by ${bold(run.actor ?? 'somebody unknown')}: ${request.override ?? ''}`
    : raw('');

const history = ({ episodes, startedAt, endedAt }: Result): Markdown => {
  if (endedAt - startedAt < 1000) return raw('');
  const bars = episodes.map(({ name, from, to, state }): Bar => {
    return { name, start: from, end: to, state: state === 'over' ? 'done' : 'failed' };
  });
  return timeline('What held, as seen by this run', bars);
};

const waitedLine = ({ ending }: Result): Markdown =>
  ending.looks > 1 ? md`Waited ${durationText(ending.waited)} in ${ending.looks} looks.` : raw('');

/** The job summary: verdict, what holds, what was asked. */
export const summaryOf = (result: Result): Markdown => {
  const { decision, ending } = result;
  return page(
    heading(2, md`${raw(MARKS[decision.gate])} AWS Health gate: ${decision.gate}`),
    md`${decision.reason}`,
    overrideLine(result),
    holdTable(ending.last),
    waitedLine(result),
    ending.last.remarks.length === 0 ? raw('') : list(ending.last.remarks),
    history(result),
    leftOutLine(ending.last),
    details('What was asked', table({ header: ['', ''], rows: askedRows(result) })),
  );
};

/** What the pull-request comment says while the gate waits. */
export const waitingPage = (look: Look, { patience }: Request, since: number): Markdown =>
  page(
    heading(2, md`${raw('⏳')} AWS Health gate: waiting`),
    md`The deployment goes on when nothing has counted for ${durationText(patience.stableFor)}. Waiting since ${sinceText(since, look.at)}, at most ${durationText(patience.timeout)}.`,
    holdTable(look),
  );

/** What the comment says once nobody waits any more: the job was cancelled, or the gate could not go on. */
export const abandonedPage = (why: string, since: number, now: number): Markdown =>
  page(
    heading(2, md`${raw(MARKS.unknown)} AWS Health gate: abandoned`),
    md`Nothing was decided in ${durationText(now - since)}: ${why}`,
  );
