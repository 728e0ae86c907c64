import { createFakeLog } from '@aws-delivery/action-kit/testing/fake-log';
import { formatDuration } from '@aws-delivery/action-kit/util/format';
import { describe, expect, it } from '@jest/globals';
import { ProgressLogger } from '../../src/operation/progress.js';
import { createEvent, stackId } from './create-event.js';

const createProgressLogger = (expectedIds: readonly string[] = []) => {
  const fakeLog = createFakeLog();
  const logger = new ProgressLogger({
    log: fakeLog.log,
    expectedResourceIds: new Set(expectedIds),
    getDepth: (id) => (id === stackId ? 0 : 1),
  });
  return { logger, lines: () => fakeLog.getOutput().split('\n') };
};

describe('ProgressLogger', () => {
  it('counts expected resources and shows the time since the start', () => {
    const { logger, lines } = createProgressLogger(['A', 'B']);
    logger.logEvent(createEvent({ at: 1000, status: 'CREATE_IN_PROGRESS' }));
    logger.logEvent(createEvent({ at: 66_000 }));
    expect(lines()).toEqual([
      '[0s] CREATE_IN_PROGRESS   A Test::Thing',
      `[${formatDuration(65_000)}] CREATE_COMPLETE      A Test::Thing (1/2)`,
    ]);
  });

  it('logs a repeated status once', () => {
    const { logger, lines } = createProgressLogger();
    logger.logEvent(createEvent({ status: 'CREATE_IN_PROGRESS' }));
    logger.logEvent(createEvent({ status: 'CREATE_IN_PROGRESS', at: 1, reason: 'Resource creation Initiated' }));
    expect(lines()).toHaveLength(1);
  });

  it('indents events of nested stacks, and shows reasons of failures only', () => {
    const { logger, lines } = createProgressLogger();
    logger.logEvent(createEvent({ stackId: 'other', status: 'CREATE_FAILED', reason: 'no' }));
    logger.logEvent(createEvent({ status: 'DELETE_COMPLETE', reason: 'whatever' }));
    expect(lines()).toEqual([
      '[0s]   CREATE_FAILED        A Test::Thing: no',
      '[0s] DELETE_COMPLETE      A Test::Thing',
    ]);
  });

  it('describes the first five active resources', () => {
    const { logger } = createProgressLogger();
    expect(logger.describeActive()).toBe('no resource events yet');
    for (const logicalId of ['A', 'B', 'C', 'D', 'E', 'F', 'G']) {
      logger.logEvent(createEvent({ logicalId, status: 'CREATE_IN_PROGRESS' }));
    }
    logger.logEvent(createEvent({}));
    expect(logger.describeActive()).toBe('B, C, D, E, F (1 more)');
  });
});
