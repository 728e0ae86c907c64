/** `1 finding`, `2 findings`; for nouns with a regular plural. */
export const pluralize = (count: number, noun: string): string => `${count} ${noun}${count === 1 ? '' : 's'}`;

const padTwoDigits = (value: number): string => String(value).padStart(2, '0');

/** A duration in whole seconds: `7s`, `12m 05s`, `1h 02m 03s`. */
export const formatDuration = (milliseconds: number): string => {
  const seconds = Math.max(0, Math.floor(milliseconds / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  if (h > 0) return `${h}h ${padTwoDigits(m)}m ${padTwoDigits(s)}s`;
  return m > 0 ? `${m}m ${padTwoDigits(s)}s` : `${s}s`;
};
