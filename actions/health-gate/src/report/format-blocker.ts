import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { toSingleLine } from '@aws-delivery/action-kit/util/sanitize';
import type { Blocker, DescribedEvent } from '../decision/observation.js';
import type { AffectedEntity } from '../events/health-event.js';

const MAX_TEXT_LENGTH = 400;

/** `2026-11-20 12:03 UTC` */
export const formatTime = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Since when, and how long that is; for what is to come, when it starts. */
export const formatSince = (since: number | undefined, now: number): string => {
  if (since === undefined) return 'unknown';
  return since > now ? `starts ${formatTime(since)}` : `${formatTime(since)} (${formatDuration(now - since)})`;
};

/** AWS's last words: it puts the newest update last, each under a line with its time. */
export const getLastUpdate = (text: string | undefined): string => {
  if (text === undefined) return '';
  const updates = text.split(/\n(?=\s*\[\d)/);
  return toSingleLine(updates.at(-1) ?? '', MAX_TEXT_LENGTH);
};

const MAX_SHOWN_ENTITIES = 5;

/** The affected entities in a few words. */
export const formatEntities = (entities: readonly AffectedEntity[]): string => {
  const shown = entities
    .slice(0, MAX_SHOWN_ENTITIES)
    .map(({ value, account }) => (account === undefined ? value : `${value} in ${account}`));
  return [
    ...shown,
    ...(entities.length > MAX_SHOWN_ENTITIES ? [`and ${entities.length - MAX_SHOWN_ENTITIES} more`] : []),
  ].join(', ');
};

const formatEventLines = (event: DescribedEvent, now: number): readonly string[] => {
  const location = event.zone === undefined ? event.region : `${event.region}, ${event.zone}`;
  const lastUpdate = getLastUpdate(event.text);
  const entities = formatEntities(event.entities);
  return [
    `  ${event.service} in ${location} since ${formatSince(event.startsAt, now)}: ${event.typeCode}`,
    ...(lastUpdate === '' ? [] : [`    ${lastUpdate}`]),
    ...(entities === '' ? [] : [`    affects ${entities}`]),
    `    ${event.link}`,
  ];
};

/** A hold as lines of the log. */
export const formatBlockerLines = (blocker: Blocker, now: number): readonly string[] => {
  switch (blocker.kind) {
    case 'event':
      return formatEventLines(blocker.event, now);
    case 'calendar':
      return [
        `  calendar ${blocker.name} is closed${blocker.opensAt === undefined ? '' : ` until ${blocker.opensAt}`}`,
      ];
    case 'alarm':
      return [
        `  alarm ${blocker.name} is in ALARM since ${formatSince(blocker.since, now)}: ${toSingleLine(blocker.reason, MAX_TEXT_LENGTH)}`,
      ];
  }
};
