import type { Outputs } from '../action.js';
import type { Stack } from './stack.js';

/** All outputs of a stack by name. */
export const outputValues = (stack: Stack | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries((stack?.outputs ?? []).map(({ key, value }) => [key, value]));

/**
 * A stack's outputs as outputs of the step. Their names hold letters and digits only, every name of our own a hyphen:
 * none can take another's place.
 */
export const stackOutputs = (stack: Stack | undefined): Outputs =>
  stack === undefined ? {} : { ...outputValues(stack), 'stack-outputs': outputValues(stack) };
