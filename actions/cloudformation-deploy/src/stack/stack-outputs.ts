import { matchesWildcard } from '@aws-delivery/action-kit/util/wildcard';
import type { Outputs } from '../../action.js';
import type { ReportOptions } from '../inputs/request.js';
import type { Stack } from './stack.js';

const getOutputValues = (stack: Stack | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries((stack?.outputs ?? []).map(({ key, value }) => [key, value]));

/** Names of outputs that differ from other outputs of the stack only in case. */
const findAmbiguousNames = (stack: Stack | undefined): readonly string[] => {
  const names = (stack?.outputs ?? []).map(({ key }) => key);
  const equalsIgnoringCase = (a: string, b: string) => a !== b && a.toLowerCase() === b.toLowerCase();
  return names.filter((name) => names.some((otherName) => equalsIgnoringCase(name, otherName)));
};

/** A warning about ambiguous output names; undefined without any. */
export const formatAmbiguousNames = (stack: Stack | undefined): string | undefined => {
  const names = findAmbiguousNames(stack);
  if (names.length === 0) return undefined;
  const rule = 'differ only in case and are set only in stack-outputs';
  return `Stack outputs ${names.join(', ')} ${rule}: read them with jq`;
};

/**
 * The stack's outputs as outputs of the step. Their names have letters and digits only, those of this action's own
 * outputs a hyphen, so that they never collide. Workflows ignore case in names: outputs that differ only in case are
 * left out.
 */
export const buildStackOutputs = (stack: Stack | undefined): Outputs => {
  if (stack === undefined) return {};
  const values = getOutputValues(stack);
  const ambiguousNames = findAmbiguousNames(stack);
  const unambiguous = Object.entries(values).filter(([name]) => !ambiguousNames.includes(name));
  return { ...Object.fromEntries(unambiguous), 'stack-outputs': values };
};

/** Whether the inputs declare the output a secret. */
export const isMaskedOutput = (name: string, { maskedOutputs }: ReportOptions): boolean =>
  maskedOutputs.some((pattern) => matchesWildcard(name, pattern));

/** Masks the values of secret outputs in the log. */
export const maskOutputs = (
  stack: Stack | undefined,
  reportOptions: ReportOptions,
  mask: (secret: string) => void,
): void => {
  for (const { key, value } of stack?.outputs ?? []) if (isMaskedOutput(key, reportOptions)) mask(value);
};
