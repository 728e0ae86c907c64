import { VirtualClock } from '@aws-delivery/action-kit/testing/virtual-clock';
import { describe, expect, it } from '@jest/globals';
import type { Hold, Look, Trouble } from '../src/look.js';
import { decide } from '../src/verdict.js';
import { type Ending, type Patience, watch } from '../src/watch.js';
import { event, HOUR, MINUTE } from './helpers/event.js';

const hold: Hold = { kind: 'event', event: { ...event(), text: undefined, entities: [], link: 'https://example.com' } };

const trouble = (changes: Partial<Trouble> = {}): Trouble => ({
  asked: 'AWS Health',
  kind: 'unavailable',
  passing: true,
  leniency: 'fail',
  text: 'ServiceUnavailable',
  ...changes,
});

type Sight = Partial<Pick<Look, 'holds' | 'troubles' | 'source'>>;

const clear: Sight = {};
const held: Sight = { holds: [hold] };
const down: Sight = { troubles: [trouble()], source: 'none' };
const feed: Sight = { source: 'public-feed' };

interface Story {
  /** What is seen from which minute on. */
  readonly sights: readonly (readonly [minute: number, sight: Sight])[];
  readonly patience?: Partial<Patience>;
}

const wait: Patience = { onHold: 'wait', stableFor: 2 * MINUTE, timeout: HOUR };

const tell = async ({ sights, patience }: Story): Promise<Ending & { readonly moments: readonly number[] }> => {
  const clock = new VirtualClock();
  const start = clock.now();
  const moments: number[] = [];
  const ending = await watch({
    clock,
    signal: new AbortController().signal,
    patience: { ...wait, ...patience },
    look: async () => {
      const [, sight] = sights.findLast(([minute]) => start + minute * MINUTE <= clock.now()) ?? [0, clear];
      moments.push(clock.now() - start);
      return { at: clock.now(), source: 'health-api', holds: [], troubles: [], leftOut: {}, remarks: [], ...sight };
    },
    seen: async () => {},
  });
  return { ...ending, moments };
};

const verdictOf = (ending: Ending) => decide(ending, { onEvent: 'wait', override: undefined });

describe('waiting', () => {
  it('does not wait where nothing counts at first', async () => {
    const ending = await tell({ sights: [[0, clear]] });
    expect(ending).toMatchObject({ why: 'settled', waited: 0, looks: 1, held: false });
    expect(verdictOf(ending)).toMatchObject({ gate: 'passed', step: 'pass' });
  });

  it('goes on once nothing has counted for stable-for', async () => {
    const ending = await tell({
      sights: [
        [0, held],
        [20, clear],
      ],
    });
    expect(verdictOf(ending).gate).toBe('passed');
    expect(ending.waited).toBeGreaterThanOrEqual(22 * MINUTE);
    expect(ending.waited).toBeLessThan(23.5 * MINUTE);
  });

  it('starts over when the event comes back before stable-for is over', async () => {
    const ending = await tell({
      sights: [
        [0, held],
        [10, clear],
        [11, held],
        [15, clear],
      ],
    });
    expect(verdictOf(ending).gate).toBe('passed');
    expect(ending.waited).toBeGreaterThanOrEqual(17 * MINUTE);
  });

  it('is blocked when the timeout comes first', async () => {
    const ending = await tell({ sights: [[0, held]] });
    expect(ending).toMatchObject({ why: 'timeout', waited: HOUR });
    expect(verdictOf(ending)).toMatchObject({ gate: 'blocked', step: 'fail' });
    expect(verdictOf(ending).reason).toBe(
      "still held after 1h 00m 00s, as long as 'timeout' allows: RDS in eu-west-1 (AWS_RDS_OPERATIONAL_ISSUE)",
    );
  });

  it('is blocked when the timeout ends before stable-for does', async () => {
    const ending = await tell({
      sights: [
        [0, held],
        [59, clear],
      ],
    });
    expect(verdictOf(ending)).toMatchObject({ gate: 'blocked', step: 'fail' });
    expect(verdictOf(ending).reason).toMatch("ended before 'stable-for' did");
  });

  it('looks often at first and never more than half a minute apart', async () => {
    const { moments } = await tell({
      sights: [
        [0, held],
        [20, clear],
      ],
    });
    const pauses = moments.slice(1).map((moment, index) => moment - (moments[index] ?? 0));
    expect(pauses[0]).toBeLessThanOrEqual(1000);
    expect(Math.max(...pauses)).toBeLessThanOrEqual(30_000);
  });
});

