import { durationText } from '@aws-delivery/action-kit/clock';
import { singleLine } from '@aws-delivery/action-kit/untrusted';
import type { AffectedEntity } from './event.js';
import type { DescribedEvent, Hold } from './look.js';

const LONGEST_TEXT = 400;

/** `2026-11-20 12:03 UTC` */
export const timeText = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** Since when, and how long that is; for what is to come, when it starts. */
export const sinceText = (since: number | undefined, now: number): string => {
  if (since === undefined) return 'unknown';
  return since > now ? `starts ${timeText(since)}` : `${timeText(since)} (${durationText(now - since)})`;
};

/** AWS's last words: it puts the newest update last, each under a line with its time. */
export const lastWords = (text: string | undefined): string => {
  if (text === undefined) return '';
  const updates = text.split(/\n(?=\s*\[\d)/);
  return singleLine(updates.at(-1) ?? '', LONGEST_TEXT);
};

const MOST_ENTITIES = 5;

/** The affected entities in a few words. */
export const entitiesText = (entities: readonly AffectedEntity[]): string => {
  const named = entities
    .slice(0, MOST_ENTITIES)
    .map(({ value, account }) => (account === undefined ? value : `${value} in ${account}`));
  return [...named, ...(entities.length > MOST_ENTITIES ? [`and ${entities.length - MOST_ENTITIES} more`] : [])].join(
    ', ',
  );
};

const eventLines = (event: DescribedEvent, now: number): readonly string[] => {
  const place = event.zone === undefined ? event.region : `${event.region}, ${event.zone}`;
  const words = lastWords(event.text);
  const entities = entitiesText(event.entities);
  return [
    `  ${event.service} in ${place} since ${sinceText(event.startsAt, now)}: ${event.typeCode}`,
    ...(words === '' ? [] : [`    ${words}`]),
    ...(entities === '' ? [] : [`    affects ${entities}`]),
    `    ${event.link}`,
  ];
};

/** A hold as lines of the log. */
export const holdLines = (hold: Hold, now: number): readonly string[] => {
  switch (hold.kind) {
    case 'event':
      return eventLines(hold.event, now);
    case 'calendar':
      return [`  calendar ${hold.name} is closed${hold.opensAt === undefined ? '' : ` until ${hold.opensAt}`}`];
    case 'alarm':
      return [
        `  alarm ${hold.name} is in ALARM since ${sinceText(hold.since, now)}: ${singleLine(hold.reason, LONGEST_TEXT)}`,
      ];
  }
};
