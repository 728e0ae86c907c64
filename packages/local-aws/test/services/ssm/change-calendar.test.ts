import { describe, expect, it } from '@jest/globals';
import { parseChangeCalendar } from '../../../src/services/ssm/change-calendar.js';

const BERLIN = `BEGIN:VTIMEZONE
TZID:Europe/Berlin
BEGIN:DAYLIGHT
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
DTSTART:19700329T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
END:DAYLIGHT
BEGIN:STANDARD
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
DTSTART:19701025T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
END:STANDARD
END:VTIMEZONE`;

const createCalendar = (event: string, { type = 'DEFAULT_OPEN', zones = '' } = {}) =>
  parseChangeCalendar(
    [
      'BEGIN:VCALENDAR',
      'VERSION:2.0',
      'PRODID:-//AWS//Change Calendar 1.0//EN',
      `X-CALENDAR-TYPE:${type}`,
      zones,
      'BEGIN:VEVENT',
      'UID:1',
      event,
      'END:VEVENT',
      'END:VCALENDAR',
    ]
      .filter((line) => line !== '')
      .join('\n')
      .replaceAll('\n', '\r\n'),
  );

const DAILY = 'DTSTART;TZID=Europe/Berlin:20260320T090000\nDTEND;TZID=Europe/Berlin:20260320T100000\nRRULE:FREQ=DAILY';

describe('a change calendar in iCalendar', () => {
  it.each([
    [
      'before an event',
      'DTSTART:20261120T120000Z\nDTEND:20261120T130000Z',
      '2026-11-20T11:59:59Z',
      'OPEN',
      '2026-11-20T12:00:00Z',
    ],
    [
      'during an event',
      'DTSTART:20261120T120000Z\nDTEND:20261120T130000Z',
      '2026-11-20T12:00:00Z',
      'CLOSED',
      '2026-11-20T13:00:00Z',
    ],
    ['after an event', 'DTSTART:20261120T120000Z\nDURATION:PT1H', '2026-11-20T13:00:00Z', 'OPEN', undefined],
    [
      'on an all-day event',
      'DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227',
      '2026-12-26T23:59:00Z',
      'CLOSED',
      '2026-12-27T00:00:00Z',
    ],
    [
      'on an all-day event without an end',
      'DTSTART;VALUE=DATE:20261224',
      '2026-12-24T10:00:00Z',
      'CLOSED',
      '2026-12-25T00:00:00Z',
    ],
    [
      'on a weekly event',
      'DTSTART:20261106T120000Z\nDTEND:20261106T130000Z\nRRULE:FREQ=WEEKLY;BYDAY=FR',
      '2026-11-20T12:30:00Z',
      'CLOSED',
      '2026-11-20T13:00:00Z',
    ],
    [
      'on an excluded date',
      'DTSTART:20261106T120000Z\nDTEND:20261106T130000Z\nRRULE:FREQ=WEEKLY;BYDAY=FR\nEXDATE:20261120T120000Z',
      '2026-11-20T12:30:00Z',
      'OPEN',
      '2026-11-27T12:00:00Z',
    ],
    [
      'after the last occurrence',
      'DTSTART:20261106T120000Z\nDTEND:20261106T130000Z\nRRULE:FREQ=WEEKLY;COUNT=2',
      '2026-11-20T12:30:00Z',
      'OPEN',
      undefined,
    ],
    [
      'on a canceled event',
      'DTSTART:20261120T120000Z\nDTEND:20261120T130000Z\nSTATUS:CANCELLED',
      '2026-11-20T12:30:00Z',
      'OPEN',
      undefined,
    ],
  ])('%s has its state and next change', (_label, event, at, state, next) => {
    const calendar = createCalendar(event);
    expect(calendar.getState(Date.parse(at))).toBe(state);
    const transition = calendar.findNextTransition(Date.parse(at));
    expect(transition).toBe(next === undefined ? undefined : Date.parse(next));
  });

  it.each([
    ['the zone of the document', BERLIN],
    ['the name of the zone', ''],
  ])('follows daylight saving time by %s', (_label, zones) => {
    const calendar = createCalendar(DAILY, { zones });
    const states = ['2026-03-28T08:30:00Z', '2026-03-28T07:30:00Z', '2026-03-29T08:30:00Z', '2026-03-29T07:30:00Z'];
    expect(states.map((at) => calendar.getState(Date.parse(at)))).toEqual(['CLOSED', 'OPEN', 'OPEN', 'CLOSED']);
  });

  it('follows an occurrence that was moved', () => {
    const series = 'DTSTART:20261106T120000Z\nDTEND:20261106T130000Z\nRRULE:FREQ=WEEKLY';
    const moved = 'UID:1\nRECURRENCE-ID:20261120T120000Z\nDTSTART:20261120T150000Z\nDTEND:20261120T160000Z';
    const calendar = createCalendar(`${series}\nEND:VEVENT\nBEGIN:VEVENT\n${moved}`);
    const states = ['2026-11-20T12:30:00Z', '2026-11-20T15:30:00Z', '2026-11-27T12:30:00Z'];
    expect(states.map((at) => calendar.getState(Date.parse(at)))).toEqual(['OPEN', 'CLOSED', 'CLOSED']);
  });

  it('is opened by events if it is closed by default', () => {
    const calendar = createCalendar('DTSTART:20261120T120000Z\nDTEND:20261120T130000Z', { type: 'DEFAULT_CLOSED' });
    const states = ['2026-11-20T11:00:00Z', '2026-11-20T12:30:00Z'].map((at) => calendar.getState(Date.parse(at)));
    expect(states).toEqual(['CLOSED', 'OPEN']);
  });
});
