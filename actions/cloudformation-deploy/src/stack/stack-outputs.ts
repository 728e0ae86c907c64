import type { Outputs } from '../../action.js';
import type { Stack } from './stack.js';

/** All outputs of a stack by name. */
export const getOutputValues = (stack: Stack | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries((stack?.outputs ?? []).map(({ key, value }) => [key, value]));

/** Names of outputs that differ only in case from others of the stack. */
export const findAmbiguousNames = (stack: Stack | undefined): readonly string[] => {
  const names = (stack?.outputs ?? []).map(({ key }) => key);
  const equalsIgnoringCase = (a: string, b: string) => a !== b && a.toLowerCase() === b.toLowerCase();
  return names.filter((name) => names.some((otherName) => equalsIgnoringCase(name, otherName)));
};

/** What to say of such names; undefined where there are none. */
export const formatAmbiguousNames = (stack: Stack | undefined): string | undefined => {
  const names = findAmbiguousNames(stack);
  if (names.length === 0) return undefined;
  const rule = 'differ only in case, which a workflow does not tell apart';
  return `outputs ${names.join(', ')} of the stack ${rule}: they are in the output stack-outputs alone; read it with jq`;
};

/**
 * A stack's outputs as outputs of the step. Their names hold letters and digits only, every name of our own a hyphen:
 * none can take another's place. Workflows take names without regard to case: where those of a stack differ in nothing
 * else, each would be read as the other, so that none is set.
 */
export const buildStackOutputs = (stack: Stack | undefined): Outputs => {
  if (stack === undefined) return {};
  const values = getOutputValues(stack);
  const ambiguousNames = findAmbiguousNames(stack);
  const unambiguous = Object.entries(values).filter(([name]) => !ambiguousNames.includes(name));
  return { ...Object.fromEntries(unambiguous), 'stack-outputs': values };
};
