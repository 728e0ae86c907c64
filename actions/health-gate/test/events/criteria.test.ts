import { describe, expect, it } from '@jest/globals';
import { type Criteria, type ExclusionReason, evaluateEvent } from '../../src/events/criteria.js';
import type { HealthEvent } from '../../src/events/health-event.js';
import { createCriteria, createEvent, DAY, HOUR, MINUTE, NOW, parseIgnoreEntries } from '../fixtures.js';

type Case = readonly [
  fact: string,
  criteria: Partial<Criteria>,
  event: Partial<HealthEvent>,
  outcome: 'counts' | ExclusionReason,
];

const scheduled = { category: 'scheduledChange', status: 'upcoming', typeCode: 'AWS_RDS_MAINTENANCE_SCHEDULED' };

const cases: Record<string, readonly Case[]> = {
  'the reference criteria': [
    ['an open issue in the Region', {}, {}, 'counts'],
    ['a closed issue', {}, { status: 'closed', endsAt: NOW - MINUTE }, 'kind'],
    ['an upcoming issue', {}, { status: 'upcoming' }, 'kind'],
    ['maintenance to come', {}, scheduled, 'kind'],
    ['maintenance under way', {}, { ...scheduled, status: 'open' }, 'kind'],
    ['an account notice', {}, { category: 'accountNotification' }, 'kind'],
    ['an investigation, which AWS does not send', {}, { category: 'investigation' }, 'kind'],
    ['an issue of the account alone', {}, { scope: 'ACCOUNT_SPECIFIC' }, 'counts'],
    ['an issue that states no status', {}, { status: undefined }, 'counts'],
    ['an issue of a status nobody here knows', {}, { status: 'reopened' }, 'counts'],
    ['an event that states no category', {}, { category: undefined }, 'counts'],
  ],
  regions: [
    ['another Region', {}, { region: 'us-east-1' }, 'region'],
    ['one of several Regions', { regions: ['us-east-1', 'eu-west-1'] }, { region: 'us-east-1' }, 'counts'],
    ['global events, though not listed', {}, { region: 'global', service: 'IAM' }, 'counts'],
    ['any Region where none is listed', { regions: [] }, { region: 'ap-south-2' }, 'counts'],
    ['a Region whose name begins like ours', {}, { region: 'eu-west-11' }, 'region'],
    ['only global events, when that is all that is listed', { regions: ['global'] }, {}, 'region'],
  ],
  services: [
    ['any service where none is listed', {}, { service: 'QUICKSIGHT' }, 'counts'],
    ['a listed service', { services: ['RDS', 'SQS'] }, {}, 'counts'],
    ['another service', { services: ['SQS'] }, {}, 'service'],
    ['several services at once, though not listed', { services: ['SQS'] }, { service: 'MULTIPLE_SERVICES' }, 'counts'],
    [
      'several services at once in another Region',
      {},
      { service: 'MULTIPLE_SERVICES', region: 'me-central-1' },
      'region',
    ],
    ['a global event of another service', { services: ['SQS'] }, { region: 'global', service: 'IAM' }, 'service'],
  ],
  'availability zones': [
    ['an event of the whole Region', { zones: ['eu-west-1a'] }, {}, 'counts'],
    ['a listed zone', { zones: ['eu-west-1a'] }, { zone: 'eu-west-1a' }, 'counts'],
    ['another zone', { zones: ['eu-west-1a'] }, { zone: 'eu-west-1b' }, 'zone'],
    ['a listed zone id', { zones: ['euw1-az1'] }, { zone: 'euw1-az1' }, 'counts'],
    ['another zone id', { zones: ['euw1-az1'] }, { zone: 'euw1-az2' }, 'zone'],
    ['a zone id where a Local Zone id is listed', { zones: ['usw2-lax1-az1'] }, { zone: 'usw2-lax1-az2' }, 'zone'],
    ['the name of a listed Local Zone id', { zones: ['usw2-lax1-az1'] }, { zone: 'us-west-2-lax-1a' }, 'counts'],
    ['a name where only ids are listed', { zones: ['euw1-az1'] }, { zone: 'eu-west-1b' }, 'counts'],
    ['an id where only names are listed', { zones: ['eu-west-1a'] }, { zone: 'euw1-az2' }, 'counts'],
    [
      'another name, of a list with names and ids',
      { zones: ['eu-west-1a', 'euw1-az1'] },
      { zone: 'eu-west-1b' },
      'counts',
    ],
    ['any zone where none is listed', {}, { zone: 'eu-west-1b' }, 'counts'],
    ['a listed zone in other letters', { zones: ['EUW1-AZ1'] }, { zone: 'euw1-az1' }, 'counts'],
  ],
  'categories and statuses': [
    [
      'a notice when notices count',
      { categories: ['accountNotification'] },
      { category: 'accountNotification' },
      'counts',
    ],
    ['an issue when only notices count', { categories: ['accountNotification'] }, {}, 'kind'],
    [
      'maintenance under way when it counts',
      { categories: ['scheduledChange'] },
      { ...scheduled, status: 'open' },
      'counts',
    ],
    ['maintenance to come when only open counts', { categories: ['scheduledChange'] }, scheduled, 'kind'],
    ['a closed issue when closed counts', { statuses: ['open', 'closed'] }, { status: 'closed' }, 'counts'],
    ['an open issue when only closed counts', { statuses: ['closed'] }, {}, 'kind'],
    [
      'maintenance at any time to come',
      { categories: ['scheduledChange'], statuses: ['upcoming'] },
      { ...scheduled, startsAt: NOW + 90 * DAY },
      'counts',
    ],
  ],
  'upcoming-within': [
    [
      'a change that starts within it',
      { upcomingWithin: 4 * HOUR },
      { ...scheduled, startsAt: NOW + 3 * HOUR },
      'counts',
    ],
    [
      'a change that starts at its very end',
      { upcomingWithin: HOUR },
      { ...scheduled, startsAt: NOW + HOUR },
      'counts',
    ],
    ['a change that starts later', { upcomingWithin: HOUR }, { ...scheduled, startsAt: NOW + HOUR + 1 }, 'kind'],
    ['a change that should have started', { upcomingWithin: HOUR }, { ...scheduled, startsAt: NOW - HOUR }, 'counts'],
    ['a change that does not say when', { upcomingWithin: HOUR }, { ...scheduled, startsAt: undefined }, 'counts'],
    ['open issues as before', { upcomingWithin: HOUR }, {}, 'counts'],
    [
      'maintenance under way, which was not asked for',
      { upcomingWithin: HOUR },
      { ...scheduled, status: 'open' },
      'kind',
    ],
    ['an upcoming notice', { upcomingWithin: HOUR }, { category: 'accountNotification', status: 'upcoming' }, 'kind'],
    [
      'a later change though upcoming ones count',
      { upcomingWithin: HOUR, categories: ['scheduledChange'], statuses: ['upcoming'] },
      { ...scheduled, startsAt: NOW + DAY },
      'kind',
    ],
    ['a change elsewhere', { upcomingWithin: HOUR }, { ...scheduled, startsAt: NOW, region: 'us-east-1' }, 'region'],
  ],
  'actionability and personas': [
    [
      'the actionability asked for',
      { actionabilities: ['ACTION_REQUIRED'] },
      { actionability: 'ACTION_REQUIRED' },
      'counts',
    ],
    ['another', { actionabilities: ['ACTION_REQUIRED'] }, { actionability: 'INFORMATIONAL' }, 'actionability'],
    ['none stated', { actionabilities: ['ACTION_REQUIRED'] }, {}, 'counts'],
    ['the persona asked for', { personas: ['OPERATIONS'] }, { personas: ['SECURITY', 'OPERATIONS'] }, 'counts'],
    ['other personas', { personas: ['OPERATIONS'] }, { personas: ['BILLING'] }, 'persona'],
    ['no persona stated', { personas: ['OPERATIONS'] }, {}, 'counts'],
  ],
  'event type codes': [
    ['the type asked for', { typeCodes: ['AWS_RDS_OPERATIONAL_ISSUE'] }, {}, 'counts'],
    ['the type in other letters', { typeCodes: ['aws_rds_operational_issue'] }, {}, 'counts'],
    ['a pattern', { typeCodes: ['AWS_*_OPERATIONAL_ISSUE'] }, {}, 'counts'],
    ['another type', { typeCodes: ['AWS_RDS_API_ISSUE'] }, {}, 'type code'],
    ['a type that only begins so', { typeCodes: ['AWS_RDS'] }, {}, 'type code'],
  ],
  ages: [
    ['older than the least age', { minimumAge: 10 * MINUTE }, {}, 'counts'],
    ['exactly of the least age', { minimumAge: HOUR }, {}, 'counts'],
    ['younger than the least age', { minimumAge: 2 * HOUR }, {}, 'younger'],
    ['of unknown age, with a least one', { minimumAge: 2 * HOUR }, { startsAt: undefined }, 'counts'],
    ['older than the greatest age', { maximumAge: 30 * MINUTE }, {}, 'older'],
    ['younger than the greatest age', { maximumAge: DAY }, {}, 'counts'],
    ['of unknown age, with a greatest one', { maximumAge: DAY }, { startsAt: undefined }, 'counts'],
    [
      'a change to come, with a least age',
      { minimumAge: HOUR, upcomingWithin: DAY },
      { ...scheduled, startsAt: NOW + HOUR },
      'counts',
    ],
  ],
  exceptions: [
    ['its type code', { ignore: parseIgnoreEntries('ids: [AWS_RDS_OPERATIONAL_ISSUE]') }, {}, 'ignored'],
    ['its ARN', { ignore: parseIgnoreEntries(`ids: ["${createEvent().arn}"]`) }, {}, 'ignored'],
    ['another ARN', { ignore: parseIgnoreEntries('ids: ["arn:aws:health:eu-west-1::event/RDS/X/X_2"]') }, {}, 'counts'],
    ['a pattern', { ignore: parseIgnoreEntries('ids: ["AWS_RDS_*"]') }, {}, 'ignored'],
    ['its service', { ignore: parseIgnoreEntries('tags: [rds]') }, {}, 'ignored'],
    ['its Region', { ignore: parseIgnoreEntries('tags: [eu-west-1]') }, {}, 'ignored'],
    ['its category', { ignore: parseIgnoreEntries('tags: [issue]') }, {}, 'ignored'],
    ['its type, but another service', { ignore: parseIgnoreEntries('ids: ["AWS_*"], tags: [SQS]') }, {}, 'counts'],
    ['an exception for ever', { ignore: parseIgnoreEntries('tags: [rds]') }, {}, 'ignored'],
    ['an exception of today', { ignore: parseIgnoreEntries('tags: [rds], expires: 2026-11-20') }, {}, 'ignored'],
    ['an exception of yesterday', { ignore: parseIgnoreEntries('tags: [rds], expires: 2026-11-19') }, {}, 'counts'],
  ],
};

const table = Object.entries(cases).flatMap(([topic, rows]) => rows.map((row) => [topic, ...row] as const));

it('covers at least sixty cases', () => {
  expect(table.length).toBeGreaterThanOrEqual(60);
});

describe('an event', () => {
  it.each(table)('%s: %s', (_topic, _fact, changes, eventChanges, outcome) => {
    const evaluation = evaluateEvent(createCriteria(changes), createEvent(eventChanges), NOW);
    expect(evaluation.counts ? 'counts' : evaluation.reason).toBe(outcome);
  });

  it('that is an exception names the entry', () => {
    const evaluation = evaluateEvent(createCriteria({ ignore: parseIgnoreEntries('tags: [rds]') }), createEvent(), NOW);
    expect(evaluation).toMatchObject({ reason: 'ignored', entry: { name: 'entry 1 of ignore.yml', reason: 'known' } });
  });
});
