import { fits, fitsArn } from './pattern.js';

/** Condition keys in lower case (`aws:principalarn`) and their values. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

type Test = (wanted: string, given: string) => boolean;

const moment = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const ordered = (prefix: string, read: (text: string) => number): Readonly<Record<string, Test>> => {
  const by =
    (compare: (given: number, wanted: number) => boolean): Test =>
    (wanted, given) =>
      compare(read(given), read(wanted));
  return {
    [`${prefix}Equals`]: by((given, wanted) => given === wanted),
    [`${prefix}LessThan`]: by((given, wanted) => given < wanted),
    [`${prefix}LessThanEquals`]: by((given, wanted) => given <= wanted),
    [`${prefix}GreaterThan`]: by((given, wanted) => given > wanted),
    [`${prefix}GreaterThanEquals`]: by((given, wanted) => given >= wanted),
  };
};

/** The positive operators; `…Not…` is the same test negated. */
const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (wanted, given) => wanted === given,
  StringEqualsIgnoreCase: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  StringLike: (wanted, given) => fits(wanted, given),
  ArnEquals: fitsArn,
  ArnLike: fitsArn,
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  ...ordered('Numeric', Number),
  ...ordered('Date', moment),
};

interface Operator {
  readonly test: Test;
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

const holds = (operator: Operator, wanted: readonly string[], given: readonly string[]): boolean => {
  const { test, isNegated, forAll, ifExists } = operator;
  const holdsOne = (value: string) => wanted.some((each) => test(each, value)) !== isNegated;
  // an absent key fails, unless the operator is negated, says IfExists, or asks of all values there are
  if (given.length === 0) return ifExists || forAll;
  return forAll ? given.every(holdsOne) : given.some(holdsOne);
};

/** Do all conditions of a statement hold? `conditions` is operator → key → values. */
export const conditionsHold = (
  conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  context: ConditionContext,
  expand: (text: string) => string,
): boolean =>
  Object.entries(conditions).every(([name, keys]) =>
    Object.entries(keys).every(([key, values]) => {
      const given = context.get(key.toLowerCase());
      if (name === 'Null') return values.includes(String(given === undefined));
      const operator = parseOperator(name);
      return operator !== undefined && holds(operator, values.map(expand), given ?? []);
    }),
  );
