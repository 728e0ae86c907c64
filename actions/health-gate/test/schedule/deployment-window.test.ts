import { TimeZone } from '@aws-delivery/action-kit/schedule/time-zone';
import { describe, expect, it } from '@jest/globals';
import { DeploymentWindow } from '../../src/schedule/deployment-window.js';
import { parseFreezeFile } from '../../src/schedule/freeze-file.js';
import { parseHoliday } from '../../src/schedule/holidays.js';
import { parseOpenHours } from '../../src/schedule/open-hours.js';

interface WindowInputs {
  readonly hours?: readonly string[];
  readonly holidays?: readonly string[];
  readonly freezes?: string;
  readonly zone?: string;
  readonly runway?: number;
}

const MINUTE = 60_000;

const createWindow = async ({ hours = [], holidays = [], freezes, zone = 'UTC', runway = 0 }: WindowInputs) => {
  const timeZone = new TimeZone(zone);
  const sources = freezes === undefined ? [] : [await parseFreezeFile(freezes, 'freezes', timeZone)];
  const options = {
    timeZone,
    openHours: hours.map(parseOpenHours),
    holidays: holidays.map(parseHoliday),
    freezeFiles: [],
    runway: runway * MINUTE,
  };
  return new DeploymentWindow(options, sources);
};

/** `open`, or the time of the next opening. */
const evaluate = async (inputs: WindowInputs, at: string): Promise<string> => {
  const closure = (await createWindow(inputs)).findClosure(Date.parse(at));
  if (closure === undefined) return 'open';
  return closure.opensAt === undefined ? 'never' : new Date(closure.opensAt).toISOString().replace(':00.000Z', 'Z');
};

describe('open hours', () => {
  const office = ['Mon-Thu 09:00-16:00', 'Fri 09:00-12:00,13:00-14:30'];
  it.each([
    ['2026-11-19T09:00:00Z', office, 'open'],
    ['2026-11-19T08:59:59Z', office, '2026-11-19T09:00Z'],
    ['2026-11-19T16:00:00Z', office, '2026-11-20T09:00Z'],
    ['2026-11-20T12:30:00Z', office, '2026-11-20T13:00Z'],
    ['2026-11-20T14:30:00Z', office, '2026-11-23T09:00Z'],
    ['2026-11-21T10:00:00Z', office, '2026-11-23T09:00Z'],
    ['2026-11-21T23:00:00Z', ['Sat 22:00-02:00'], 'open'],
    ['2026-11-22T01:59:00Z', ['Sat 22:00-02:00'], 'open'],
    ['2026-11-22T02:00:00Z', ['Sat 22:00-02:00'], '2026-11-28T22:00Z'],
    ['2026-11-21T01:00:00Z', ['Sat 22:00-02:00'], '2026-11-21T22:00Z'],
    ['2026-11-21T12:00:00Z', ['Fri-Mon'], 'open'],
    ['2026-11-24T00:00:00Z', ['Fri-Mon'], '2026-11-27T00:00Z'],
    ['2026-11-24T23:59:00Z', ['Tuesday, sat 9-24:00'], 'open'],
    ['2026-11-24T12:00:00Z', ['08:00-18:00'], 'open'],
    ['2026-11-24T19:00:00Z', ['* 08:00-18:00'], '2026-11-25T08:00Z'],
  ])('at %s (%j) are %s', async (at, hours, expected) => {
    expect(await evaluate({ hours }, at)).toBe(expected);
  });

  it.each([
    'Mon-Thu 09:00',
    'Mon-Thu 09:00-25:00',
    'Mon-Thu 9:60-10',
    'Mon-Tue-Wed 9-10',
    'Someday 9-10',
    'Mo 9-10',
    'Mon 9-9',
    'Mon 9-10-11',
    'Monday to Friday',
    'Mon 9 to 10',
  ])('cannot be parsed from %p', (line) => {
    expect(() => parseOpenHours(line)).toThrow(`input 'open-hours': '${line}'`);
  });
});

