import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { describe, expect, it } from '@jest/globals';
import type { Blocker, Observation, SourceError } from '../../src/decision/observation.js';
import { decide, type WaitResult } from '../../src/decision/verdict.js';
import type { WaitPolicy } from '../../src/inputs/parse-request.js';
import { watch } from '../../src/wait/watch.js';
import { createEvent, HOUR, MINUTE } from '../fixtures.js';

const blocker: Blocker = {
  kind: 'event',
  event: { ...createEvent(), text: undefined, entities: [], link: 'https://example.com' },
};

const createSourceError = (changes: Partial<SourceError> = {}): SourceError => ({
  source: 'AWS Health',
  kind: 'unavailable',
  transient: true,
  policy: 'fail',
  message: 'ServiceUnavailable',
  ...changes,
});

type PartialObservation = Partial<Pick<Observation, 'blockers' | 'errors' | 'source'>>;

const clear: PartialObservation = {};
const blocked: PartialObservation = { blockers: [blocker] };
const down: PartialObservation = { errors: [createSourceError()], source: 'none' };
const feed: PartialObservation = { source: 'public-feed' };

interface Scenario {
  /** What is seen from which minute on. */
  readonly observations: readonly (readonly [minute: number, observation: PartialObservation])[];
  readonly waitPolicy?: Partial<WaitPolicy>;
}

const DEFAULT_WAIT_POLICY: WaitPolicy = { onBlocked: 'wait', stableFor: 2 * MINUTE, timeout: HOUR };

const runWatch = async ({
  observations,
  waitPolicy,
}: Scenario): Promise<WaitResult & { readonly times: readonly number[] }> => {
  const clock = new VirtualClock();
  const start = clock.now();
  const times: number[] = [];
  const result = await watch({
    clock,
    signal: new AbortController().signal,
    waitPolicy: { ...DEFAULT_WAIT_POLICY, ...waitPolicy },
    observe: async () => {
      const [, observation] = observations.findLast(([minute]) => start + minute * MINUTE <= clock.now()) ?? [0, clear];
      times.push(clock.now() - start);
      return {
        at: clock.now(),
        source: 'health-api',
        blockers: [],
        errors: [],
        excluded: {},
        notices: [],
        ...observation,
      };
    },
    onObservation: async () => {},
  });
  return { ...result, times };
};

const decideOutcome = (result: WaitResult) => decide(result, { onEvent: 'wait', overrideReason: undefined });

describe('waiting', () => {
  it('does not wait where nothing counts at first', async () => {
    const result = await runWatch({ observations: [[0, clear]] });
    expect(result).toMatchObject({ stopReason: 'final', waited: 0, observationCount: 1, wasBlocked: false });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'passed', step: 'pass' });
  });

  it('goes on once nothing has counted for stable-for', async () => {
    const result = await runWatch({
      observations: [
        [0, blocked],
        [20, clear],
      ],
    });
    expect(decideOutcome(result).verdict).toBe('passed');
    expect(result.waited).toBeGreaterThanOrEqual(22 * MINUTE);
    expect(result.waited).toBeLessThan(23.5 * MINUTE);
  });

  it('starts over when the event comes back before stable-for is over', async () => {
    const result = await runWatch({
      observations: [
        [0, blocked],
        [10, clear],
        [11, blocked],
        [15, clear],
      ],
    });
    expect(decideOutcome(result).verdict).toBe('passed');
    expect(result.waited).toBeGreaterThanOrEqual(17 * MINUTE);
  });

  it('is blocked when the timeout comes first', async () => {
    const result = await runWatch({ observations: [[0, blocked]] });
    expect(result).toMatchObject({ stopReason: 'timeout', waited: HOUR });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'blocked', step: 'fail' });
    expect(decideOutcome(result).reason).toBe(
      "still held after 1h 00m 00s, as long as 'timeout' allows: RDS in eu-west-1 (AWS_RDS_OPERATIONAL_ISSUE)",
    );
  });

  it('is blocked when the timeout ends before stable-for does', async () => {
    const result = await runWatch({
      observations: [
        [0, blocked],
        [59, clear],
      ],
    });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'blocked', step: 'fail' });
    expect(decideOutcome(result).reason).toMatch("ended before 'stable-for' did");
  });

  it('looks often at first and never more than half a minute apart', async () => {
    const { times } = await runWatch({
      observations: [
        [0, blocked],
        [20, clear],
      ],
    });
    const pauses = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(pauses[0]).toBeLessThanOrEqual(1000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30_000);
  });
});

