import { z } from 'zod';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

const UNITS = new Map([
  ['ms', 1],
  ['s', 1000],
  ['m', MINUTE_MS],
  ['h', HOUR_MS],
]);

const parseDuration = (value: string): number | undefined => {
  if (!/^(\d+(\.\d+)?(ms|s|m|h))+$/.test(value)) return undefined;
  const parts = [...value.matchAll(/([\d.]{1,30})([a-z]{1,2})/g)];
  return parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS.get(unit) ?? 0), 0);
};

/** A duration in a scenario, parsed to milliseconds: a number is seconds, a string is `200ms`, `3s`, `1h30m`. */
export const durationSchema = z.union([z.number().nonnegative(), z.string()]).transform((value, context) => {
  const ms = typeof value === 'number' ? value * 1000 : parseDuration(value);
  if (ms !== undefined) return ms;
  context.addIssue(`"${value}" is not a duration: use seconds, or 200ms, 3s, 15m, 1h30m`);
  return z.NEVER;
});
