import {
  bold,
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
import { formatDuration, pluralize } from '@aws-delivery/action-kit/util/format';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import type { Blocker, Observation } from '../decision/observation.js';
import type { Verdict } from '../decision/verdict.js';
import { MAX_DESCRIBED_EVENTS } from '../events/event-describer.js';
import type { Request } from '../inputs/parse-request.js';
import type { Result } from '../result.js';
import {
  formatEntities,
  formatExclusions,
  formatOpening,
  formatSince,
  formatStart,
  getLastUpdate,
} from './format-blocker.js';

const VERDICT_ICONS: Readonly<Record<Verdict, string>> = {
  passed: '✅',
  blocked: '⛔',
  overridden: '⚠️',
  unknown: '❔',
};

const renderRow = (blocker: Blocker, now: number): readonly (string | Markdown)[] => {
  switch (blocker.kind) {
    case 'event': {
      const { service, region, zone, startsAt, text, entities, typeCode } = blocker.event;
      const lastUpdate = getLastUpdate(text);
      return [
        bold(service),
        zone === undefined ? region : `${region} (${zone})`,
        formatStart(startsAt, now),
        lastUpdate === '' ? code(typeCode) : lastUpdate,
        formatEntities(entities),
        link('console', blocker.event.link),
      ];
    }
    case 'calendar':
      return [
        bold('Calendar'),
        '',
        blocker.opensAt === undefined ? '' : `until ${blocker.opensAt}`,
        md`${code(blocker.name)} is CLOSED`,
      ];
    case 'window':
      return [bold('Deployment window'), '', formatOpening(blocker.opensAt), blocker.reason];
    case 'probe':
      return [bold('Probe'), '', '', toSingleLine(blocker.reason, 400)];
    case 'alarm':
      return [bold('Alarm'), '', formatStart(blocker.since, now), md`${code(blocker.name)}: ${blocker.reason}`];
  }
};

/** Table of the blockers. */
const renderBlockers = ({ blockers, at }: Observation): Markdown => {
  if (blockers.length === 0) return raw('');
  const header = ['Blocker', 'Region', 'Period', 'Last update', 'Affected entities', 'Link'];
  const rows = blockers.slice(0, MAX_DESCRIBED_EVENTS).map((blocker) => renderRow(blocker, at));
  const omittedCount = blockers.length - rows.length;
  return joinBlocks(table({ header, rows }), omittedCount > 0 ? md`(${omittedCount} more)` : raw(''));
};

const formatList = (values: readonly string[], none: string): string =>
  values.length === 0 ? none : values.join(', ');

const buildRequestRows = ({ request, deploymentScope }: Result): readonly (readonly string[])[] => {
  const { criteria, eventScope } = request;
  const optional: readonly (readonly [string, readonly string[]])[] = [
    ['Availability Zones', criteria.zones],
    ['Actionability', criteria.actionabilities],
    ['Personas', criteria.personas],
    ['Event types', criteria.typeCodes],
    ['Calendars', request.calendars],
    ['Alarms', request.alarms],
    ['Open hours', request.window?.openHours.map(({ label }) => label) ?? []],
    ['Holidays', request.window?.holidays.map(({ label }) => label) ?? []],
    ['Freeze files', request.window?.freezeFiles ?? []],
    ['Time zone', request.window === undefined ? [] : [request.window.timeZone.name]],
    ['Runway', request.window?.runway ? [formatDuration(request.window.runway)] : []],
    ['Probes', request.probe.urlProbes.map(({ url }) => url)],
    ['Ignore entries', criteria.ignore.map(({ name, reason }) => `${name}: ${reason}`)],
    ['Unknown resource types', deploymentScope?.unmapped ?? []],
  ];
  const query: readonly (readonly string[])[] = [
    [
      'Account',
      eventScope.kind === 'account'
        ? 'this account'
        : `organization: ${formatList(eventScope.accounts, 'all accounts')}`,
    ],
    ['Regions', criteria.regions.length === 0 ? 'all' : [...criteria.regions, 'global'].join(', ')],
    ['Services', formatList(criteria.services, 'all')],
    ['Categories', criteria.categories.join(', ')],
    ['Statuses', criteria.statuses.join(', ')],
  ];
  return [
    ...(request.awsHealth ? query : []),
    ...optional.filter(([, values]) => values.length > 0).map(([name, values]) => [name, values.join(', ')]),
  ];
};

const renderExcluded = ({ excluded }: Observation): Markdown => {
  const exclusions = formatExclusions(excluded);
  return exclusions === '' ? raw('') : md`Excluded events: ${exclusions}.`;
};

const renderOverride = ({ decision, request, run }: Result): Markdown =>
  decision.verdict === 'overridden'
    ? md`Overridden by ${bold(run.actor ?? 'an unknown user')}: ${request.overrideReason ?? ''}`
    : raw('');

const renderHistory = ({ intervals, startedAt, endedAt }: Result): Markdown => {
  if (endedAt - startedAt < 1000) return raw('');
  const bars = intervals.map(({ name, from, to, state }): GanttBar => {
    return { name, start: from, end: to, state: state === 'over' ? 'done' : 'failed' };
  });
  return renderGantt('Blockers during this run', bars);
};

const renderWaited = ({ waitResult }: Result): Markdown =>
  waitResult.observationCount > 1
    ? md`Waited ${formatDuration(waitResult.waited)} (${pluralize(waitResult.observationCount, 'check')}).`
    : raw('');

/** The job summary: verdict, blockers, history and request. */
export const renderSummary = (result: Result): Markdown => {
  const { decision, waitResult } = result;
  return joinBlocks(
    heading(2, md`${raw(VERDICT_ICONS[decision.verdict])} AWS Health gate: ${decision.verdict}`),
    md`${decision.reason}`,
    renderOverride(result),
    renderBlockers(waitResult.lastObservation),
    renderWaited(result),
    waitResult.lastObservation.notices.length === 0 ? raw('') : list(waitResult.lastObservation.notices),
    renderHistory(result),
    renderExcluded(waitResult.lastObservation),
    details('Query', table({ header: ['Filter', 'Value'], rows: buildRequestRows(result) })),
  );
};

/** The pull-request comment while the gate waits; `since` is the start of the run. */
export const renderWaiting = (observation: Observation, { waitPolicy }: Request, since: number): Markdown =>
  joinBlocks(
    heading(2, md`${raw('⏳')} AWS Health gate: waiting`),
    md`The deployment continues after ${formatDuration(waitPolicy.stableFor)} without blocking events. Waiting since ${formatSince(since, observation.at)}, for at most ${formatDuration(waitPolicy.timeout)}.`,
    renderBlockers(observation),
  );

/** The pull-request comment after the wait ended with an error or a cancellation. */
export const renderAbandoned = (reason: string, since: number, now: number): Markdown =>
  joinBlocks(
    heading(2, md`${raw(VERDICT_ICONS.unknown)} AWS Health gate: not completed`),
    md`The gate ended without a decision after ${formatDuration(now - since)}: ${reason}`,
  );
