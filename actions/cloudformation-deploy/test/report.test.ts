import { durationText } from '@aws-delivery/action-kit/clock';
import { createMemoryLog } from '@aws-delivery/action-kit/testing/memory-log';
import { describe, expect, it } from '@jest/globals';
import type { StackEvent } from '../src/event.js';
import { isFailure } from '../src/event.js';
import { barsOf } from '../src/gantt.js';
import { isNamed } from '../src/presentation.js';
import { Progress } from '../src/progress.js';
import { pauseBefore } from '../src/retry.js';
import type { Cause } from '../src/root-cause.js';

const stackId = 'arn:aws:cloudformation:eu-central-1:123456789012:stack/shop/1';
const event = (given: Partial<StackEvent>): StackEvent => ({
  id: `${given.logicalId}-${given.status}-${given.at}`,
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
  ...given,
});

const progress = (expected: readonly string[] = []) => {
  const memory = createMemoryLog();
  const shown = new Progress({
    log: memory.log,
    expected: new Set(expected),
    depthOf: (id) => (id === stackId ? 0 : 1),
  });
  return { shown, lines: () => memory.text().split('\n') };
};

describe('progress', () => {
  it('counts what was expected and shows the time since the start', () => {
    const { shown, lines } = progress(['A', 'B']);
    shown.show(event({ at: 1000, status: 'CREATE_IN_PROGRESS' }));
    shown.show(event({ at: 66_000 }));
    expect(lines()).toEqual([
      '[0s] CREATE_IN_PROGRESS   A Test::Thing',
      `[${durationText(65_000)}] CREATE_COMPLETE      A Test::Thing (1/2)`,
    ]);
  });

  it('says once what CloudFormation repeats', () => {
    const { shown, lines } = progress();
    shown.show(event({ status: 'CREATE_IN_PROGRESS' }));
    shown.show(event({ status: 'CREATE_IN_PROGRESS', at: 1, reason: 'Resource creation Initiated' }));
    expect(lines()).toHaveLength(1);
  });

  it('indents what happens in nested stacks, and gives reasons of failures only', () => {
    const { shown, lines } = progress();
    shown.show(event({ stackId: 'other', status: 'CREATE_FAILED', reason: 'no' }));
    shown.show(event({ status: 'DELETE_COMPLETE', reason: 'whatever' }));
    expect(lines()).toEqual([
      '[0s]   CREATE_FAILED        A Test::Thing: no',
      '[0s] DELETE_COMPLETE      A Test::Thing',
    ]);
  });

  it('names what is going on when asked', () => {
    const { shown } = progress();
    expect(shown.current()).toBe('nothing reported yet');
    for (const logicalId of ['A', 'B', 'C', 'D', 'E', 'F', 'G']) {
      shown.show(event({ logicalId, status: 'CREATE_IN_PROGRESS' }));
    }
    shown.show(event({}));
    expect(shown.current()).toBe('B, C, D, E, F and 1 more in progress');
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
    expect(isFailure(event({ status, reason }))).toBe(expected);
  });
});

describe('the timeline', () => {
  it('has a bar for each time a resource was worked on', () => {
    const bars = barsOf([
      event({ status: 'CREATE_IN_PROGRESS', at: 0 }),
      event({ status: 'CREATE_FAILED', at: 5 }),
      event({ status: 'CREATE_IN_PROGRESS', at: 9 }),
      event({ status: 'CREATE_COMPLETE', at: 12 }),
      event({ logicalId: 'B', status: 'CREATE_IN_PROGRESS', at: 10 }),
      event({ logicalId: 'shop', physicalId: stackId, status: 'CREATE_IN_PROGRESS', at: 0 }),
    ]);
    expect(bars).toEqual([
      { name: 'A', start: 0, end: 5, state: 'failed' },
      { name: 'A', start: 9, end: 12, state: 'done' },
      { name: 'B', start: 10, end: 10, state: 'active' },
    ]);
  });
});

describe('the pause before a retry', () => {
  const cause = (kind: Cause['kind']): Cause => ({
    kind,
    code: '',
    remedy: '',
    within: [],
    logicalId: 'A',
    type: '',
    status: '',
    reason: '',
    at: 0,
  });
  const before = (number: number, kind: Cause['kind'], random: number) =>
    pauseBefore(number, { pause: 15_000, causes: [cause(kind)], random: () => random });

  it('doubles up to five minutes', () => {
    expect([1, 2, 3, 9].map((number) => before(number, 'transient', 0))).toEqual([15_000, 30_000, 60_000, 300_000]);
  });

  it('gives permissions time to spread', () => {
    expect(before(1, 'eventual', 0)).toBe(30_000);
  });

  it('is shortened by chance by a quarter at most', () => {
    expect(before(1, 'transient', 0.999)).toBeGreaterThan(11_250);
  });
});

describe('names of secret outputs', () => {
  it.each([
    ['Password', ['Password'], true],
    ['DbPassword', ['Password'], false],
    ['SecretKey', ['Secret*'], true],
    ['Anything', [], false],
  ])('%s among %j: %s', (name, patterns, expected) => {
    expect(isNamed(name, patterns)).toBe(expected);
  });
});
