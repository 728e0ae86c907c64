import { describe, expect, it } from '@jest/globals';
import { type Criteria, type ExclusionReason, evaluateEvent } from '../../src/events/criteria.js';
import type { HealthEvent } from '../../src/events/health-event.js';
import { createCriteria, createEvent, DAY, HOUR, MINUTE, NOW, parseIgnoreEntries } from '../fixtures.js';

type Case = readonly [
  fact: string,
  criteria: Partial<Criteria>,
  event: Partial<HealthEvent>,
  outcome: 'matches' | ExclusionReason,
];

const scheduled = { category: 'scheduledChange', status: 'upcoming', typeCode: 'AWS_RDS_MAINTENANCE_SCHEDULED' };

const cases: Record<string, readonly Case[]> = {
  'default criteria': [
    ['an open issue in the Region', {}, {}, 'matches'],
    ['a closed issue', {}, { status: 'closed', endsAt: NOW - MINUTE }, 'kind'],
    ['an upcoming issue', {}, { status: 'upcoming' }, 'kind'],
    ['upcoming maintenance', {}, scheduled, 'kind'],
    ['ongoing maintenance', {}, { ...scheduled, status: 'open' }, 'kind'],
    ['an account notice', {}, { category: 'accountNotification' }, 'kind'],
    ['an investigation', {}, { category: 'investigation' }, 'kind'],
    ['an investigation when it is listed', { categories: ['investigation'] }, { category: 'investigation' }, 'matches'],
    ['an issue of the account alone', {}, { scope: 'ACCOUNT_SPECIFIC' }, 'matches'],
    ['an issue without a status', {}, { status: undefined }, 'matches'],
    ['an issue with an unknown status', {}, { status: 'reopened' }, 'matches'],
    ['an event without a category', {}, { category: undefined }, 'matches'],
  ],
  regions: [
    ['another Region', {}, { region: 'us-east-1' }, 'region'],
    ['one of several Regions', { regions: ['us-east-1', 'eu-west-1'] }, { region: 'us-east-1' }, 'matches'],
    ['a global event, though not listed', {}, { region: 'global', service: 'IAM' }, 'matches'],
    ['any Region when none is listed', { regions: [] }, { region: 'ap-south-2' }, 'matches'],
    ['a Region with a listed prefix', {}, { region: 'eu-west-11' }, 'region'],
    ['a regional event when only global is listed', { regions: ['global'] }, {}, 'region'],
  ],
  services: [
    ['any service when none is listed', {}, { service: 'QUICKSIGHT' }, 'matches'],
    ['a listed service', { services: ['RDS', 'SQS'] }, {}, 'matches'],
    ['another service', { services: ['SQS'] }, {}, 'service'],
    ['several services at once, though not listed', { services: ['SQS'] }, { service: 'MULTIPLE_SERVICES' }, 'matches'],
    [
      'several services at once in another Region',
      {},
      { service: 'MULTIPLE_SERVICES', region: 'me-central-1' },
      'region',
    ],
    ['a global event of another service', { services: ['SQS'] }, { region: 'global', service: 'IAM' }, 'service'],
  ],
  'availability zones': [
    ['an event of the whole Region', { zones: ['eu-west-1a'] }, {}, 'matches'],
    ['a listed zone', { zones: ['eu-west-1a'] }, { zone: 'eu-west-1a' }, 'matches'],
    ['another zone', { zones: ['eu-west-1a'] }, { zone: 'eu-west-1b' }, 'zone'],
    ['a listed zone id', { zones: ['euw1-az1'] }, { zone: 'euw1-az1' }, 'matches'],
    ['another zone id', { zones: ['euw1-az1'] }, { zone: 'euw1-az2' }, 'zone'],
    ['another Local Zone id', { zones: ['usw2-lax1-az1'] }, { zone: 'usw2-lax1-az2' }, 'zone'],
    ['the name of a listed Local Zone id', { zones: ['usw2-lax1-az1'] }, { zone: 'us-west-2-lax-1a' }, 'matches'],
    ['a zone name when only ids are listed', { zones: ['euw1-az1'] }, { zone: 'eu-west-1b' }, 'matches'],
    ['a zone id when only names are listed', { zones: ['eu-west-1a'] }, { zone: 'euw1-az2' }, 'matches'],
    [
      'another zone name for a list of names and ids',
      { zones: ['eu-west-1a', 'euw1-az1'] },
      { zone: 'eu-west-1b' },
      'matches',
    ],
    ['any zone when none is listed', {}, { zone: 'eu-west-1b' }, 'matches'],
    ['a listed zone in another case', { zones: ['EUW1-AZ1'] }, { zone: 'euw1-az1' }, 'matches'],
  ],
  'categories and statuses': [
    [
      'a notice when notices are listed',
      { categories: ['accountNotification'] },
      { category: 'accountNotification' },
      'matches',
    ],
    ['an issue when only notices are listed', { categories: ['accountNotification'] }, {}, 'kind'],
    [
      'ongoing maintenance when it is listed',
      { categories: ['scheduledChange'] },
      { ...scheduled, status: 'open' },
      'matches',
    ],
    ['upcoming maintenance when only open is listed', { categories: ['scheduledChange'] }, scheduled, 'kind'],
    ['a closed issue when closed is listed', { statuses: ['open', 'closed'] }, { status: 'closed' }, 'matches'],
    ['an open issue when only closed is listed', { statuses: ['closed'] }, {}, 'kind'],
    [
      'upcoming maintenance in the far future',
      { categories: ['scheduledChange'], statuses: ['upcoming'] },
      { ...scheduled, startsAt: NOW + 90 * DAY },
      'matches',
    ],
  ],
  'upcoming-within': [
    [
      'a change that starts within it',
      { upcomingWithin: 4 * HOUR },
      { ...scheduled, startsAt: NOW + 3 * HOUR },
      'matches',
    ],
    [
      'a change that starts exactly at its end',
      { upcomingWithin: HOUR },
      { ...scheduled, startsAt: NOW + HOUR },
      'matches',
    ],
    ['a change that starts later', { upcomingWithin: HOUR }, { ...scheduled, startsAt: NOW + HOUR + 1 }, 'kind'],
    ['a change with a past start', { upcomingWithin: HOUR }, { ...scheduled, startsAt: NOW - HOUR }, 'matches'],
    ['a change without a start', { upcomingWithin: HOUR }, { ...scheduled, startsAt: undefined }, 'matches'],
    ['an open issue', { upcomingWithin: HOUR }, {}, 'matches'],
    ['ongoing maintenance', { upcomingWithin: HOUR }, { ...scheduled, status: 'open' }, 'matches'],
    ['finished maintenance', { upcomingWithin: HOUR }, { ...scheduled, status: 'closed' }, 'kind'],
    ['an upcoming notice', { upcomingWithin: HOUR }, { category: 'accountNotification', status: 'upcoming' }, 'kind'],
    [
      'a later change when upcoming changes are listed',
      { upcomingWithin: HOUR, categories: ['scheduledChange'], statuses: ['upcoming'] },
      { ...scheduled, startsAt: NOW + DAY },
      'kind',
    ],
    [
      'a change in another Region',
      { upcomingWithin: HOUR },
      { ...scheduled, startsAt: NOW, region: 'us-east-1' },
      'region',
    ],
  ],
  'actionability and personas': [
    [
      'a listed actionability',
      { actionabilities: ['ACTION_REQUIRED'] },
      { actionability: 'ACTION_REQUIRED' },
      'matches',
    ],
    [
      'another actionability',
      { actionabilities: ['ACTION_REQUIRED'] },
      { actionability: 'INFORMATIONAL' },
      'actionability',
    ],
    ['an event without actionability', { actionabilities: ['ACTION_REQUIRED'] }, {}, 'matches'],
    ['a listed persona', { personas: ['OPERATIONS'] }, { personas: ['SECURITY', 'OPERATIONS'] }, 'matches'],
    ['other personas', { personas: ['OPERATIONS'] }, { personas: ['BILLING'] }, 'persona'],
    ['an event without personas', { personas: ['OPERATIONS'] }, {}, 'matches'],
  ],
  'event type codes': [
    ['a listed type', { typeCodes: ['AWS_RDS_OPERATIONAL_ISSUE'] }, {}, 'matches'],
    ['a listed type in another case', { typeCodes: ['aws_rds_operational_issue'] }, {}, 'matches'],
    ['a type that matches a pattern', { typeCodes: ['AWS_*_OPERATIONAL_ISSUE'] }, {}, 'matches'],
    ['another type', { typeCodes: ['AWS_RDS_API_ISSUE'] }, {}, 'type code'],
    ['a type with a listed prefix', { typeCodes: ['AWS_RDS'] }, {}, 'type code'],
  ],
  ages: [
    ['an event older than min-age', { minimumAge: 10 * MINUTE }, {}, 'matches'],
    ['an event of exactly min-age', { minimumAge: HOUR }, {}, 'matches'],
    ['an event younger than min-age', { minimumAge: 2 * HOUR }, {}, 'younger'],
    ['an event of unknown age with min-age', { minimumAge: 2 * HOUR }, { startsAt: undefined }, 'matches'],
    ['an event older than max-age', { maximumAge: 30 * MINUTE }, {}, 'older'],
    ['an event younger than max-age', { maximumAge: DAY }, {}, 'matches'],
    ['an event of unknown age with max-age', { maximumAge: DAY }, { startsAt: undefined }, 'matches'],
    [
      'an upcoming change with min-age',
      { minimumAge: HOUR, upcomingWithin: DAY },
      { ...scheduled, startsAt: NOW + HOUR },
      'matches',
    ],
  ],
  'ignore entries': [
    [
      'an event whose type code is listed',
      { ignore: parseIgnoreEntries('ids: [AWS_RDS_OPERATIONAL_ISSUE]') },
      {},
      'ignored',
    ],
    ['an event whose ARN is listed', { ignore: parseIgnoreEntries(`ids: ["${createEvent().arn}"]`) }, {}, 'ignored'],
    [
      'an event when another ARN is listed',
      { ignore: parseIgnoreEntries('ids: ["arn:aws:health:eu-west-1::event/RDS/X/X_2"]') },
      {},
      'matches',
    ],
    ['an event whose type code matches a pattern', { ignore: parseIgnoreEntries('ids: ["AWS_RDS_*"]') }, {}, 'ignored'],
    ['an event whose service is listed', { ignore: parseIgnoreEntries('tags: [rds]') }, {}, 'ignored'],
    ['an event whose Region is listed', { ignore: parseIgnoreEntries('tags: [eu-west-1]') }, {}, 'ignored'],
    ['an event whose category is listed', { ignore: parseIgnoreEntries('tags: [issue]') }, {}, 'ignored'],
    [
      'an event of a listed type and another service',
      { ignore: parseIgnoreEntries('ids: ["AWS_*"], tags: [SQS]') },
      {},
      'matches',
    ],
    ['an event for an entry without expiry', { ignore: parseIgnoreEntries('tags: [rds]') }, {}, 'ignored'],
    [
      'an event for an entry that expires today',
      { ignore: parseIgnoreEntries('tags: [rds], expires: 2026-11-20') },
      {},
      'ignored',
    ],
    [
      'an event for an entry that expired yesterday',
      { ignore: parseIgnoreEntries('tags: [rds], expires: 2026-11-19') },
      {},
      'matches',
    ],
  ],
};

const table = Object.entries(cases).flatMap(([topic, rows]) =>
  rows.map(([fact, criteria, event, outcome]) => ({ topic, fact, criteria, event, outcome })),
);

describe('evaluateEvent', () => {
  it.each(table)('evaluates $fact as $outcome ($topic)', ({ criteria, event, outcome }) => {
    const evaluation = evaluateEvent(createCriteria(criteria), createEvent(event), NOW);
    expect(evaluation.matches ? 'matches' : evaluation.reason).toBe(outcome);
  });

  it('names the ignore entry of an ignored event', () => {
    const evaluation = evaluateEvent(createCriteria({ ignore: parseIgnoreEntries('tags: [rds]') }), createEvent(), NOW);
    expect(evaluation).toMatchObject({ reason: 'ignored', entry: { name: 'entry 1 of ignore.yml', reason: 'known' } });
  });
});
