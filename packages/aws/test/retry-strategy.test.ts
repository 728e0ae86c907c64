import { withTimeLimit } from '@aws-delivery/action-kit/host/time-limit';
import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { describe, expect, it } from '@jest/globals';
import { SdkRetryStrategy } from '../src/retry-strategy.js';

/** Milliseconds before the first retry after an error with this code; undefined if there is none. */
const measureDelay = async (code: string): Promise<number | undefined> => {
  const clock = new VirtualClock({ start: 0 });
  const strategy = new SdkRetryStrategy({ clock, maxAttempts: 3, random: () => 0 });
  const token = await strategy.acquireInitialRetryToken();
  const error = Object.assign(new Error('it went wrong'), { name: code });
  try {
    await strategy.refreshRetryTokenForRetry(token, { error });
    return clock.now();
  } catch {
    return undefined;
  }
};

describe('SdkRetryStrategy', () => {
  it.each([
    ['ThrottlingException', 1000],
    ['InternalFailure', 300],
  ])('retries after %s with a delay of %d ms', async (code, delay) => {
    expect(await measureDelay(code)).toBe(delay);
  });

  it.each([
    'OperationAborted',
    'ConcurrentModificationException',
    'ExpiredToken',
    'OptInRequired',
    'AccessDenied',
    'LimitExceededException',
    'ValidationError',
  ])('does not retry after %s', async (code) => {
    expect(await measureDelay(code)).toBeUndefined();
  });

  it('does not retry when the delay would end after the time limit of the run', async () => {
    const clock = new VirtualClock({ start: 0 });
    expect(await withTimeLimit(clock, 301, () => measureDelay('InternalFailure'))).toBe(300);
    expect(await withTimeLimit(clock, 300, () => measureDelay('InternalFailure'))).toBeUndefined();
  });
});