describe('silence', () => {
  it('does not end a hold', async () => {
    const result = await runWatch({
      observations: [
        [0, blocked],
        [5, down],
      ],
    });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'unknown', step: 'fail' });
  });

  it.each(['warn', 'proceed'] as const)('does not end a hold even where the policy is to %s', async (policy) => {
    const result = await runWatch({
      observations: [
        [0, blocked],
        [5, { errors: [createSourceError({ policy })] }],
      ],
    });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'unknown', step: 'fail' });
  });

  it('of the API is not broken by the feed once the API has shown a hold', async () => {
    const result = await runWatch({
      observations: [
        [0, blocked],
        [5, feed],
      ],
    });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'blocked', step: 'fail' });
  });

  it('is sat out while waiting', async () => {
    const result = await runWatch({
      observations: [
        [0, blocked],
        [5, down],
        [30, clear],
      ],
    });
    expect(decideOutcome(result).verdict).toBe('passed');
  });

  it('is sat out for a minute where nobody waits', async () => {
    const short = await runWatch({
      observations: [
        [0, down],
        [0.5, clear],
      ],
      waitPolicy: { onBlocked: 'end' },
    });
    expect(decideOutcome(short).verdict).toBe('passed');
    const long = await runWatch({ observations: [[0, down]], waitPolicy: { onBlocked: 'end' } });
    expect(decideOutcome(long)).toMatchObject({ verdict: 'unknown', step: 'fail' });
    expect(long.waited).toBeLessThan(2 * MINUTE);
  });

  it('that will not pass ends at once', async () => {
    const result = await runWatch({
      observations: [[0, { errors: [createSourceError({ transient: false, message: 'AccessDenied' })] }]],
    });
    expect(result).toMatchObject({ stopReason: 'final', observationCount: 1 });
    expect(decideOutcome(result)).toEqual({
      verdict: 'unknown',
      step: 'fail',
      reason: 'no complete answer from AWS Health: AccessDenied',
    });
  });

  it('makes the verdict unknown, and the step pass with a warning, where the policy is to warn', async () => {
    const result = await runWatch({ observations: [[0, { errors: [createSourceError({ policy: 'warn' })] }]] });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'unknown', step: 'warn' });
  });

  it('passes by policy where the policy is to proceed, and says so', async () => {
    const result = await runWatch({ observations: [[0, { errors: [createSourceError({ policy: 'proceed' })] }]] });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'passed', step: 'pass' });
    expect(decideOutcome(result).reason).toMatch(
      'passed by policy, not by an answer: no complete answer from AWS Health',
    );
  });

  it('of one service weighs less than a hold of another', async () => {
    const observation = {
      blockers: [blocker],
      errors: [createSourceError({ source: 'CloudWatch alarms', policy: 'proceed' })],
    };
    const result = await runWatch({ observations: [[0, observation]], waitPolicy: { onBlocked: 'end' } });
    expect(decideOutcome(result).verdict).toBe('blocked');
  });

  it('that may not be outweighs one that may', async () => {
    const errors = [
      createSourceError({ policy: 'proceed' }),
      createSourceError({ source: 'CloudWatch alarms', transient: false }),
    ];
    expect(decideOutcome(await runWatch({ observations: [[0, { errors }]] })).verdict).toBe('unknown');
  });
});

describe('deciding at once', () => {
  it('is blocked by a first look', async () => {
    const result = await runWatch({ observations: [[0, blocked]], waitPolicy: { onBlocked: 'end' } });
    expect(result).toMatchObject({ waited: 0, observationCount: 1 });
    expect(decide(result, { onEvent: 'fail', overrideReason: undefined })).toMatchObject({
      verdict: 'blocked',
      step: 'fail',
    });
  });

  it('only warns where that is asked for, and says blocked', async () => {
    const result = await runWatch({ observations: [[0, blocked]], waitPolicy: { onBlocked: 'end' } });
    expect(decide(result, { onEvent: 'warn', overrideReason: undefined })).toMatchObject({
      verdict: 'blocked',
      step: 'warn',
    });
  });

  it('has a first look even with no time at all', async () => {
    const result = await runWatch({ observations: [[0, clear]], waitPolicy: { timeout: 0 } });
    expect(decideOutcome(result).verdict).toBe('passed');
  });
});

describe('an override', () => {
  it.each([
    ['a hold', blocked],
    ['a silence', { errors: [createSourceError({ transient: false })] }],
  ])('passes %s and keeps why', async (_what, observation) => {
    const result = await runWatch({ observations: [[0, observation]], waitPolicy: { onBlocked: 'end' } });
    const decision = decide(result, { onEvent: 'fail', overrideReason: 'INC-42, fixes the incident' });
    expect(decision).toMatchObject({ verdict: 'overridden', step: 'warn' });
    expect(decision.reason).toMatch('passed all the same (INC-42, fixes the incident), though ');
  });

  it('leaves a verdict of passed alone', async () => {
    const result = await runWatch({ observations: [[0, clear]] });
    expect(decide(result, { onEvent: 'fail', overrideReason: 'INC-42' }).verdict).toBe('passed');
  });
});

it('a cancelled watch throws', async () => {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const observe = async () => {
    controller.abort();
    return {
      at: clock.now(),
      source: 'health-api' as const,
      blockers: [blocker],
      errors: [],
      excluded: {},
      notices: [],
    };
  };
  const cancelled = watch({
    clock,
    signal: controller.signal,
    waitPolicy: DEFAULT_WAIT_POLICY,
    observe,
    onObservation: async () => {},
  });
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
});
