import { parseIgnoreFile } from '@aws-delivery/findings/ignore/parse-ignore-file';
import type { Blocker, SourceError } from '../src/decision/observation.js';
import type { Criteria } from '../src/events/criteria.js';
import type { HealthEvent } from '../src/events/health-event.js';
import type { OwnEntities } from '../src/scope/own-entities.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const NOW = Date.UTC(2026, 10, 20, 12);

/** An open issue of RDS in eu-west-1 that started an hour before NOW. */
export const createEvent = (changes: Partial<HealthEvent> = {}): HealthEvent => ({
  arn: 'arn:aws:health:eu-west-1::event/RDS/AWS_RDS_OPERATIONAL_ISSUE/AWS_RDS_OPERATIONAL_ISSUE_1',
  service: 'RDS',
  typeCode: 'AWS_RDS_OPERATIONAL_ISSUE',
  category: 'issue',
  status: 'open',
  scope: 'PUBLIC',
  region: 'eu-west-1',
  zone: undefined,
  startsAt: NOW - HOUR,
  endsAt: undefined,
  updatedAt: NOW - 5 * MINUTE,
  actionability: undefined,
  personas: [],
  ...changes,
});

/** The event of `createEvent` as a blocker. */
export const blocker: Blocker = {
  kind: 'event',
  event: { ...createEvent(), text: undefined, entities: [], link: 'https://example.com' },
};

/** A transient failure of AWS Health under the policy fail. */
export const createSourceError = (changes: Partial<SourceError> = {}): SourceError => ({
  source: 'AWS Health',
  kind: 'unavailable',
  transient: true,
  policy: 'fail',
  message: 'ServiceUnavailable',
  ...changes,
});

/** The default criteria: open issues in eu-west-1. */
export const createCriteria = (changes: Partial<Criteria> = {}): Criteria => ({
  regions: ['eu-west-1'],
  services: [],
  zones: [],
  categories: ['issue'],
  statuses: ['open'],
  upcomingWithin: undefined,
  actionabilities: [],
  personas: [],
  typeCodes: [],
  minimumAge: undefined,
  maximumAge: undefined,
  ignore: [],
  ...changes,
});

/** Parses one ignore entry from YAML fields. */
export const parseIgnoreEntries = (fields: string) =>
  parseIgnoreFile(`ignore: [{ reason: known, ${fields} }]`, 'ignore.yml');

/** Own entities with nothing hidden. */
export const createOwnEntities = (values: readonly string[]): OwnEntities => ({
  values,
  groups: [],
  hasHiddenInstances: false,
  hasHiddenDevices: false,
});