describe('daylight saving time', () => {
  it.each([
    // Clocks go forward: 09:00 is an hour earlier in UTC on the next day.
    ['Europe/Berlin', '2026-03-28T07:30:00Z', '* 09:00-17:00', '2026-03-28T08:00Z'],
    ['Europe/Berlin', '2026-03-29T06:30:00Z', '* 09:00-17:00', '2026-03-29T07:00Z'],
    ['Europe/Berlin', '2026-03-29T15:00:00Z', '* 09:00-17:00', '2026-03-30T07:00Z'],
    ['America/New_York', '2026-03-08T12:30:00Z', '* 09:00-17:00', '2026-03-08T13:00Z'],
    ['Australia/Sydney', '2026-10-03T21:30:00Z', '* 09:00-17:00', '2026-10-03T22:00Z'],
    // Hours that clocks skip: the window is shorter, or there is none on this day.
    ['Europe/Berlin', '2026-03-29T00:30:00Z', '* 02:30-04:00', '2026-03-29T01:00Z'],
    ['America/New_York', '2026-03-08T06:30:00Z', '* 02:00-03:00', '2026-03-09T06:00Z'],
    ['Australia/Sydney', '2026-10-03T15:30:00Z', '* 02:00-02:30', '2026-10-04T15:00Z'],
    // Clocks go back.
    ['Europe/Berlin', '2026-10-25T07:30:00Z', '* 09:00-17:00', '2026-10-25T08:00Z'],
    ['America/New_York', '2026-11-01T13:30:00Z', '* 09:00-17:00', '2026-11-01T14:00Z'],
    ['Australia/Sydney', '2026-04-04T22:30:00Z', '* 09:00-17:00', '2026-04-04T23:00Z'],
    // Hours that occur twice: both are open.
    ['Europe/Berlin', '2026-10-25T00:15:00Z', '* 02:00-02:30', 'open'],
    ['Europe/Berlin', '2026-10-25T00:45:00Z', '* 02:00-02:30', '2026-10-25T01:00Z'],
    ['Europe/Berlin', '2026-10-25T01:15:00Z', '* 02:00-02:30', 'open'],
    ['America/New_York', '2026-11-01T05:45:00Z', '* 01:00-01:30', '2026-11-01T06:00Z'],
    ['Australia/Sydney', '2026-04-04T15:45:00Z', '* 02:00-02:30', '2026-04-04T16:00Z'],
  ])('%s at %s, %s: %s', async (zone, at, hours, expected) => {
    expect(await evaluate({ zone, hours: [hours] }, at)).toBe(expected);
  });

  it.each([
    ['Europe/Berlin', '2026-03-29T02:59:00Z', '2026-03-29T22:00Z'],
    ['America/New_York', '2026-11-01T12:00:00Z', '2026-11-02T05:00Z'],
    ['Australia/Sydney', '2026-10-04T02:00:00Z', '2026-10-04T13:00Z'],
  ])('a holiday in %s (%s) ends at local midnight (%s)', async (zone, at, expected) => {
    const holidays = ['2026-03-29', '2026-11-01', '2026-10-04'];
    expect(await evaluate({ zone, holidays }, at)).toBe(expected);
  });
});

describe('holidays', () => {
  it.each([
    ['2026-12-25', '2026-12-25T12:00:00Z', '2026-12-26T00:00Z'],
    ['2026-12-25', '2027-12-25T12:00:00Z', 'open'],
    ['12-25', '2031-12-25T12:00:00Z', '2031-12-26T00:00Z'],
    ['2026-12-24..2027-01-01', '2026-12-31T12:00:00Z', '2027-01-02T00:00Z'],
    ['12-24..01-01', '2027-01-01T12:00:00Z', '2027-01-02T00:00Z'],
    ['12-24..01-01', '2027-06-01T12:00:00Z', 'open'],
    ['02-29', '2028-02-29T12:00:00Z', '2028-03-01T00:00Z'],
  ])('%s at %s: %s', async (holiday, at, expected) => {
    expect(await evaluate({ holidays: [holiday] }, at)).toBe(expected);
  });

  it.each(['2026-02-29', '25.12.2026', '2026-13-01', '2026-12-25..12-26', '2026-12-26..2026-12-25', 'a..b', ''])(
    'cannot be parsed from %p',
    (item) => {
      expect(() => parseHoliday(item)).toThrow(`input 'holidays': '${item}'`);
    },
  );
});

