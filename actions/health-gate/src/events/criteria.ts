import { findIgnoreEntry, type IgnoreEntry } from '@aws-delivery/findings/ignore/ignore-entry';
import { matchesWord } from '@aws-delivery/findings/ignore/pattern';
import { mayAffectZone } from './availability-zone.js';
import {
  type Actionability,
  type Category,
  type HealthEvent,
  type Persona,
  STATUSES,
  type Status,
} from './health-event.js';

/** Which events count. An empty list is no condition; ages and windows are in milliseconds. */
export interface Criteria {
  /** In lower case. Events of the Region `global` count whatever stands here. */
  readonly regions: readonly string[];
  /** In upper case. Events of several services at once count whatever stands here. */
  readonly services: readonly string[];
  readonly zones: readonly string[];
  readonly categories: readonly Category[];
  readonly statuses: readonly Status[];
  /** Scheduled changes that start within this time count as well, whatever `categories` and `statuses` say. */
  readonly upcomingWithin: number | undefined;
  readonly actionabilities: readonly Actionability[];
  readonly personas: readonly Persona[];
  /** Event type codes, in which `*` stands for any text. */
  readonly typeCodes: readonly string[];
  readonly minimumAge: number | undefined;
  readonly maximumAge: number | undefined;
  readonly ignore: readonly IgnoreEntry[];
}

/** Why an event does not count. */
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
  | { readonly counts: true }
  | { readonly counts: false; readonly reason: ExclusionReason; readonly entry?: IgnoreEntry };

// AWS's name for one incident in several services, such as that of us-east-1 in October 2025.
export const MULTIPLE_SERVICES = 'MULTIPLE_SERVICES';

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
  event.status === 'upcoming' &&
  startsSoon(criteria, event, now);

const getAge = (event: HealthEvent, now: number): number | undefined =>
  event.startsAt === undefined ? undefined : now - event.startsAt;

const toIgnoreSubject = (event: HealthEvent) => ({
  ids: [event.arn, event.typeCode],
  tags: [event.service, event.region, ...(event.category === undefined ? [] : [event.category])],
});

type Condition = (criteria: Criteria, event: HealthEvent, now: number) => boolean;

// What an event does not state cannot rule it out: an event without actionability may well ask for action.
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

/** Does the event count at `now`, milliseconds since the epoch? */
export const evaluateEvent = (criteria: Criteria, event: HealthEvent, now: number): EventEvaluation => {
  const [reason] = CONDITION_ENTRIES.find(([, isMet]) => !isMet(criteria, event, now)) ?? [];
  if (reason !== undefined) return { counts: false, reason };
  const entry = findIgnoreEntry(criteria.ignore, toIgnoreSubject(event), now);
  return entry === undefined ? { counts: true } : { counts: false, reason: 'ignored', entry };
};
