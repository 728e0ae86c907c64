import { Sha256 } from '@aws-crypto/sha256-js';
import { CloudWatchClient, DescribeAlarmsCommand, SetAlarmStateCommand } from '@aws-sdk/client-cloudwatch';
import {
  DescribeAffectedEntitiesCommand,
  DescribeEventDetailsCommand,
  DescribeEventsCommand,
  DescribeEventsForOrganizationCommand,
  type EventFilter,
  HealthClient,
} from '@aws-sdk/client-health';
import { GetCalendarStateCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';
import { type LocalAws, startLocalAws } from '../../../src/local-aws.js';
import type { ScenarioInput } from '../../../src/scenario.js';

const START = '2026-11-20T12:00:00.000Z';
const MINUTE = 60_000;
const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
const incident = { service: 'RDS', region: 'eu-west-1' };

const start = async (scenario: ScenarioInput): Promise<LocalAws> => {
  const aws = await startLocalAws({ scenario: { clock: { start: START, scale: 0 }, ...scenario } });
  running.push(aws);
  return aws;
};

const running: LocalAws[] = [];
afterEach(async () => {
  for (const aws of running.splice(0)) await aws.close();
});

const createClient = (aws: LocalAws, region = 'us-east-1'): HealthClient =>
  new HealthClient({ region, endpoint: aws.url, credentials, maxAttempts: 1 });

const list = async (aws: LocalAws, filter: EventFilter = {}) =>
  (await createClient(aws).send(new DescribeEventsCommand({ filter }))).events ?? [];

describe('an event of AWS Health', () => {
  it('is not told before it starts, then open, then closed', async () => {
    const aws = await start({ health: { events: [{ ...incident, starts: '5m', ends: '20m' }] } });
    expect(await list(aws)).toEqual([]);
    aws.clock.advance(5 * MINUTE);
    expect(await list(aws)).toMatchObject([{ statusCode: 'open', startTime: new Date('2026-11-20T12:05:00Z') }]);
    aws.clock.advance(15 * MINUTE);
    expect(await list(aws)).toMatchObject([{ statusCode: 'closed', endTime: new Date('2026-11-20T12:20:00Z') }]);
  });

  it('that is a scheduled change is upcoming until it starts', async () => {
    const aws = await start({ health: { events: [{ ...incident, category: 'scheduledChange', starts: '1h' }] } });
    expect(await list(aws)).toMatchObject([{ statusCode: 'upcoming', eventTypeCategory: 'scheduledChange' }]);
    aws.clock.advance(60 * MINUTE);
    expect(await list(aws)).toMatchObject([{ statusCode: 'open' }]);
  });

  it('is updated: newest words last, and a newer time', async () => {
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

  it('of other accounts is not told to this one, but to the organisation', async () => {
    const event = { ...incident, scope: 'ACCOUNT_SPECIFIC' as const, accounts: ['111111111111'] };
    const aws = await start({ health: { events: [event] } });
    expect(await list(aws)).toEqual([]);
    const { events } = await createClient(aws).send(new DescribeEventsForOrganizationCommand({}));
    expect(events).toHaveLength(1);
  });

  it('tells its entities', async () => {
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

describe('the API of AWS Health', () => {
  it('answers in pages, and takes a token in its own Region only', async () => {
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
    ['tags, which are not modelled', { tags: [{ team: 'red' }] }],
  ])('refuses %s', async (_label, filter) => {
    const aws = await start({});
    await expect(list(aws, filter)).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('refuses an account without the support plan', async () => {
    const aws = await start({ health: { plan: 'none' } });
    await expect(list(aws)).rejects.toMatchObject({ name: 'SubscriptionRequiredException' });
  });

  // By hand from the API reference: the SDK's serialiser on both ends would hide a mistake made twice.
  it('speaks as documented on the wire', async () => {
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

  it('is UTF-16 with its byte order mark, and tells public issues', async () => {
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

describe('change calendars', () => {
  const calendars = {
    freeze: { state: 'CLOSED' as const, changes: [{ at: '30m', state: 'OPEN' as const }] },
    free: {},
  };
  const getCalendarState = async (aws: LocalAws, ...CalendarNames: string[]) =>
    new SSMClient({ region: 'eu-west-1', endpoint: aws.url, credentials }).send(
      new GetCalendarStateCommand({ CalendarNames }),
    );

  it('are open together when each is', async () => {
    const aws = await start({ ssm: { calendars } });
    expect(await getCalendarState(aws, 'free')).toMatchObject({ State: 'OPEN' });
    expect(await getCalendarState(aws, 'free', 'freeze')).toMatchObject({
      State: 'CLOSED',
      AtTime: '2026-11-20T12:00:00Z',
      NextTransitionTime: '2026-11-20T12:30:00Z',
    });
    aws.clock.advance(30 * MINUTE);
    expect(await getCalendarState(aws, 'arn:aws:ssm:eu-west-1:123456789012:document/freeze')).toMatchObject({
      State: 'OPEN',
    });
  });

  it('that do not exist are an error', async () => {
    const aws = await start({ ssm: { calendars } });
    await expect(getCalendarState(aws, 'nothing')).rejects.toMatchObject({ name: 'InvalidDocument' });
  });
});

describe('alarms', () => {
  it('have the states that the scenario plans and that calls set; composite ones are told when asked for', async () => {
    const alarms = {
      errors: { changes: [{ at: '1m', state: 'ALARM' as const }] },
      all: { kind: 'composite' as const },
    };
    const aws = await start({ cloudwatch: { alarms } });
    const cloudwatch = new CloudWatchClient({ region: 'eu-west-1', endpoint: aws.url, credentials });
    const describeAll = () =>
      cloudwatch.send(new DescribeAlarmsCommand({ AlarmTypes: ['MetricAlarm', 'CompositeAlarm'] }));
    expect((await cloudwatch.send(new DescribeAlarmsCommand({}))).CompositeAlarms).toEqual([]);
    expect(await describeAll()).toMatchObject({
      MetricAlarms: [{ AlarmName: 'errors', StateValue: 'OK' }],
      CompositeAlarms: [{ AlarmName: 'all', StateValue: 'OK' }],
    });
    aws.clock.advance(MINUTE);
    expect((await describeAll()).MetricAlarms).toMatchObject([
      { StateValue: 'ALARM', StateReason: 'Threshold Crossed' },
    ]);
    const set = { AlarmName: 'errors', StateValue: 'OK' as const, StateReason: 'checked' };
    await cloudwatch.send(new SetAlarmStateCommand(set));
    expect((await describeAll()).MetricAlarms).toMatchObject([{ StateValue: 'OK', StateReason: 'checked' }]);
  });
});
