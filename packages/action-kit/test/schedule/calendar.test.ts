import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseCalendar } from '../../src/schedule/calendar.js';
import { TimeZone } from '../../src/schedule/time-zone.js';

const render = (events: readonly string[], properties = ''): string =>
  [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:test',
    properties,
    ...events.map((event) => `BEGIN:VEVENT\nUID:1\n${event}\nEND:VEVENT`),
    'END:VCALENDAR',
  ]
    .filter((line) => line !== '')
    .join('\r\n');

const listStarts = (text: string, until: string, zone = 'Europe/Berlin'): readonly string[] =>
  parseCalendar(text, new TimeZone(zone))
    .listEvents(Date.parse(until))
    .map(
      ({ start, end }) => `${new Date(start).toISOString().slice(0, 16)}/${new Date(end).toISOString().slice(0, 16)}`,
    )
    .sort();

describe('events of an iCalendar document', () => {
  it.each([
    [
      'an all-day event, in the default zone',
      ['DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227'],
      '',
      ['2026-12-23T23:00/2026-12-26T23:00'],
    ],
    [
      'an all-day event in the zone of the document',
      ['DTSTART;VALUE=DATE:20261224'],
      'X-WR-TIMEZONE:America/New_York',
      ['2026-12-24T05:00/2026-12-25T05:00'],
    ],
    ['a floating time', ['DTSTART:20261220T080000\nDTEND:20261220T090000'], '', ['2026-12-20T07:00/2026-12-20T08:00']],
    ['a time in UTC', ['DTSTART:20261220T080000Z\nDURATION:PT90M'], '', ['2026-12-20T08:00/2026-12-20T09:30']],
    [
      'a time in a named zone',
      ['DTSTART;TZID=Australia/Sydney:20261220T080000\nDURATION:PT1H'],
      '',
      ['2026-12-19T21:00/2026-12-19T22:00'],
    ],
    [
      'a yearly all-day event with an excluded date',
      ['DTSTART;VALUE=DATE:20241225\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:20251225'],
      '',
      ['2024-12-24T23:00/2024-12-25T23:00', '2026-12-24T23:00/2026-12-25T23:00'],
    ],
    [
      'a weekly event across daylight saving time',
      [
        'DTSTART;TZID=Europe/Berlin:20261018T090000\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;COUNT=3\nEXDATE;TZID=Europe/Berlin:20261101T090000',
      ],
      '',
      ['2026-10-18T07:00/2026-10-18T08:00', '2026-10-25T08:00/2026-10-25T09:00'],
    ],
    [
      'additional dates',
      ['DTSTART:20261220T080000Z\nDURATION:PT1H\nRDATE:20261222T080000Z'],
      '',
      ['2026-12-20T08:00/2026-12-20T09:00', '2026-12-22T08:00/2026-12-22T09:00'],
    ],
    [
      'a canceled occurrence',
      [
        'DTSTART:20261220T080000Z\nDURATION:PT1H\nRRULE:FREQ=DAILY;COUNT=2',
        'RECURRENCE-ID:20261220T080000Z\nSTATUS:CANCELLED\nDTSTART:20261220T080000Z\nDURATION:PT1H',
      ],
      '',
      ['2026-12-21T08:00/2026-12-21T09:00'],
    ],
    [
      'a later occurrence that was moved to an earlier time',
      [
        'DTSTART:20261220T080000Z\nDURATION:PT1H\nRRULE:FREQ=MONTHLY;COUNT=2',
        'RECURRENCE-ID:20270120T080000Z\nDTSTART:20261221T080000Z\nDURATION:PT1H',
      ],
      '',
      ['2026-12-20T08:00/2026-12-20T09:00', '2026-12-21T08:00/2026-12-21T09:00'],
    ],
  ])('include %s', (_label, events, properties, expected) => {
    expect(listStarts(render(events, properties), '2026-12-31T00:00:00Z')).toEqual(expected);
  });

  it('have names', () => {
    const text = render(['SUMMARY:Year end\nDTSTART;VALUE=DATE:20261224']);
    expect(parseCalendar(text, new TimeZone('UTC')).listEvents(Date.UTC(2027))).toMatchObject([{ name: 'Year end' }]);
  });

  it('are rejected in an unknown zone, or with too many occurrences', () => {
    const list = (event: string) => listStarts(render([event]), '2026-12-31T00:00:00Z');
    expect(() => list('DTSTART;TZID=Somewhere:20261220T080000')).toThrow("time zone 'Somewhere' is unknown");
    expect(() => list('DTSTART:20200101T000000Z\nDURATION:PT1S\nRRULE:FREQ=SECONDLY')).toThrow('more than 100000');
  });
});

it('other text is not an iCalendar document', () => {
  for (const text of ['BEGIN:VCALENDAR', 'BEGIN:VEVENT\nEND:VEVENT', 'text'])
    expect(() => parseCalendar(text, new TimeZone('UTC'))).toThrow('not an iCalendar document');
});

interface RecordedDocument {
  readonly text: string;
  /** Seconds since the epoch. */
  readonly starts: readonly number[];
}

describe('occurrences', () => {
  it('are those that another library finds', () => {
    const recorded: readonly RecordedDocument[] = JSON.parse(
      readFileSync(join(import.meta.dirname, 'recurring-events.json'), 'utf8'),
    );
    const until = Date.parse('2026-11-01T00:00:00Z') - 1;
    const found = recorded.map(({ text }) => ({
      text,
      starts: parseCalendar(text, new TimeZone('Europe/Berlin'))
        .listEvents(until)
        .map(({ start }) => start / 1000),
    }));
    expect(recorded.length).toBe(50);
    expect(found).toEqual(recorded);
  });

  it.each([
    ['a yearly event on 29 February', 'DTSTART:20240229T080000Z\nRRULE:FREQ=YEARLY', ['2024-02-29', '2028-02-29']],
    [
      'a start that is excluded',
      'DTSTART:20260115T080000Z\nRRULE:FREQ=MONTHLY;COUNT=3\nEXDATE:20260115T080000Z',
      ['2026-02-15', '2026-03-15'],
    ],
    [
      'a start that the rule does not produce',
      'DTSTART:20260115T080000Z\nRRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=31;COUNT=1',
      ['2026-01-15', '2026-12-31'],
    ],
  ])('of %s are on its days', (_label, event, expected) => {
    const text = render([`${event}\nDURATION:PT1H`]);
    const starts = parseCalendar(text, new TimeZone('UTC')).listEvents(Date.UTC(2029));
    expect(starts.map(({ start }) => new Date(start).toISOString().slice(0, 10))).toEqual(expected);
  });
});
