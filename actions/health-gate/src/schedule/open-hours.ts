import { DAY_MS, type TimeZone } from '@aws-delivery/action-kit/schedule/time-zone';
import { createInputError } from '@aws-delivery/action-kit/util/error';

/** Times of a day in minutes since its midnight; an end after 1440 is on the next day. */
interface TimeRange {
  readonly start: number;
  readonly end: number;
}

/** One line of `open-hours`. */
export interface OpenHours {
  /** The line. */
  readonly label: string;
  /** Days on which the ranges start; 0 is Sunday. */
  readonly weekdays: ReadonlySet<number>;
  readonly ranges: readonly TimeRange[];
}

const MINUTE_MS = 60_000;
const DAY_MINUTES = 1440;
const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

const createLineError = (line: string, rule: string) =>
  createInputError(`input 'open-hours': '${line}' ${rule}, for example Mon-Thu 09:00-16:00`);

const parseWeekday = (name: string, line: string): number => {
  const index = WEEKDAYS.indexOf(name.trim().slice(0, 3).toLowerCase());
  if (index !== -1 && /^\p{L}+$/u.test(name.trim())) return index;
  throw createLineError(line, `must start with days of the week, such as Mon or Mon-Fri`);
};

/** `Fri-Mon` are four days. */
const listWeekdays = (range: string, line: string): readonly number[] => {
  const [first = '', last = first, ...others] = range.split('-');
  if (others.length > 0) throw createLineError(line, 'has an invalid range of days: write two days');
  const [start, end] = [parseWeekday(first, line), parseWeekday(last, line)];
  return Array.from({ length: ((end - start + 7) % 7) + 1 }, (_, index) => (start + index) % 7);
};

const parseTime = (text: string, line: string): number => {
  const [, hours, minutes = '00'] = /^(\d{1,2})(?::(\d{2}))?$/.exec(text.trim()) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  if (hours !== undefined && Number(minutes) < 60 && total <= DAY_MINUTES) return total;
  throw createLineError(line, `has an invalid time '${text.trim()}': write times from 00:00 to 24:00`);
};

const parseTimeRange = (text: string, line: string): TimeRange => {
  const [from = '', to, ...others] = text.split('-');
  if (to === undefined || others.length > 0) throw createLineError(line, 'must have a start and an end');
  const [start, end] = [parseTime(from, line), parseTime(to, line)];
  if (start === end) throw createLineError(line, 'has a range without length: write a later end');
  return { start, end: end > start ? end : end + DAY_MINUTES };
};

/** Parses a line of `open-hours`. Throws DeliveryError `invalid-input`. */
export const parseOpenHours = (line: string): OpenHours => {
  const normalized = line.replaceAll('–', '-').trim();
  const firstDigit = normalized.search(/\d/);
  const days = (firstDigit === -1 ? normalized : normalized.slice(0, firstDigit)).trim();
  const times = firstDigit === -1 ? '' : normalized.slice(firstDigit);
  const weekdays =
    days === '' || days === '*' ? [0, 1, 2, 3, 4, 5, 6] : days.split(',').flatMap((range) => listWeekdays(range, line));
  const ranges =
    times === '' ? [{ start: 0, end: DAY_MINUTES }] : times.split(',').map((range) => parseTimeRange(range, line));
  return { label: line, weekdays: new Set(weekdays), ranges };
};

/** Whether clocks of the zone show a time within the hours. */
export const isWithinHours = (hours: readonly OpenHours[], zone: TimeZone, at: number): boolean => {
  const { weekday, minutes } = zone.getLocalTime(at);
  return hours.some(({ weekdays, ranges }) =>
    ranges.some(
      ({ start, end }) =>
        (weekdays.has(weekday) && start <= minutes && minutes < end) ||
        (weekdays.has((weekday + 6) % 7) && minutes + DAY_MINUTES < end),
    ),
  );
};

/** Times between two times at which the hours may start or end. */
export const listHourEdges = (
  hours: readonly OpenHours[],
  zone: TimeZone,
  from: number,
  until: number,
): readonly number[] => {
  const minutes = new Set(hours.flatMap(({ ranges }) => ranges.flatMap(({ start, end }) => [start, end])));
  const firstDay = Math.floor(zone.toLocal(from) / DAY_MS) - 1;
  const lastDay = Math.floor(zone.toLocal(until) / DAY_MS);
  const days = Array.from({ length: lastDay - firstDay + 1 }, (_, index) => (firstDay + index) * DAY_MS);
  return days.flatMap((day) => [...minutes].flatMap((each) => zone.listInstants(day + each * MINUTE_MS)));
};