describe('silence', () => {
  it('does not end a hold', async () => {
    const ending = await tell({
      sights: [
        [0, held],
        [5, down],
      ],
    });
    expect(verdictOf(ending)).toMatchObject({ gate: 'unknown', step: 'fail' });
  });

  it.each(['warn', 'proceed'] as const)('does not end a hold even where the policy is to %s', async (leniency) => {
    const ending = await tell({
      sights: [
        [0, held],
        [5, { troubles: [trouble({ leniency })] }],
      ],
    });
    expect(verdictOf(ending)).toMatchObject({ gate: 'unknown', step: 'fail' });
  });

  it('of the API is not broken by the feed once the API has shown a hold', async () => {
    const ending = await tell({
      sights: [
        [0, held],
        [5, feed],
      ],
    });
    expect(verdictOf(ending)).toMatchObject({ gate: 'blocked', step: 'fail' });
  });

  it('is sat out while waiting', async () => {
    const ending = await tell({
      sights: [
        [0, held],
        [5, down],
        [30, clear],
      ],
    });
    expect(verdictOf(ending).gate).toBe('passed');
  });

  it('is sat out for a minute where nobody waits', async () => {
    const short = await tell({
      sights: [
        [0, down],
        [0.5, clear],
      ],
      patience: { onHold: 'end' },
    });
    expect(verdictOf(short).gate).toBe('passed');
    const long = await tell({ sights: [[0, down]], patience: { onHold: 'end' } });
    expect(verdictOf(long)).toMatchObject({ gate: 'unknown', step: 'fail' });
    expect(long.waited).toBeLessThan(2 * MINUTE);
  });

  it('that will not pass ends at once', async () => {
    const ending = await tell({ sights: [[0, { troubles: [trouble({ passing: false, text: 'AccessDenied' })] }]] });
    expect(ending).toMatchObject({ why: 'settled', looks: 1 });
    expect(verdictOf(ending)).toEqual({
      gate: 'unknown',
      step: 'fail',
      reason: 'no complete answer from AWS Health: AccessDenied',
    });
  });

  it('makes the verdict unknown, and the step pass with a warning, where the policy is to warn', async () => {
    const ending = await tell({ sights: [[0, { troubles: [trouble({ leniency: 'warn' })] }]] });
    expect(verdictOf(ending)).toMatchObject({ gate: 'unknown', step: 'warn' });
  });

  it('passes by policy where the policy is to proceed, and says so', async () => {
    const ending = await tell({ sights: [[0, { troubles: [trouble({ leniency: 'proceed' })] }]] });
    expect(verdictOf(ending)).toMatchObject({ gate: 'passed', step: 'pass' });
    expect(verdictOf(ending).reason).toMatch('passed by policy, not by an answer: no complete answer from AWS Health');
  });

  it('of one service weighs less than a hold of another', async () => {
    const sight = { holds: [hold], troubles: [trouble({ asked: 'CloudWatch alarms', leniency: 'proceed' })] };
    const ending = await tell({ sights: [[0, sight]], patience: { onHold: 'end' } });
    expect(verdictOf(ending).gate).toBe('blocked');
  });

  it('that may not be outweighs one that may', async () => {
    const troubles = [trouble({ leniency: 'proceed' }), trouble({ asked: 'CloudWatch alarms', passing: false })];
    expect(verdictOf(await tell({ sights: [[0, { troubles }]] })).gate).toBe('unknown');
  });
});

describe('deciding at once', () => {
  it('is blocked by a first look', async () => {
    const ending = await tell({ sights: [[0, held]], patience: { onHold: 'end' } });
    expect(ending).toMatchObject({ waited: 0, looks: 1 });
    expect(decide(ending, { onEvent: 'fail', override: undefined })).toMatchObject({ gate: 'blocked', step: 'fail' });
  });

  it('only warns where that is asked for, and says blocked', async () => {
    const ending = await tell({ sights: [[0, held]], patience: { onHold: 'end' } });
    expect(decide(ending, { onEvent: 'warn', override: undefined })).toMatchObject({ gate: 'blocked', step: 'warn' });
  });

  it('has a first look even with no time at all', async () => {
    const ending = await tell({ sights: [[0, clear]], patience: { timeout: 0 } });
    expect(verdictOf(ending).gate).toBe('passed');
  });
});

describe('an override', () => {
  it.each([
    ['a hold', held],
    ['a silence', { troubles: [trouble({ passing: false })] }],
  ])('passes %s and keeps why', async (_what, sight) => {
    const ending = await tell({ sights: [[0, sight]], patience: { onHold: 'end' } });
    const decision = decide(ending, { onEvent: 'fail', override: 'INC-42, fixes the incident' });
    expect(decision).toMatchObject({ gate: 'overridden', step: 'warn' });
    expect(decision.reason).toMatch('passed all the same (INC-42, fixes the incident), though ');
  });

  it('leaves a verdict of passed alone', async () => {
    const ending = await tell({ sights: [[0, clear]] });
    expect(decide(ending, { onEvent: 'fail', override: 'INC-42' }).gate).toBe('passed');
  });
});

it('a cancelled watch throws', async () => {
  const clock = new VirtualClock();
  const controller = new AbortController();
  const look = async () => {
    controller.abort();
    return { at: clock.now(), source: 'health-api' as const, holds: [hold], troubles: [], leftOut: {}, remarks: [] };
  };
  const cancelled = watch({ clock, signal: controller.signal, patience: wait, look, seen: async () => {} });
  await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
});
