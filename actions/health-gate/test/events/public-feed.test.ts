import { describe, expect, it } from '@jest/globals';
import { parseFeed } from '../../src/events/public-feed.js';

const createItem = (changes: Record<string, unknown> = {}) => ({
  date: '1763640000',
  arn: 'arn:aws:health:us-east-1::event/EC2/AWS_EC2_OPERATIONAL_ISSUE/AWS_EC2_OPERATIONAL_ISSUE_ABC-1',
  region_name: 'N. Virginia',
  status: '2',
  service: 'ec2-us-east-1',
  service_name: 'Amazon Elastic Compute Cloud',
  summary: 'Increased API Error Rates',
  event_log: [
    { summary: 'Increased API Error Rates', message: 'We see signs of recovery.', status: 2, timestamp: 1763643600 },
    { summary: 'Increased API Error Rates', message: 'We are investigating.', status: 2, timestamp: 1763640000 },
  ],
  impacted_services: { 'ec2-us-east-1': { service_name: 'EC2', current: '2', max: '3' } },
  ...changes,
});

const encodeUtf8 = (content: string): Uint8Array => Buffer.from(content, 'utf8');
const encodeUtf16Be = (content: string): Uint8Array => Buffer.from(`\ufeff${content}`, 'utf16le').swap16();
const encodeUtf16Le = (content: string): Uint8Array => Buffer.from(`\ufeff${content}`, 'utf16le');

const parseOne = (changes: Record<string, unknown>) => parseFeed(encodeUtf8(JSON.stringify([createItem(changes)])))[0];

describe('the public feed', () => {
  it.each([
    ['UTF-16 big-endian', encodeUtf16Be],
    ['UTF-16 little-endian', encodeUtf16Le],
    ['UTF-8', encodeUtf8],
  ])('is read as %s', (_name, encode) => {
    expect(parseFeed(encode(JSON.stringify([createItem()])))).toEqual([
      {
        text: 'We see signs of recovery.',
        event: {
          arn: createItem().arn,
          service: 'EC2',
          typeCode: 'AWS_EC2_OPERATIONAL_ISSUE',
          category: 'issue',
          status: 'open',
          scope: 'PUBLIC',
          region: 'us-east-1',
          zone: undefined,
          startsAt: 1763640000000,
          endsAt: undefined,
          updatedAt: 1763643600000,
          actionability: undefined,
          personas: [],
        },
      },
    ]);
  });

  it('reports an incident of several services as MULTIPLE_SERVICES', () => {
    const impactedServices = { 'ec2-us-east-1': { current: '2' }, 'rds-us-east-1': { current: '1' } };
    expect(parseOne({ impacted_services: impactedServices })?.event.service).toBe('MULTIPLE_SERVICES');
  });

  it.each(['SSM-SAP', 'DEVOPS-GURU', 'OPSWORKS-CM'])('reads the code %s, which has a hyphen', (service) => {
    const type = `AWS_${service}_OPERATIONAL_ISSUE`;
    const arn = `arn:aws:health:eu-west-1::event/${service}/${type}/${type}_ABC-1`;
    expect(parseOne({ arn })?.event).toMatchObject({ service, typeCode: type, region: 'eu-west-1' });
  });

  it('reports no incident for an empty list', () => {
    expect(parseFeed(encodeUtf16Be('[]'))).toEqual([]);
  });

  it.each([
    ['an end time', { end_time: '1763647200' }, 'closed'],
    ['every service back at level 0', { impacted_services: { 'ec2-us-east-1': { current: '0' } } }, 'closed'],
    ['an empty end time', { end_time: '' }, 'open'],
    [
      'one of two services back at level 0',
      { impacted_services: { a: { current: '0' }, b: { current: '1' } } },
      'open',
    ],
    ['no services named', { impacted_services: {} }, 'open'],
    ['the services missing', { impacted_services: undefined }, 'open'],
    ['level 0 overall, but not for a service', { status: '0' }, 'open'],
    ['a number as level', { status: 3 }, 'open'],
  ])('with %s (%j) reports an event that is %s', (_label, changes, status) => {
    expect(parseOne(changes)?.event.status).toBe(status);
  });

  it('uses the summary of an incident without a log', () => {
    expect(parseOne({ event_log: [] })?.text).toBe('Increased API Error Rates');
    expect(parseOne({ event_log: undefined })?.text).toBe('Increased API Error Rates');
  });

  it.each([
    ['empty', ''],
    ['an HTML page', '<!doctype html>'],
    ['truncated', JSON.stringify([createItem()]).slice(0, -1)],
    ['an object', JSON.stringify({ events: [createItem()] })],
    ['a list of strings', JSON.stringify(['fine'])],
    ['an item without an ARN', JSON.stringify([createItem({ arn: undefined })])],
    [
      'an item with an ARN of another form',
      JSON.stringify([createItem({ arn: 'arn:aws:health:us-east-1::event/EC2' })]),
    ],
    ['an item without a start time', JSON.stringify([createItem({ date: undefined })])],
    ['an item with a start time in words', JSON.stringify([createItem({ date: 'yesterday' })])],
    ['an item with an unknown level', JSON.stringify([createItem({ status: '4' })])],
    ['an item with an end time in words', JSON.stringify([createItem({ end_time: 'soon' })])],
    ['an item with a level in words', JSON.stringify([createItem({ impacted_services: { a: { current: 'ok' } } })])],
    ['an item with services as a list', JSON.stringify([createItem({ impacted_services: ['a'] })])],
    ['an item with a log as a string', JSON.stringify([createItem({ event_log: 'x' })])],
    ['an item with a log entry without a time', JSON.stringify([createItem({ event_log: [{ message: 'x' }] })])],
  ])('is rejected as unexpected when it is %s', (_label, content) => {
    expect(() => parseFeed(encodeUtf8(content))).toThrow('unexpected response from the public feed');
  });

  it('is rejected when it is not text', () => {
    expect(() => parseFeed(Uint8Array.of(0xfe, 0xff, 0xd8))).toThrow('invalid text encoding');
    expect(() => parseFeed(Uint8Array.of(0xc3, 0x28))).toThrow('invalid text encoding');
  });
});
