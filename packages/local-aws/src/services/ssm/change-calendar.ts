import ICAL from 'ical.js';

export type CalendarState = 'OPEN' | 'CLOSED';

/** A change calendar: its state at a time, and the time of the next change; times in milliseconds since the epoch. */
export interface ChangeCalendar {
  getState(at: number): CalendarState;
  findNextTransition(at: number): number | undefined;
}

interface Interval {
  readonly start: number;
  readonly end: number;
}

// A recurring event without an end is expanded this far.
const HORIZON_MS = 400 * 24 * 3_600_000;
const MAX_OCCURRENCES = 10_000;

/** Milliseconds by which a zone is ahead of UTC at a time. */
const getOffset = (timeZone: string, at: number): number => {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  const get = (name: Intl.DateTimeFormatPartTypes) => parts.get(name) ?? 0;
  const local = Date.UTC(get('year'), get('month') - 1, get('day'), get('hour'), get('minute'), get('second'));
  return local - Math.floor(at / 1000) * 1000;
};

const isTimeZone = (name: string): boolean => {
  try {
    return new Intl.DateTimeFormat('en-US', { timeZone: name }).format(0) !== '';
  } catch {
    return false;
  }
};

/** The time in milliseconds. Times without a zone of the document are those of `timeZone`. */
const toMilliseconds = (time: ICAL.Time, timeZone: string): number => {
  if (!time.isDate && time.zone !== ICAL.Timezone.localTimezone) return time.toUnixTime() * 1000;
  const local = Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second);
  const guess = local - getOffset(timeZone, local);
  return local - getOffset(timeZone, guess);
};

/** The zone of times that the document does not define: TZID, the calendar's, or UTC. */
const findTimeZone = (event: ICAL.Component, calendar: ICAL.Component): string => {
  const names = [
    event.getFirstProperty('dtstart')?.getFirstParameter('tzid'),
    String(calendar.getFirstPropertyValue('x-wr-timezone') ?? ''),
  ];
  return names.find((name) => name !== undefined && name !== '' && isTimeZone(name)) ?? 'UTC';
};

const listIntervals = (component: ICAL.Component, calendar: ICAL.Component, until: number): readonly Interval[] => {
  const uid = component.getFirstPropertyValue('uid');
  const exceptions = calendar
    .getAllSubcomponents('vevent')
    .filter((each) => each.hasProperty('recurrence-id') && each.getFirstPropertyValue('uid') === uid);
  const event = new ICAL.Event(component, { exceptions });
  const timeZone = findTimeZone(component, calendar);
  const toInterval = (start: ICAL.Time, end: ICAL.Time): Interval => ({
    start: toMilliseconds(start, timeZone),
    end: toMilliseconds(end, timeZone),
  });
  if (!event.isRecurring()) return [toInterval(event.startDate, event.endDate)];
  const occurrences = event.iterator();
  const intervals: Interval[] = [];
  for (let count = 0; count < MAX_OCCURRENCES; count += 1) {
    const next = occurrences.next();
    if (next === null || next === undefined || toMilliseconds(next, timeZone) > until) break;
    const { startDate, endDate } = event.getOccurrenceDetails(next);
    intervals.push(toInterval(startDate, endDate));
  }
  return intervals;
};

/** Intervals of the calendar's events; a changed occurrence (RECURRENCE-ID) replaces the one of its series. */
const listEvents = (calendar: ICAL.Component, until: number): readonly Interval[] =>
  calendar
    .getAllSubcomponents('vevent')
    .filter((component) => !component.hasProperty('recurrence-id'))
    .filter((component) => component.getFirstPropertyValue('status') !== 'CANCELLED')
    .flatMap((component) => listIntervals(component, calendar, until));

/**
 * Reads an iCalendar document as Change Calendar does: events close a calendar of the type DEFAULT_OPEN
 * (`X-CALENDAR-TYPE`), and open one of the type DEFAULT_CLOSED. Throws Error for other text.
 */
export const parseChangeCalendar = (text: string): ChangeCalendar => {
  const calendar = new ICAL.Component(ICAL.parse(text));
  const isOpenByDefault = calendar.getFirstPropertyValue('x-calendar-type') !== 'DEFAULT_CLOSED';
  const [normal, during]: readonly CalendarState[] = isOpenByDefault ? ['OPEN', 'CLOSED'] : ['CLOSED', 'OPEN'];
  const isDuring = (at: number): boolean => listEvents(calendar, at).some(({ start, end }) => start <= at && at < end);
  const getState = (at: number): CalendarState => (isDuring(at) ? during : normal) ?? 'CLOSED';
  return {
    getState,
    findNextTransition: (at) => {
      const events = listEvents(calendar, at + HORIZON_MS);
      const isDuringAt = (time: number) => events.some(({ start, end }) => start <= time && time < end);
      const edges = [...new Set(events.flatMap(({ start, end }) => [start, end]))].filter((edge) => edge > at);
      return edges.sort((a, b) => a - b).find((edge) => isDuringAt(edge) !== isDuringAt(at));
    },
  };
};
