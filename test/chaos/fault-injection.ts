import { createRandom, type Random } from '@aws-delivery/local-aws/random';
import { expect, it } from '@jest/globals';

/** What an action contributes: a scenario that chance disturbs, and the invariant that holds all the same. */
export interface FaultInjectionTest {
  /** The invariant as the name of a test. */
  readonly name: string;
  /** How many seeds are played with every run of the tests; `CHAOS_RUNS` plays more or fewer. */
  readonly seeds: number;
  /** Plays one schedule. Gives all there is to see where the invariant is broken, undefined where it holds. */
  readonly runSeed: (random: Random) => Promise<object | undefined>;
}

/** Seeds in one test: few enough for its time limit on a slow machine. */
const CHUNK_SIZE = 50;

const splitSeeds = (seeds: number) => {
  const from = Number(process.env['CHAOS_FROM'] ?? 1);
  const runs = Number(process.env['CHAOS_RUNS'] ?? seeds);
  return Array.from({ length: Math.ceil(runs / CHUNK_SIZE) }, (_, index) => {
    const first = from + index * CHUNK_SIZE;
    return { first, last: Math.min(first + CHUNK_SIZE, from + runs) - 1 };
  });
};

/**
 * Declares the tests of an ordeal. A seed that breaks the invariant is printed with the variables that play it again:
 * the same seed is the same run.
 */
export const runWithSeeds = ({ name, seeds, runSeed }: FaultInjectionTest): void => {
  it.each(splitSeeds(seeds))(`${name} (seeds $first to $last)`, async ({ first, last }) => {
    const violations: object[] = [];
    for (let seed = first; seed <= last; seed += 1) {
      const violation = await runSeed(createRandom(`${name} ${seed}`)).catch((error: unknown) => ({ error }));
      if (violation !== undefined) violations.push({ again: `CHAOS_FROM=${seed} CHAOS_RUNS=1`, ...violation });
    }
    expect(violations).toEqual([]);
  });
};
