import { Sha256 } from '@aws-crypto/sha256-js';
import {
  DescribeAffectedEntitiesCommand,
  DescribeEventDetailsCommand,
  DescribeEventsCommand,
  DescribeEventsForOrganizationCommand,
  type EventFilter,
  HealthClient,
} from '@aws-sdk/client-health';
import { describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import type { LocalAws } from '../../../src/local-aws.js';
import { useFrozenLocalAws } from '../../fixtures.js';

const START = '2026-11-20T12:00:00.000Z';
const MINUTE = 60_000;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const incident = { service: 'RDS', region: 'eu-west-1' };

const start = useFrozenLocalAws(START);

const createClient = (aws: LocalAws, region = 'us-east-1'): HealthClient =>
  new HealthClient({ region, endpoint: aws.url, credentials, maxAttempts: 1 });

const list = async (aws: LocalAws, filter: EventFilter = {}) =>
  (await createClient(aws).send(new DescribeEventsCommand({ filter }))).events ?? [];

describe('an AWS Health event', () => {
  it('is hidden before its start, then open, then closed', async () => {
    const aws = await start({ health: { events: [{ ...incident, starts: '5m', ends: '20m' }] } });
    expect(await list(aws)).toEqual([]);
    aws.clock.advance(5 * MINUTE);
    expect(await list(aws)).toMatchObject([{ statusCode: 'open', startTime: new Date('2026-11-20T12:05:00Z') }]);
    aws.clock.advance(15 * MINUTE);
    expect(await list(aws)).toMatchObject([{ statusCode: 'closed', endTime: new Date('2026-11-20T12:20:00Z') }]);
  });

  it('for a scheduled change is upcoming until its start', async () => {
    const aws = await start({ health: { events: [{ ...incident, category: 'scheduledChange', starts: '1h' }] } });
    expect(await list(aws)).toMatchObject([{ statusCode: 'upcoming', eventTypeCategory: 'scheduledChange' }]);
    aws.clock.advance(60 * MINUTE);
    expect(await list(aws)).toMatchObject([{ statusCode: 'open' }]);
  });

  it('is updated, with the newest text last and a newer time', async () => {
    const aws = await start({
      health: { events: [{ ...incident, updates: [{ at: '10m', text: 'Recovering.' }] }] },
    });
    aws.clock.advance(10 * MINUTE);
    const [event] = await list(aws);
    expect(event?.lastUpdatedTime).toEqual(new Date('2026-11-20T12:10:00Z'));
    const command = new DescribeEventDetailsCommand({ eventArns: [event?.arn ?? '', 'arn:aws:health:x::event/A/B/C'] });
    const details = await createClient(aws).send(command);
    expect(details.successfulSet?.[0]?.eventDescription?.latestDescription).toMatch(
      /\[2026-11-20 12:10 UTC\] Recovering\.$/,
    );
    expect(details.failedSet).toMatchObject([{ errorName: 'InvalidEventArn' }]);
  });

  it('of another account is visible only in the organization view', async () => {
    const event = { ...incident, scope: 'ACCOUNT_SPECIFIC' as const, accounts: ['111111111111'] };
    const aws = await start({ health: { events: [event] } });
    expect(await list(aws)).toEqual([]);
    const { events } = await createClient(aws).send(new DescribeEventsForOrganizationCommand({}));
    expect(events).toHaveLength(1);
  });

  it('has its entities', async () => {
    const aws = await start({
      health: { events: [{ ...incident, scope: 'ACCOUNT_SPECIFIC', entities: [{ value: 'db' }] }] },
    });
    const [event] = await list(aws);
    const command = new DescribeAffectedEntitiesCommand({ filter: { eventArns: [event?.arn ?? ''] } });
    expect((await createClient(aws).send(command)).entities).toMatchObject([
      { entityValue: 'db', awsAccountId: '123456789012' },
    ]);
  });
});

describe('the AWS Health API', () => {
  it('returns pages, with tokens that are valid only in their Region', async () => {
    const events = Array.from({ length: 25 }, () => incident);
    const aws = await start({ health: { events, failovers: [{ at: '1m', region: 'us-east-2' }] } });
    const first = await createClient(aws).send(new DescribeEventsCommand({ maxResults: 10 }));
    expect(first.events).toHaveLength(10);
    const next = new DescribeEventsCommand({ maxResults: 20, nextToken: first.nextToken });
    expect((await createClient(aws).send(next)).events).toHaveLength(15);
    aws.clock.advance(MINUTE);
    await expect(createClient(aws).send(next)).rejects.toMatchObject({ name: 'InvalidSignatureException' });
    await expect(createClient(aws, 'us-east-2').send(next)).rejects.toMatchObject({ name: 'InvalidPaginationToken' });
  });

  it.each<[string, EventFilter]>([
    ['more than ten services', { services: Array.from({ length: 11 }, (_, index) => `S${index}`) }],
    ['an empty list', { regions: [] }],
    ['tags, which are not modeled', { tags: [{ team: 'red' }] }],
  ])('rejects %s', async (_label, filter) => {
    const aws = await start({});
    await expect(list(aws, filter)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('rejects an account without the support plan', async () => {
    const aws = await start({ health: { plan: 'none' } });
    await expect(list(aws)).rejects.toMatchObject({ name: 'SubscriptionRequiredException' });
  });

  // Written by hand from the API reference: with the SDK on both ends, a mistake in its serializer would go unnoticed.
  it('uses the documented protocol', async () => {
    const aws = await start({ health: { events: [{ ...incident, zone: 'eu-west-1a' }] } });
    const url = new URL(aws.url);
    const signer = new SignatureV4({ service: 'health', region: 'us-east-1', credentials, sha256: Sha256 });
    const request = await signer.sign({
      method: 'POST',
      protocol: 'http:',
      hostname: url.hostname,
      port: Number(url.port),
      path: '/',
      query: {},
      headers: {
        host: url.host,
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSHealth_20160804.DescribeEvents',
      },
      body: '{"filter":{"regions":["eu-west-1"],"eventStatusCodes":["open"]},"maxResults":10}',
    });
    const response = await fetch(aws.url, { method: 'POST', headers: request.headers, body: String(request.body) });
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({
      events: [
        {
          arn: expect.stringMatching(
            /^arn:aws:health:eu-west-1::event\/RDS\/AWS_RDS_OPERATIONAL_ISSUE\/AWS_RDS_OPERATIONAL_ISSUE_/,
          ),
          service: 'RDS',
          eventTypeCode: 'AWS_RDS_OPERATIONAL_ISSUE',
          eventTypeCategory: 'issue',
          eventScopeCode: 'PUBLIC',
          region: 'eu-west-1',
          availabilityZone: 'eu-west-1a',
          startTime: 1795176000,
          lastUpdatedTime: 1795176000,
          statusCode: 'open',
        },
      ],
    });
  });
});

describe('the public feed', () => {
  const read = async (aws: LocalAws) => {
    const bytes = new Uint8Array(await (await fetch(`${aws.url}/public/currentevents`)).arrayBuffer());
    return { bytes, items: JSON.parse(new TextDecoder('utf-16be').decode(bytes)) };
  };

  it('is UTF-16 with a byte order mark and contains public issues', async () => {
    const events = [
      { ...incident, ends: '5m' },
      { ...incident, scope: 'ACCOUNT_SPECIFIC' as const },
    ];
    const aws = await start({ health: { events } });
    const { bytes, items } = await read(aws);
    expect([...bytes.slice(0, 2)]).toEqual([0xfe, 0xff]);
    expect(items).toMatchObject([
      { date: '1795176000', status: '2', impacted_services: { 'rds-eu-west-1': { current: '2' } } },
    ]);
    aws.clock.advance(5 * MINUTE);
    expect((await read(aws)).items).toMatchObject([{ end_time: '1795176300', status: '0' }]);
  });
});
