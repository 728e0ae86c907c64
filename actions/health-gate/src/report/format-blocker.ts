import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import type { Blocker, DescribedEvent, Observation, SourceError } from '../decision/observation.js';
import type { ExclusionReason } from '../events/criteria.js';
import type { AffectedEntity } from '../events/health-event.js';

const MAX_TEXT_LENGTH = 400;
const MAX_NAMED_BLOCKERS = 5;
const MAX_SHOWN_ENTITIES = 5;

/** A blocker's name, the same in every observation. */
export const formatBlockerName = (blocker: Blocker): string =>
  blocker.kind === 'event'
    ? `${blocker.event.service} ${blocker.event.region}: ${blocker.event.typeCode}`
    : blocker.kind === 'window'
      ? blocker.name
      : `${blocker.kind} ${blocker.name}`;

const formatBlocker = (blocker: Blocker): string => {
  switch (blocker.kind) {
    case 'event':
      return `${blocker.event.service} in ${blocker.event.region} (${blocker.event.typeCode})`;
    case 'calendar':
      return `closed calendar ${blocker.name}`;
    case 'window':
      return `the deployment window: ${blocker.reason}`;
    case 'probe':
      return `probe ${blocker.name}`;
    case 'alarm':
      return `alarm ${blocker.name}`;
  }
};

/** The first five blockers and the number of the others, for a sentence. */
export const formatBlockers = (blockers: readonly Blocker[]): string => {
  const names = blockers.slice(0, MAX_NAMED_BLOCKERS).map(formatBlocker).join(', ');
  return blockers.length > MAX_NAMED_BLOCKERS ? `${names} (${blockers.length - MAX_NAMED_BLOCKERS} more)` : names;
};

/** `AWS Health: ThrottlingException; CloudWatch alarms: …` */
export const formatSourceErrors = (errors: readonly SourceError[]): string =>
  errors.map(({ source, message }) => `${source}: ${message.replace(/\.$/u, '')}`).join('; ');

/** Reasons as texts; the keys are part of the decision record's format. */
const EXCLUSION_LABELS: Readonly<Record<ExclusionReason, string>> = {
  region: 'Region',
  service: 'service',
  zone: 'Availability Zone',
  kind: 'category or status',
  actionability: 'actionability',
  persona: 'persona',
  'type code': 'event type code',
  younger: 'minimum age',
  older: 'maximum age',
  ignored: 'ignore file',
  'not ours': 'affected entities',
};

const isExclusionReason = (reason: string): reason is ExclusionReason => Object.hasOwn(EXCLUSION_LABELS, reason);

/** `2 by Region, 1 by ignore file`; empty without exclusions. */
export const formatExclusions = (excluded: Observation['excluded']): string =>
  Object.entries(excluded)
    .map(([reason, count]) => `${count} by ${isExclusionReason(reason) ? EXCLUSION_LABELS[reason] : reason}`)
    .join(', ');

/** `2026-11-20 12:03 UTC` */
const formatTime = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** `opens 2026-11-20 12:03 UTC` */
export const formatOpening = (opensAt: number | undefined): string =>
  opensAt === undefined ? 'no opening within a year' : `opens ${formatTime(opensAt)}`;

/** Start and age of a blocker, or the start alone when it is in the future. */
export const formatSince = (since: number | undefined, now: number): string => {
  if (since === undefined) return 'unknown';
  return since > now ? `starts ${formatTime(since)}` : `${formatTime(since)} (${formatDuration(now - since)})`;
};

/** The newest update of a description. AWS puts it last, each update under a line with its time. */
export const getLastUpdate = (text: string | undefined): string => {
  if (text === undefined) return '';
  const updates = text.split(/\n(?=\s{0,16}\[\d)/);
  return toSingleLine(updates.at(-1) ?? '', MAX_TEXT_LENGTH);
};

/** The first five affected entities and the number of the others. */
export const formatEntities = (entities: readonly AffectedEntity[]): string => {
  const shown = entities
    .slice(0, MAX_SHOWN_ENTITIES)
    .map(({ value, account }) => (account === undefined ? value : `${value} in ${account}`));
  const omitted = entities.length - shown.length;
  return omitted > 0 ? `${shown.join(', ')} (${omitted} more)` : shown.join(', ');
};

/** `since 2026-11-20 12:03 UTC (5m 00s)`, or `starts …` when it is in the future. */
export const formatStart = (since: number | undefined, now: number): string => {
  if (since === undefined) return 'start unknown';
  return since > now ? formatSince(since, now) : `since ${formatSince(since, now)}`;
};

const formatEventLines = (event: DescribedEvent, now: number): readonly string[] => {
  const location = event.zone === undefined ? event.region : `${event.region}, ${event.zone}`;
  const lastUpdate = getLastUpdate(event.text);
  const entities = formatEntities(event.entities);
  return [
    `  ${event.service} in ${location}, ${formatStart(event.startsAt, now)}: ${event.typeCode}`,
    ...(lastUpdate === '' ? [] : [`    ${lastUpdate}`]),
    ...(entities === '' ? [] : [`    Affected entities: ${entities}`]),
    `    ${event.link}`,
  ];
};

/** A blocker as lines of the log. */
export const formatBlockerLines = (blocker: Blocker, now: number): readonly string[] => {
  switch (blocker.kind) {
    case 'event':
      return formatEventLines(blocker.event, now);
    case 'calendar':
      return [
        `  Calendar ${blocker.name} is CLOSED${blocker.opensAt === undefined ? '' : ` until ${blocker.opensAt}`}`,
      ];
    case 'window':
      return [`  Deployment window is closed, ${formatOpening(blocker.opensAt)}: ${blocker.reason}`];
    case 'probe':
      return [`  Probe failed: ${toSingleLine(blocker.reason, MAX_TEXT_LENGTH)}`];
    case 'alarm':
      return [
        `  Alarm ${blocker.name} is in ALARM, ${formatStart(blocker.since, now)}: ${toSingleLine(blocker.reason, MAX_TEXT_LENGTH)}`,
      ];
  }
};
