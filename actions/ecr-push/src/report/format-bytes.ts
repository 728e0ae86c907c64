const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** Formats bytes in decimal units, as Docker does: `12.3 MB`. */
export const formatBytes = (bytes: number): string => {
  let value = bytes;
  let unit = 0;
  while (value >= 1000 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${UNITS[unit]}`;
};

/** Formats a rate: `5.1 MB/s`. */
export const formatRate = (bytes: number, milliseconds: number): string =>
  `${formatBytes(milliseconds <= 0 ? bytes : (bytes * 1000) / milliseconds)}/s`;
