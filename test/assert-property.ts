import fc from 'fast-check';

const RUN_COUNT = 1000;

/**
 * Asserts a property for a thousand values. The values are the same in every run, unless PROPERTY_SEED sets another
 * seed, or `random` for a new one each time.
 */
export const assertProperty = <T>(property: fc.IPropertyWithHooks<T>): void => {
  const { PROPERTY_SEED: seed = '1' } = process.env;
  fc.assert(property, { numRuns: RUN_COUNT, ...(seed === 'random' ? {} : { seed: Number(seed) }) });
};
