import type { Input } from '@aws-delivery/action-kit/inputs/definition';

/** Formats seconds as a duration: 90 → 1m30s, 900 → 15m. */
export const formatDuration = (seconds: number): string => {
  const parts = [
    [Math.floor(seconds / 3_600), 'h'],
    [Math.floor((seconds % 3_600) / 60), 'm'],
    [seconds % 60, 's'],
  ] as const;
  const text = parts
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${unit}`)
    .join('');
  return text === '' ? '0s' : text;
};

/** The default of an input in the form of a user's value; empty without a default. */
export const formatDefault = (input: Input<unknown>): string => {
  if (input.default === undefined) return '';
  if (input.kind === 'duration' && typeof input.default === 'number') return formatDuration(input.default);
  if (Array.isArray(input.default)) return input.default.join(', ');
  if (typeof input.default === 'object') return JSON.stringify(input.default);
  return String(input.default);
};
