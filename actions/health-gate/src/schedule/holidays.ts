import type { TimeZone } from '@aws-delivery/action-kit/schedule/time-zone';
import { createInputError } from '@aws-delivery/action-kit/util/error';

/** A range of days, both included: `2026-12-24`, or `12-24` for every year. */
export interface Holiday {
  readonly label: string;
  readonly first: string;
  readonly last: string;
}

const DAY_PATTERN = /^(?:\d{4}-)?\d{2}-\d{2}$/;

/** A leap year stands for every year, so that 02-29 is a day. */
const isDay = (text: string): boolean => {
  const date = text.length === 5 ? `2024-${text}` : text;
  const parsed = new Date(`${date}T00:00:00Z`);
  return DAY_PATTERN.test(text) && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
};

/** Parses an item of `holidays`. Throws DeliveryError `invalid-input`. */
export const parseHoliday = (item: string): Holiday => {
  const [first = '', last = first, ...others] = item.split('..').map((day) => day.trim());
  if (!isDay(first) || !isDay(last) || others.length > 0 || first.length !== last.length)
    throw createInputError(
      `input 'holidays': '${item}' must be a day or a range of days, for example 2026-12-25, 12-25 or 2026-12-24..2027-01-01`,
    );
  if (first.length === 10 && last < first)
    throw createInputError(`input 'holidays': '${item}' ends before it starts: exchange the days`);
  return { label: item, first, last };
};

const pad = (value: number): string => String(value).padStart(2, '0');

/** A yearly range may cross the end of the year: `12-24..01-01`. */
const includesDay = ({ first, last }: Holiday, year: number, monthDay: string): boolean => {
  const day = first.length === 5 ? monthDay : `${year}-${monthDay}`;
  return first <= last ? first <= day && day <= last : day >= first || day <= last;
};

/** The holiday at a time; undefined on other days. */
export const findHoliday = (holidays: readonly Holiday[], zone: TimeZone, at: number): Holiday | undefined => {
  const { year, month, day } = zone.getLocalTime(at);
  return holidays.find((holiday) => includesDay(holiday, year, `${pad(month)}-${pad(day)}`));
};
