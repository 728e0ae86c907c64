import { createFakeLog } from '@aws-delivery/action-kit/testing/fake-log';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { describe, expect, it } from '@jest/globals';
import { ProgressLogger } from '../../src/operation/progress.js';
import type { Cause } from '../../src/operation/root-cause.js';
import type { StackEvent } from '../../src/operation/stack-events.js';
import { isFailure } from '../../src/operation/stack-events.js';
import { calculateRetryDelay } from '../../src/recovery/retry.js';
import { buildBars } from '../../src/report/gantt.js';
import { matchesAnyPattern } from '../../src/report/pr-comment.js';

const stackId = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop/1';
const createEvent = (overrides: Partial<StackEvent>): StackEvent => ({
  id: `${overrides.logicalId}-${overrides.status}-${overrides.at}`,
  at: 0,
  stackId,
  logicalId: 'A',
  physicalId: 'a-1',
  type: 'Test::Thing',
  status: 'CREATE_COMPLETE',
  reason: '',
  hook: '',
  token: 't',
  operationId: undefined,
  ...overrides,
});

const createProgressLogger = (expectedIds: readonly string[] = []) => {
  const memory = createFakeLog();
  const logger = new ProgressLogger({
    log: memory.log,
    expectedResourceIds: new Set(expectedIds),
    getDepth: (id) => (id === stackId ? 0 : 1),
  });
  return { logger, lines: () => memory.getOutput().split('\n') };
};

describe('progress', () => {
  it('counts what was expected and shows the time since the start', () => {
    const { logger, lines } = createProgressLogger(['A', 'B']);
    logger.logEvent(createEvent({ at: 1000, status: 'CREATE_IN_PROGRESS' }));
    logger.logEvent(createEvent({ at: 66_000 }));
    expect(lines()).toEqual([
      '[0s] CREATE_IN_PROGRESS   A Test::Thing',
      `[${formatDuration(65_000)}] CREATE_COMPLETE      A Test::Thing (1/2)`,
    ]);
  });

  it('says once what CloudFormation repeats', () => {
    const { logger, lines } = createProgressLogger();
    logger.logEvent(createEvent({ status: 'CREATE_IN_PROGRESS' }));
    logger.logEvent(createEvent({ status: 'CREATE_IN_PROGRESS', at: 1, reason: 'Resource creation Initiated' }));
    expect(lines()).toHaveLength(1);
  });

  it('indents what happens in nested stacks, and gives reasons of failures only', () => {
    const { logger, lines } = createProgressLogger();
    logger.logEvent(createEvent({ stackId: 'other', status: 'CREATE_FAILED', reason: 'no' }));
    logger.logEvent(createEvent({ status: 'DELETE_COMPLETE', reason: 'whatever' }));
    expect(lines()).toEqual([
      '[0s]   CREATE_FAILED        A Test::Thing: no',
      '[0s] DELETE_COMPLETE      A Test::Thing',
    ]);
  });

  it('names what is going on when asked', () => {
    const { logger } = createProgressLogger();
    expect(logger.describeActive()).toBe('nothing reported yet');
    for (const logicalId of ['A', 'B', 'C', 'D', 'E', 'F', 'G']) {
      logger.logEvent(createEvent({ logicalId, status: 'CREATE_IN_PROGRESS' }));
    }
    logger.logEvent(createEvent({}));
    expect(logger.describeActive()).toBe('B, C, D, E, F and 1 more in progress');
  });
});

describe('failures', () => {
  it.each([
    ['CREATE_FAILED', 'no such luck', true],
    ['CREATE_FAILED', 'Resource creation cancelled', false],
    ['UPDATE_FAILED', 'Resource update cancelled', false],
    ['CREATE_FAILED', 'the subscription was cancelled by its owner', true],
    ['CREATE_COMPLETE', '', false],
  ])('%s with %j: %s', (status, reason, expected) => {
    expect(isFailure(createEvent({ status, reason }))).toBe(expected);
  });
});

describe('the timeline', () => {
  it('has a bar for each time a resource was worked on', () => {
    const bars = buildBars([
      createEvent({ status: 'CREATE_IN_PROGRESS', at: 0 }),
      createEvent({ status: 'CREATE_FAILED', at: 5 }),
      createEvent({ status: 'CREATE_IN_PROGRESS', at: 9 }),
      createEvent({ status: 'CREATE_COMPLETE', at: 12 }),
      createEvent({ logicalId: 'B', status: 'CREATE_IN_PROGRESS', at: 10 }),
      createEvent({ logicalId: 'shop', physicalId: stackId, status: 'CREATE_IN_PROGRESS', at: 0 }),
    ]);
    expect(bars).toEqual([
      { name: 'A', start: 0, end: 5, state: 'failed' },
      { name: 'A', start: 9, end: 12, state: 'done' },
      { name: 'B', start: 10, end: 10, state: 'active' },
    ]);
  });
});

describe('the pause before a retry', () => {
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

  it('doubles up to five minutes', () => {
    expect([1, 2, 3, 9].map((number) => getDelay(number, 'transient', 0))).toEqual([15_000, 30_000, 60_000, 300_000]);
  });

  it('gives permissions time to spread', () => {
    expect(getDelay(1, 'eventual', 0)).toBe(30_000);
  });

  it('is shortened by chance by a quarter at most', () => {
    expect(getDelay(1, 'transient', 0.999)).toBeGreaterThan(11_250);
  });
});

describe('names of secret outputs', () => {
  it.each([
    ['Password', ['Password'], true],
    ['DbPassword', ['Password'], false],
    ['SecretKey', ['Secret*'], true],
    ['Anything', [], false],
  ])('%s among %j: %s', (name, patterns, expected) => {
    expect(matchesAnyPattern(name, patterns)).toBe(expected);
  });
});
