import { describe, expect, it } from '@jest/globals';
import { DAY_MS, findTimeZone, TimeZone } from '../../src/schedule/time-zone.js';

const parseLocal = (text: string): number => Date.parse(`${text}Z`);
const format = (at: number): string => new Date(at).toISOString().replace(':00.000Z', 'Z');

describe('a local time', () => {
  it.each([
    ['Europe/Berlin', '2026-07-01T12:00', ['2026-07-01T10:00Z']],
    ['Europe/Berlin', '2026-03-29T02:30', []],
    ['Europe/Berlin', '2026-10-25T02:30', ['2026-10-25T00:30Z', '2026-10-25T01:30Z']],
    ['America/New_York', '2026-03-08T02:30', []],
    ['America/New_York', '2026-11-01T01:30', ['2026-11-01T05:30Z', '2026-11-01T06:30Z']],
    ['Australia/Lord_Howe', '2026-10-04T02:15', []],
    ['Australia/Lord_Howe', '2026-04-05T01:45', ['2026-04-04T14:45Z', '2026-04-04T15:15Z']],
    ['UTC', '2026-03-29T02:30', ['2026-03-29T02:30Z']],
  ])('in %s (%s) is at %j', (name, local, expected) => {
    const zone = new TimeZone(name);
    expect(zone.listInstants(parseLocal(local)).map(format)).toEqual(expected);
  });

  it('that clocks skip is a later time', () => {
    expect(format(new TimeZone('Europe/Berlin').toInstant(parseLocal('2026-03-29T02:30')))).toBe('2026-03-29T01:30Z');
  });

  it('is read back with its weekday', () => {
    const local = new TimeZone('Australia/Sydney').getLocalTime(Date.parse('2026-11-20T22:05:00Z'));
    expect(local).toEqual({ year: 2026, month: 11, day: 21, weekday: 6, minutes: 9 * 60 + 5 });
  });
});

it.each([
  ['Europe/Berlin', ['2026-03-29T01:00Z', '2026-10-25T01:00Z']],
  ['America/New_York', ['2026-03-08T07:00Z', '2026-11-01T06:00Z']],
  ['Australia/Lord_Howe', ['2026-04-04T15:00Z', '2026-10-03T15:30Z']],
  ['Asia/Tokyo', []],
])('the clocks of %s change at %j', (name, expected) => {
  const start = Date.parse('2026-01-01T00:00:00Z');
  expect(new TimeZone(name).listTransitions(start, start + 365 * DAY_MS).map(format)).toEqual(expected);
});

it('an unknown zone is undefined', () => {
  expect(findTimeZone('Europe/Berlin')?.name).toBe('Europe/Berlin');
  expect(['Mars/Olympus', 'W. Europe Standard Time', ''].map((name) => findTimeZone(name))).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
