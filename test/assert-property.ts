import fc from 'fast-check';
import { isFullRun } from './full-run.js';

const RUN_COUNT = isFullRun ? 20_000 : 1000;

/**
 * Asserts a property for a thousand values, or twenty thousand in `npm run test:full`. The values are the same in every run, unless PROPERTY_SEED sets another
 * seed, or `random` for a new one each time.
 */
export const assertProperty = <T>(property: fc.IPropertyWithHooks<T>): void => {
  const { PROPERTY_SEED: seed = '1' } = process.env;
  fc.assert(property, { numRuns: RUN_COUNT, ...(seed === 'random' ? {} : { seed: Number(seed) }) });
};
