import { matchesArn, matchesPattern } from './pattern.js';

/** Values by condition key in lower case (`aws:principalarn`). */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

type ConditionTest = (expected: string, actual: string) => boolean;

const parseDate = (value: string): number => (/^\d+$/.test(value) ? Number(value) * 1000 : Date.parse(value));

const createOrderedTests = (
  prefix: string,
  parse: (value: string) => number,
): Readonly<Record<string, ConditionTest>> => {
  const createTest =
    (compare: (actual: number, expected: number) => boolean): ConditionTest =>
    (expected, actual) =>
      compare(parse(actual), parse(expected));
  return {
    [`${prefix}Equals`]: createTest((actual, expected) => actual === expected),
    [`${prefix}LessThan`]: createTest((actual, expected) => actual < expected),
    [`${prefix}LessThanEquals`]: createTest((actual, expected) => actual <= expected),
    [`${prefix}GreaterThan`]: createTest((actual, expected) => actual > expected),
    [`${prefix}GreaterThanEquals`]: createTest((actual, expected) => actual >= expected),
  };
};

/** Positive operators; `…Not…` negates the same test. */
const TESTS: Readonly<Record<string, ConditionTest>> = {
  StringEquals: (expected, actual) => expected === actual,
  StringEqualsIgnoreCase: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
  StringLike: (expected, actual) => matchesPattern(expected, actual),
  ArnEquals: matchesArn,
  ArnLike: matchesArn,
  Bool: (expected, actual) => expected.toLowerCase() === actual.toLowerCase(),
  ...createOrderedTests('Numeric', Number),
  ...createOrderedTests('Date', parseDate),
};

interface Operator {
  readonly test: ConditionTest;
  readonly isNegated: boolean;
  /** Whether the test must hold for all values (also if there are none) or for at least one. */
  readonly forAll: boolean;
  readonly ifExists: boolean;
}

const parseOperator = (name: string): Operator | undefined => {
  const [, set, base = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const isNegated = base.includes('Not');
  const test = TESTS[base.replace('Not', '')];
  const forAll = set === 'ForAllValues' || (isNegated && set === undefined);
  return test && { test, isNegated, forAll, ifExists: ifExists !== undefined };
};

/** Whether the condition operator is supported; parsing a policy with another one fails. */
export const isOperator = (name: string): boolean => name === 'Null' || parseOperator(name) !== undefined;

const evaluateOperator = (operator: Operator, expected: readonly string[], actual: readonly string[]): boolean => {
  const { test, isNegated, forAll, ifExists } = operator;
  const matchesValue = (value: string) => expected.some((each) => test(each, value)) !== isNegated;
  // A missing key fails unless the operator is negated, has IfExists or applies to all values.
  if (actual.length === 0) return ifExists || forAll;
  return forAll ? actual.every(matchesValue) : actual.some(matchesValue);
};

/** Whether all conditions of a statement hold. `conditions` is operator → key → values. */
export const matchesConditions = (
  conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  context: ConditionContext,
  expand: (value: string) => string,
): boolean =>
  Object.entries(conditions).every(([name, keys]) =>
    Object.entries(keys).every(([key, values]) => {
      const actual = context.get(key.toLowerCase());
      if (name === 'Null') return values.includes(String(actual === undefined));
      const operator = parseOperator(name);
      return operator !== undefined && evaluateOperator(operator, values.map(expand), actual ?? []);
    }),
  );
