import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { describe, expect, it } from '@jest/globals';
import type { Observation } from '../../src/decision/observation.js';
import { decide, type WaitResult } from '../../src/decision/verdict.js';
import type { WaitPolicy } from '../../src/inputs/parse-request.js';
import { watch } from '../../src/wait/watch.js';
import { blocker, createSourceError, HOUR, MINUTE } from '../fixtures.js';

type PartialObservation = Partial<Pick<Observation, 'blockers' | 'errors' | 'source'>>;

const clear: PartialObservation = {};
const blocked: PartialObservation = { blockers: [blocker] };
const down: PartialObservation = { errors: [createSourceError()], source: 'none' };
const feed: PartialObservation = { source: 'public-feed' };

interface Scenario {
  /** Observations by the minute from which they are made. */
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

describe('a watch with on-event: wait', () => {
  it('ends at once when the first observation is clear', async () => {
    const result = await runWatch({ observations: [[0, clear]] });
    expect(result).toMatchObject({ stopReason: 'final', waited: 0, observationCount: 1, wasBlocked: false });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'passed', step: 'pass' });
  });

  it('ends when there has been no blocker for stable-for', async () => {
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

  it('restarts stable-for when the event recurs', async () => {
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

  it('is blocked at the timeout', async () => {
    const result = await runWatch({ observations: [[0, blocked]] });
    expect(result).toMatchObject({ stopReason: 'timeout', waited: HOUR });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'blocked', step: 'fail' });
    expect(decideOutcome(result).reason).toBe(
      'timed out after 1h 00m 00s, still blocked by RDS in eu-west-1 (AWS_RDS_OPERATIONAL_ISSUE)',
    );
  });

  it('is blocked when the timeout ends during stable-for', async () => {
    const result = await runWatch({
      observations: [
        [0, blocked],
        [59, clear],
      ],
    });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'blocked', step: 'fail' });
    expect(decideOutcome(result).reason).toMatch("before 'stable-for' had passed");
  });

  it('polls frequently at first and at least every 30 seconds', async () => {
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

describe('an unavailable source', () => {
  it('does not end a blocker', async () => {
    const result = await runWatch({
      observations: [
        [0, blocked],
        [5, down],
      ],
    });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'unknown', step: 'fail' });
  });

  it.each(['warn', 'proceed'] as const)('does not end a blocker with the policy %s', async (policy) => {
    const result = await runWatch({
      observations: [
        [0, blocked],
        [5, { errors: [createSourceError({ policy })] }],
      ],
    });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'unknown', step: 'fail' });
  });

  it('is not replaced by the feed once the API has reported a blocker', async () => {
    const result = await runWatch({
      observations: [
        [0, blocked],
        [5, feed],
      ],
    });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'blocked', step: 'fail' });
  });

  it('is retried until the timeout with on-event: wait', async () => {
    const result = await runWatch({
      observations: [
        [0, blocked],
        [5, down],
        [30, clear],
      ],
    });
    expect(decideOutcome(result).verdict).toBe('passed');
  });

  it('is retried for a minute without waiting', async () => {
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

  it('ends the watch at once when the error is not transient', async () => {
    const result = await runWatch({
      observations: [[0, { errors: [createSourceError({ transient: false, message: 'AccessDenied' })] }]],
    });
    expect(result).toMatchObject({ stopReason: 'final', observationCount: 1 });
    expect(decideOutcome(result)).toEqual({
      verdict: 'unknown',
      step: 'fail',
      reason: 'incomplete data from AWS Health: AccessDenied',
    });
  });

  it('ends the watch at once when one of several errors is not transient', async () => {
    const errors = [createSourceError(), createSourceError({ source: 'change calendars', transient: false })];
    const waitPolicy = { onBlocked: 'end' } as const;
    for (const observation of [{ errors }, { errors: errors.toReversed() }]) {
      const result = await runWatch({ observations: [[0, observation]], waitPolicy });
      expect(result).toMatchObject({ stopReason: 'final', observationCount: 1 });
    }
  });

  it('gives the verdict unknown and a warning with the policy warn', async () => {
    const result = await runWatch({ observations: [[0, { errors: [createSourceError({ policy: 'warn' })] }]] });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'unknown', step: 'warn' });
  });

  it('passes with the policy proceed, which the reason states', async () => {
    const result = await runWatch({ observations: [[0, { errors: [createSourceError({ policy: 'proceed' })] }]] });
    expect(decideOutcome(result)).toMatchObject({ verdict: 'passed', step: 'pass' });
    expect(decideOutcome(result).reason).toMatch('passed by policy despite incomplete data from AWS Health');
  });

  it('is outweighed by a blocker of another source', async () => {
    const observation = {
      blockers: [blocker],
      errors: [createSourceError({ source: 'CloudWatch alarms', policy: 'proceed' })],
    };
    const result = await runWatch({ observations: [[0, observation]], waitPolicy: { onBlocked: 'end' } });
    expect(decideOutcome(result).verdict).toBe('blocked');
  });

  it('with the policy fail outweighs one with the policy proceed', async () => {
    const errors = [
      createSourceError({ policy: 'proceed' }),
      createSourceError({ source: 'CloudWatch alarms', transient: false }),
    ];
    expect(decideOutcome(await runWatch({ observations: [[0, { errors }]] })).verdict).toBe('unknown');
  });
});

describe('a watch without waiting', () => {
  it('ends with the first observation of a blocker', async () => {
    const result = await runWatch({ observations: [[0, blocked]], waitPolicy: { onBlocked: 'end' } });
    expect(result).toMatchObject({ waited: 0, observationCount: 1 });
    expect(decide(result, { onEvent: 'fail', overrideReason: undefined })).toMatchObject({
      verdict: 'blocked',
      step: 'fail',
    });
  });

  it('makes one observation even with a timeout of zero', async () => {
    const result = await runWatch({ observations: [[0, clear]], waitPolicy: { timeout: 0 } });
    expect(decideOutcome(result).verdict).toBe('passed');
  });
});

it('a cancelled watch rejects as cancelled', async () => {
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
