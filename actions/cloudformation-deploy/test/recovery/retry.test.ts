import { describe, expect, it } from '@jest/globals';
import type { Cause } from '../../src/operation/root-cause.js';
import { calculateRetryDelay } from '../../src/recovery/retry.js';

describe('calculateRetryDelay', () => {
  const createCause = (kind: Cause['kind']): Cause => ({
    kind,
    code: '',
    hint: '',
    stackPath: [],
    logicalId: 'A',
    type: '',
    status: '',
    reason: '',
    at: 0,
  });
  const getDelay = (number: number, kind: Cause['kind'], random: number) =>
    calculateRetryDelay(number, { initialDelayMs: 15_000, causes: [createCause(kind)], random: () => random });

  it('doubles the delay up to five minutes', () => {
    expect([1, 2, 3, 9].map((number) => getDelay(number, 'transient', 0))).toEqual([15_000, 30_000, 60_000, 300_000]);
  });

  it('waits at least 30 seconds for permissions to propagate', () => {
    expect(getDelay(1, 'eventual', 0)).toBe(30_000);
  });

  it('shortens the delay at random by at most a quarter', () => {
    expect(getDelay(1, 'transient', 0.999)).toBeGreaterThan(11_250);
  });
});
