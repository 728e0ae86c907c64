import { createRandom, type Random } from '@aws-delivery/local-aws/random';
import { expect, it } from '@jest/globals';
import { isFullRun } from '../full-run.js';

/** A scenario with random faults, and the invariant that holds with all of them. */
export interface FaultInjectionTest {
  /** The invariant, as the title of the test. It is part of every seed: a new name means other runs. */
  readonly name: string;
  /** The number of seeds in `npm test`, unless `CHAOS_RUNS` sets another; `npm run test:full` runs ten times as many. */
  readonly seeds: number;
  /** Runs one seed. Returns details if the invariant is violated, undefined if it holds. */
  readonly runSeed: (random: Random) => Promise<object | undefined>;
}

/** Seeds in one test: few enough for the test's timeout on a slow machine. */
const CHUNK_SIZE = 50;

const splitSeeds = (seeds: number) => {
  const from = Number(process.env['CHAOS_FROM'] ?? 1);
  const runs = Number(process.env['CHAOS_RUNS'] ?? (isFullRun ? 10 * seeds : seeds));
  return Array.from({ length: Math.ceil(runs / CHUNK_SIZE) }, (_, index) => {
    const first = from + index * CHUNK_SIZE;
    return { first, last: Math.min(first + CHUNK_SIZE, from + runs) - 1 };
  });
};

/**
 * Declares the tests of an invariant. A seed that violates it is printed with the variables that repeat it: the same
 * seed is the same run.
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
