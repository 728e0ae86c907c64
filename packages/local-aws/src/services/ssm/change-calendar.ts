import { parseCalendar } from '@aws-delivery/action-kit/schedule/calendar';
import { DAY_MS, TimeZone } from '@aws-delivery/action-kit/schedule/time-zone';

export type CalendarState = 'OPEN' | 'CLOSED';

/** A change calendar: its state at a time, and the time of the next change; times in milliseconds since the epoch. */
export interface ChangeCalendar {
  getState(at: number): CalendarState;
  findNextTransition(at: number): number | undefined;
}

// A recurring event without an end is expanded this far.
const HORIZON_MS = 400 * DAY_MS;

/**
 * Reads an iCalendar document as Change Calendar does: events close a calendar of the type DEFAULT_OPEN
 * (`X-CALENDAR-TYPE`), and open one of the type DEFAULT_CLOSED. Throws Error for other text.
 */
export const parseChangeCalendar = (text: string): ChangeCalendar => {
  const calendar = parseCalendar(text, new TimeZone('UTC'));
  const [normal, during]: readonly [CalendarState, CalendarState] = calendar.isClosedByDefault
    ? ['CLOSED', 'OPEN']
    : ['OPEN', 'CLOSED'];
  const isDuring = (at: number): boolean => calendar.listEvents(at).some(({ start, end }) => start <= at && at < end);
  return {
    getState: (at) => (isDuring(at) ? during : normal),
    findNextTransition: (at) => {
      const events = calendar.listEvents(at + HORIZON_MS);
      const isDuringAt = (time: number) => events.some(({ start, end }) => start <= time && time < end);
      const edges = [...new Set(events.flatMap(({ start, end }) => [start, end]))].filter((edge) => edge > at);
      return edges.sort((a, b) => a - b).find((edge) => isDuringAt(edge) !== isDuringAt(at));
    },
  };
};