describe('a freeze file', () => {
  const yaml = 'freezes:\n  - name: Sale\n    from: 2026-11-20\n    to: 2026-11-27\n    reason: peak\n';
  const timed = 'freezes: [{ name: Audit, from: 2026-11-20 18:00, to: "2026-11-20T20:00Z" }]';
  const ical = [
    'BEGIN:VCALENDAR',
    'BEGIN:VEVENT',
    'UID:1',
    'SUMMARY:Month end',
    'DTSTART;TZID=Europe/Berlin:20260131T180000',
    'DURATION:PT6H',
    'RRULE:FREQ=MONTHLY;BYMONTHDAY=-1',
    'EXDATE;TZID=Europe/Berlin:20261130T180000',
    'END:VEVENT',
    'END:VCALENDAR',
  ].join('\r\n');
  it.each([
    [yaml, 'UTC', '2026-11-27T23:59:00Z', '2026-11-28T00:00Z'],
    [yaml, 'Europe/Berlin', '2026-11-19T23:30:00Z', '2026-11-27T23:00Z'],
    [yaml, 'UTC', '2026-11-19T23:59:00Z', 'open'],
    [timed, 'Europe/Berlin', '2026-11-20T17:00:00Z', '2026-11-20T20:00Z'],
    [timed, 'Europe/Berlin', '2026-11-20T16:59:00Z', 'open'],
    [ical, 'UTC', '2026-10-31T18:00:00Z', '2026-10-31T23:00Z'],
    [ical, 'UTC', '2026-06-30T16:30:00Z', '2026-06-30T22:00Z'],
    [ical, 'UTC', '2026-11-30T18:00:00Z', 'open'],
    [
      ical.replace('BEGIN:VEVENT', 'X-CALENDAR-TYPE:DEFAULT_CLOSED\r\nBEGIN:VEVENT'),
      'UTC',
      '2026-11-30T18:00:00Z',
      '2026-12-31T17:00Z',
    ],
  ])('%j in %s at %s: %s', async (freezes, zone, at, expected) => {
    expect(await evaluate({ freezes, zone }, at)).toBe(expected);
  });

  it.each([
    ['freezes: 1', "expected a list 'freezes'"],
    ['freeze: []', "expected a list 'freezes'"],
    ['freezes: [Sale]', "entry 1 of 'freezes' must be a map"],
    ['freezes: [{ name: Sale, from: 2026-11-20 }]', "'to' of entry 1 of 'freezes' must be a day or a time"],
    ['freezes: [{ name: Sale, from: 2026-11-31, to: 2026-12-01 }]', "'from' of entry 1"],
    ['freezes: [{ name: Sale, from: 2026-11-20, to: 2026-11-19 }]', 'ends before it starts'],
    ['freezes: [{ name: Sale, from: 2026-11-20, to: 2026-11-21, until: 1 }]', "the unknown field 'until'"],
    ['freezes: [{ from: 2026-11-20, to: 2026-11-21 }]', 'has no name'],
    ['BEGIN:VCALENDAR', 'not an iCalendar document'],
  ])('%j is rejected: %s', async (content, message) => {
    await expect(parseFreezeFile(content, 'f.yml', new TimeZone('UTC'))).rejects.toThrow(message);
    await expect(parseFreezeFile(content, 'f.yml', new TimeZone('UTC'))).rejects.toThrow("freeze file 'f.yml': ");
  });
});

describe('a runway', () => {
  const inputs = { hours: ['Mon-Fri 09:00-16:00'], holidays: ['2026-11-20'], runway: 30 };
  it.each([
    ['2026-11-18T15:30:00Z', 'open'],
    ['2026-11-18T15:30:01Z', '2026-11-19T09:00Z'],
    ['2026-11-18T16:30:00Z', '2026-11-19T09:00Z'],
    ['2026-11-19T15:45:00Z', '2026-11-23T09:00Z'],
  ])('at %s: %s', async (at, expected) => {
    expect(await evaluate(inputs, at)).toBe(expected);
  });

  it('is not available in a window that is shorter', async () => {
    expect(await evaluate({ hours: ['Mon 09:00-09:20'], runway: 30 }, '2026-11-18T12:00:00Z')).toBe('never');
  });

  it('ends at the next closing of any kind', async () => {
    const freezes = 'freezes: [{ name: Sale, from: 2026-11-18 12:10, to: 2026-11-18 13:00 }]';
    const window = await createWindow({ freezes, runway: 30 });
    expect(window.findClosure(Date.parse('2026-11-18T12:00:00Z'))).toEqual({
      reason: "the window closes in 10m 00s, less than the runway of 30m 00s (freeze 'Sale' of freezes)",
      opensAt: Date.parse('2026-11-18T13:00:00Z'),
    });
  });
});
