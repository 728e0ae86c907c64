import { describe, expect, it } from '@jest/globals';
import type { Cause } from '../../src/operation/root-cause.js';
import { calculateRetryDelay, findRetryObstacle } from '../../src/recovery/retry.js';
import type { Stack } from '../../src/stack/stack.js';

const createCause = (kind: Cause['kind'], logicalId = 'Queue'): Cause => ({
  kind,
  code: '',
  hint: '',
  stackPath: [],
  logicalId,
  type: 'AWS::SQS::Queue',
  status: 'CREATE_FAILED',
  reason: '',
  at: 0,
});

const createStack = (isExpress = false): Stack => ({
  id: 'arn:aws:cloudformation:eu-west-1:123456789012:stack/shop/1',
  name: 'shop',
  status: 'CREATE_FAILED',
  reason: undefined,
  outputs: [],
  parameters: new Map(),
  tags: {},
  notificationArns: [],
  capabilities: [],
  hasTerminationProtection: false,
  isExpress,
  changeSetId: undefined,
  touchedAt: 0,
  operationIds: [],
});

describe('findRetryObstacle', () => {
  it.each(['transient', 'eventual'] as const)('finds none for a cause of kind %s', (kind) => {
    expect(findRetryObstacle([createCause(kind)], createStack())).toBeUndefined();
  });

  it.each([
    ['EXPRESS mode', [createCause('transient')], createStack(true), 'EXPRESS mode does not support retries'],
    ['a deleted stack', [createCause('transient')], undefined, 'the stack does not exist'],
    ['a failure without a root cause', [], createStack(), 'the root cause is unknown'],
    [
      'one permanent cause of several',
      [createCause('transient'), createCause('permanent', 'Topic')],
      createStack(),
      'Topic failed with a non-transient error',
    ],
    ['a replacement', [createCause('replacement')], createStack(), 'Queue failed with a non-transient error'],
  ])('finds %s', (_, causes, stack, reason) => {
    expect(findRetryObstacle(causes, stack)).toContain(reason);
  });
});

describe('calculateRetryDelay', () => {
  const getDelay = (number: number, causes: readonly Cause[], { initialDelayMs = 10_000, random = 0 } = {}) =>
    calculateRetryDelay(number, { initialDelayMs, causes, random: () => random });

  it('doubles the delay up to five minutes', () => {
    expect([1, 2, 3, 9].map((number) => getDelay(number, [createCause('transient')]))).toEqual([
      10_000, 20_000, 40_000, 300_000,
    ]);
  });

  it('waits at least 30 seconds for permissions to propagate', () => {
    expect(getDelay(1, [createCause('transient'), createCause('eventual')])).toBe(30_000);
    expect(getDelay(1, [createCause('eventual')], { initialDelayMs: 60_000 })).toBe(60_000);
  });

  it('shortens the delay at random by at most a quarter', () => {
    expect(getDelay(1, [createCause('transient')], { random: 1 })).toBe(7500);
  });
});
