import { parseIgnoreFile } from '@aws-delivery/findings/ignore/parse-ignore-file';
import type { Criteria } from '../src/events/criteria.js';
import type { HealthEvent } from '../src/events/health-event.js';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const NOW = Date.UTC(2026, 10, 20, 12);

/** An open issue with RDS in eu-west-1 that began an hour ago. */
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

/** The reference criteria: this Region, open, issue. */
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

/** One exception, as fields of YAML. */
export const parseIgnoreEntries = (fields: string) =>
  parseIgnoreFile(`ignore: [{ reason: known, ${fields} }]`, 'ignore.yml');
