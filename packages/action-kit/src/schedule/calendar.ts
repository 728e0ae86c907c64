import ICAL from 'ical.js';
import { createInputError, errorMessage } from '../util/error.js';
import { findTimeZone, type TimeZone } from './time-zone.js';

/** An event, or one occurrence of a recurring one; times in milliseconds since the epoch. */
export interface CalendarEvent {
  readonly name: string;
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** An iCalendar document. Imported dynamically: it loads the parser. */
export interface Calendar {
  /** Systems Manager: events open a calendar of the type `DEFAULT_CLOSED`. */
  readonly isClosedByDefault: boolean;
  /** The events that begin until a time. Throws DeliveryError `invalid-input` for too many occurrences. */
  listEvents(until: number): readonly CalendarEvent[];
}

const MAX_OCCURRENCES = 100_000;

/** The time in milliseconds. Times without a zone of the document are those of `timeZone`. */
const toMilliseconds = (time: ICAL.Time, timeZone: TimeZone): number => {
  if (!time.isDate && time.zone !== ICAL.Timezone.localTimezone) return time.toUnixTime() * 1000;
  return timeZone.toInstant(Date.UTC(time.year, time.month - 1, time.day, time.hour, time.minute, time.second));
};

/** The zone of times whose zone the document does not define: TZID, the calendar's, or the default. */
const selectTimeZone = (event: ICAL.Component, calendar: ICAL.Component, defaultZone: TimeZone): TimeZone => {
  const id = event.getFirstProperty('dtstart')?.getFirstParameter('tzid');
  const isDefined = calendar.getAllSubcomponents('vtimezone').some((zone) => zone.getFirstPropertyValue('tzid') === id);
  const named = typeof id === 'string' && !isDefined ? id : calendar.getFirstPropertyValue('x-wr-timezone');
  if (typeof named !== 'string') return defaultZone;
  const timeZone = findTimeZone(named);
  if (timeZone !== undefined) return timeZone;
  throw createInputError(`time zone '${named}' is unknown: use an IANA name, or add the VTIMEZONE to the document`);
};

/** Adds the first occurrence to additional dates (RDATE): without a rule, ical.js lists the additional ones only. */
const addFirstOccurrences = (calendar: ICAL.Component): void => {
  for (const event of calendar.getAllSubcomponents('vevent')) {
    const start = event.getFirstPropertyValue('dtstart');
    if (event.hasProperty('rdate') && !event.hasProperty('rrule') && start instanceof ICAL.Time)
      event.addPropertyWithValue('rdate', start.clone());
  }
};

/**
 * Months in which the event's only rule has occurrences; undefined for any month. In years without 29 February, ical.js
 * produces 1 March for it.
 */
const listMonths = (event: ICAL.Component, start: ICAL.Time): readonly number[] | undefined => {
  const [rule, ...others] = event.getAllProperties('rrule').map((property) => property.getFirstValue());
  if (!(rule instanceof ICAL.Recur) || others.length > 0 || event.hasProperty('rdate')) return undefined;
  const months = rule.getComponent('BYMONTH').map(Number);
  if (months.length > 0) return months;
  return rule.freq === 'YEARLY' && Object.keys(rule.parts).length === 0 ? [start.month] : undefined;
};

/** Whether the start of an event is an occurrence that its rule does not produce. */
const isExtraStart = (event: ICAL.Component, start: ICAL.Time, first: ICAL.Time | undefined): boolean => {
  const excluded = event.getAllProperties('exdate').flatMap((property) => property.getValues());
  return (
    event.hasProperty('rrule') &&
    first?.compare(start) !== 0 &&
    !excluded.some((each) => each instanceof ICAL.Time && each.compare(start) === 0)
  );
};

class EventReader {
  constructor(
    private readonly calendar: ICAL.Component,
    private readonly defaultZone: TimeZone,
  ) {
    addFirstOccurrences(calendar);
  }

  /** A changed occurrence (RECURRENCE-ID) replaces the one of its series. */
  list(until: number): readonly CalendarEvent[] {
    return this.calendar
      .getAllSubcomponents('vevent')
      .filter((component) => !component.hasProperty('recurrence-id'))
      .filter((component) => component.getFirstPropertyValue('status') !== 'CANCELLED')
      .flatMap((component) => this.listOccurrences(component, until))
      .filter(({ start }) => start <= until);
  }

  private listOccurrences(component: ICAL.Component, until: number): readonly CalendarEvent[] {
    const uid = component.getFirstPropertyValue('uid');
    const exceptions = this.calendar
      .getAllSubcomponents('vevent')
      .filter((each) => each.hasProperty('recurrence-id') && each.getFirstPropertyValue('uid') === uid);
    const event = new ICAL.Event(component, { exceptions });
    const timeZone = selectTimeZone(component, this.calendar, this.defaultZone);
    const name = String(event.summary ?? '');
    const toEvent = (start: ICAL.Time, end: ICAL.Time): CalendarEvent => ({
      name,
      start: toMilliseconds(start, timeZone),
      end: toMilliseconds(end, timeZone),
    });
    if (!event.isRecurring()) return [toEvent(event.startDate, event.endDate)];
    const iterator = event.iterator();
    const months = listMonths(component, event.startDate);
    // Later occurrences that were moved to an earlier time.
    const occurrences = exceptions
      .filter((each) => each.getFirstPropertyValue('status') !== 'CANCELLED')
      .map((each) => new ICAL.Event(each))
      .filter(({ recurrenceId }) => toMilliseconds(recurrenceId, timeZone) > until)
      .map(({ startDate, endDate }) => toEvent(startDate, endDate));
    for (let count = 0; count < MAX_OCCURRENCES; count += 1) {
      const next = iterator.next();
      if (count === 0 && isExtraStart(component, event.startDate, next ?? undefined))
        occurrences.push(toEvent(event.startDate, event.endDate));
      if (next === null || next === undefined || toMilliseconds(next, timeZone) > until) return occurrences;
      if (months !== undefined && !months.includes(next.month)) continue;
      const { startDate, endDate, item } = event.getOccurrenceDetails(next);
      const isCancelled = item.component.getFirstPropertyValue('status') === 'CANCELLED';
      if (!isCancelled) occurrences.push(toEvent(startDate, endDate));
    }
    throw createInputError(`event '${name}' has more than ${MAX_OCCURRENCES} occurrences: set a later DTSTART`);
  }
}

/**
 * Parses an iCalendar document. All-day events and times without a zone are in the document's zone, or `defaultZone`.
 * @throws DeliveryError `invalid-input` for other text
 */
export const parseCalendar = (text: string, defaultZone: TimeZone): Calendar => {
  let calendar: ICAL.Component;
  try {
    calendar = new ICAL.Component(ICAL.parse(text.replace(/^\uFEFF/, '').trim()));
  } catch (cause) {
    throw createInputError(`not an iCalendar document: ${errorMessage(cause)}`, cause);
  }
  if (calendar.name !== 'vcalendar') throw createInputError('not an iCalendar document: it has no VCALENDAR');
  const reader = new EventReader(calendar, defaultZone);
  return {
    isClosedByDefault: calendar.getFirstPropertyValue('x-calendar-type') === 'DEFAULT_CLOSED',
    listEvents: (until) => reader.list(until),
  };
};
