import { findIgnoreEntry, type IgnoreEntry } from '@aws-delivery/findings/ignore/ignore-entry';
import { matchesWord } from '@aws-delivery/findings/ignore/pattern';
import {
  type Actionability,
  type Category,
  type HealthEvent,
  type Persona,
  STATUSES,
  type Status,
} from './health-event.js';

/** Conditions that an event must meet to block. An empty list matches everything; ages and windows in milliseconds. */
export interface Criteria {
  /** In lower case. Events of the Region `global` always match. */
  readonly regions: readonly string[];
  /** In upper case. Events of several services (`MULTIPLE_SERVICES`) always match. */
  readonly services: readonly string[];
  readonly zones: readonly string[];
  readonly categories: readonly Category[];
  readonly statuses: readonly Status[];
  /**
   * Scheduled changes that are open, or start within this time, also match, regardless of `categories` and `statuses`.
   */
  readonly upcomingWithin: number | undefined;
  readonly actionabilities: readonly Actionability[];
  readonly personas: readonly Persona[];
  /** Event type codes; `*` matches any text. */
  readonly typeCodes: readonly string[];
  readonly minimumAge: number | undefined;
  readonly maximumAge: number | undefined;
  readonly ignore: readonly IgnoreEntry[];
}

/** The first criterion that an event fails; the texts appear in the summary and the decision record. */
export type ExclusionReason =
  | 'region'
  | 'service'
  | 'zone'
  | 'kind'
  | 'actionability'
  | 'persona'
  | 'type code'
  | 'younger'
  | 'older'
  | 'ignored'
  | 'not ours';

export type EventEvaluation =
  | { readonly matches: true }
  | { readonly matches: false; readonly reason: ExclusionReason; readonly entry?: IgnoreEntry };

// AWS's service code for one incident in several services, such as that of us-east-1 in October 2025.
export const MULTIPLE_SERVICES = 'MULTIPLE_SERVICES';

const ZONE_ID_PATTERN = /^[a-z0-9]+(?:-[a-z0-9]+)*-(?:az|wlz)\d+$/;

/**
 * Whether a zone is given by its id (`euw1-az2`, Local Zone `usw2-lax1-az1`), which is the same place in every
 * account, unlike a name.
 */
export const isZoneId = (zone: string): boolean => ZONE_ID_PATTERN.test(zone.toLowerCase());

/**
 * Whether an event in `zone` may affect one of `zones`; an event without a zone affects its whole Region. The mapping
 * of names to ids differs by account and is known to EC2 alone: an id may be any of the names, and the reverse.
 */
const mayAffectZone = (zones: readonly string[], zone: string | undefined): boolean => {
  if (zones.length === 0 || zone === undefined) return true;
  const comparable = zones.filter((own) => isZoneId(own) === isZoneId(zone));
  return comparable.length < zones.length || comparable.some((own) => own.toLowerCase() === zone.toLowerCase());
};

const has = (values: readonly string[], value: string): boolean => values.includes(value);

const startsSoon = ({ upcomingWithin }: Criteria, { startsAt }: HealthEvent, now: number): boolean =>
  upcomingWithin === undefined || startsAt === undefined || startsAt - now <= upcomingWithin;

const matchesKind = (criteria: Criteria, event: HealthEvent, now: number): boolean => {
  const { category, status } = event;
  const known = STATUSES.find((name) => name === status);
  return (
    (category === undefined || has(criteria.categories, category)) &&
    (known === undefined || has(criteria.statuses, known)) &&
    (status !== 'upcoming' || startsSoon(criteria, event, now))
  );
};

const matchesUpcomingWindow = (criteria: Criteria, event: HealthEvent, now: number): boolean =>
  criteria.upcomingWithin !== undefined &&
  event.category === 'scheduledChange' &&
  (event.status === 'open' || (event.status === 'upcoming' && startsSoon(criteria, event, now)));

const getAge = (event: HealthEvent, now: number): number | undefined =>
  event.startsAt === undefined ? undefined : now - event.startsAt;

/** What ignore entries are matched against. */
export const toIgnoreSubject = (event: HealthEvent) => ({
  ids: [event.arn, event.typeCode],
  tags: [event.service, event.region, ...(event.category === undefined ? [] : [event.category])],
});

type Condition = (criteria: Criteria, event: HealthEvent, now: number) => boolean;

// A missing field matches: an event without actionability may require action.
const CONDITIONS: Readonly<Record<Exclude<ExclusionReason, 'ignored' | 'not ours'>, Condition>> = {
  region: ({ regions }, { region }) => regions.length === 0 || region === 'global' || has(regions, region),
  service: ({ services }, { service }) =>
    services.length === 0 || service === MULTIPLE_SERVICES || has(services, service),
  zone: ({ zones }, { zone }) => mayAffectZone(zones, zone),
  kind: (criteria, event, now) => matchesKind(criteria, event, now) || matchesUpcomingWindow(criteria, event, now),
  actionability: ({ actionabilities }, { actionability }) =>
    actionabilities.length === 0 || actionability === undefined || has(actionabilities, actionability),
  persona: ({ personas }, event) =>
    personas.length === 0 || event.personas.length === 0 || event.personas.some((persona) => has(personas, persona)),
  'type code': ({ typeCodes }, { typeCode }) =>
    typeCodes.length === 0 || typeCodes.some((pattern) => matchesWord(pattern, typeCode)),
  younger: ({ minimumAge }, event, now) =>
    minimumAge === undefined || event.status === 'upcoming' || (getAge(event, now) ?? Infinity) >= minimumAge,
  older: ({ maximumAge }, event, now) => maximumAge === undefined || (getAge(event, now) ?? 0) <= maximumAge,
};

const CONDITION_ENTRIES = Object.entries(CONDITIONS) as readonly [keyof typeof CONDITIONS, Condition][];

/** Evaluates an event at `now` (milliseconds since the epoch). */
export const evaluateEvent = (criteria: Criteria, event: HealthEvent, now: number): EventEvaluation => {
  const [reason] = CONDITION_ENTRIES.find(([, isMet]) => !isMet(criteria, event, now)) ?? [];
  if (reason !== undefined) return { matches: false, reason };
  const entry = findIgnoreEntry(criteria.ignore, toIgnoreSubject(event), now);
  return entry === undefined ? { matches: true } : { matches: false, reason: 'ignored', entry };
};
