import { matchesArn, matchesPattern } from './pattern.js';

/** Condition keys in lower case (`aws:principalarn`) and their values. */
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

/** The positive operators; `…Not…` is the same test negated. */
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
  /** Must it hold for every value there is (and for none), or for one of them? */
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

/** Is this an operator that policies may use here? A scenario with another is refused when it is read. */
export const isOperator = (name: string): boolean => name === 'Null' || parseOperator(name) !== undefined;

const evaluateOperator = (operator: Operator, expected: readonly string[], actual: readonly string[]): boolean => {
  const { test, isNegated, forAll, ifExists } = operator;
  const matchesValue = (value: string) => expected.some((each) => test(each, value)) !== isNegated;
  // an absent key fails, unless the operator is negated, says IfExists, or asks of all values there are
  if (actual.length === 0) return ifExists || forAll;
  return forAll ? actual.every(matchesValue) : actual.some(matchesValue);
};

/** Do all conditions of a statement hold? `conditions` is operator → key → values. */
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
