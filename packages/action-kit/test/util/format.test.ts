import { describe, expect, it } from '@jest/globals';
import { formatDuration } from '../../src/util/format.js';

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [999, '0s'],
    [59_999, '59s'],
    [65_000, '1m 05s'],
    [3_600_000, '1h 00m 00s'],
    [90_061_000, '25h 01m 01s'],
    [-5, '0s'],
  ])('formats %d ms as %s', (milliseconds, expected) => {
    expect(formatDuration(milliseconds)).toBe(expected);
  });
});
