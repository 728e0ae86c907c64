import { fits, fitsArn } from './pattern.js';

/** Condition keys in lower case (`aws:principalarn`) and their values. */
export type ConditionContext = ReadonlyMap<string, readonly string[]>;

type Test = (wanted: string, given: string) => boolean;

const numbers =
  (compare: (given: number, wanted: number) => boolean): Test =>
  (wanted, given) =>
    compare(Number(given), Number(wanted));

const moment = (text: string): number => (/^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text));

const moments =
  (compare: (given: number, wanted: number) => boolean): Test =>
  (wanted, given) =>
    compare(moment(given), moment(wanted));

const ordered = (prefix: string, make: (compare: (given: number, wanted: number) => boolean) => Test) => ({
  [`${prefix}Equals`]: make((given, wanted) => given === wanted),
  [`${prefix}LessThan`]: make((given, wanted) => given < wanted),
  [`${prefix}LessThanEquals`]: make((given, wanted) => given <= wanted),
  [`${prefix}GreaterThan`]: make((given, wanted) => given > wanted),
  [`${prefix}GreaterThanEquals`]: make((given, wanted) => given >= wanted),
});

/** The positive operators; `…Not…` is the same test negated. */
const TESTS: Readonly<Record<string, Test>> = {
  StringEquals: (wanted, given) => wanted === given,
  StringEqualsIgnoreCase: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  StringLike: (wanted, given) => fits(wanted, given),
  ArnEquals: fitsArn,
  ArnLike: fitsArn,
  Bool: (wanted, given) => wanted.toLowerCase() === given.toLowerCase(),
  ...ordered('Numeric', numbers),
  ...ordered('Date', moments),
};

interface Operator {
  readonly test: Test;
  readonly negated: boolean;
  readonly set: 'any' | 'all' | undefined;
  readonly ifExists: boolean;
}

const parseOperator = (name: string): Operator | undefined => {
  const [, set, base = '', ifExists] = /^(?:(ForAnyValue|ForAllValues):)?(\w+?)(IfExists)?$/.exec(name) ?? [];
  const test = TESTS[base.replace('Not', '')];
  if (test === undefined) return undefined;
  return {
    test,
    negated: base.includes('Not'),
    set: set === undefined ? undefined : set === 'ForAnyValue' ? 'any' : 'all',
    ifExists: ifExists !== undefined,
  };
};

/** Is this an operator that policies may use here? A scenario with another is refused when it is read. */
export const isOperator = (name: string): boolean => name === 'Null' || parseOperator(name) !== undefined;

const holdsOne = ({ test, negated }: Operator, wanted: readonly string[], given: string): boolean =>
  wanted.some((each) => test(each, given)) !== negated;

const holds = (operator: Operator, wanted: readonly string[], given: readonly string[] | undefined): boolean => {
  if (given === undefined || given.length === 0) {
    // an absent key fails, unless the operator is negated, says IfExists, or asks of all values there are
    return operator.ifExists || operator.set === 'all' || (operator.negated && operator.set === undefined);
  }
  if (operator.set === 'all') return given.every((each) => holdsOne(operator, wanted, each));
  if (operator.negated && operator.set === undefined) return given.every((each) => holdsOne(operator, wanted, each));
  return given.some((each) => holdsOne(operator, wanted, each));
};

const isNull = (wanted: readonly string[], given: readonly string[] | undefined): boolean =>
  wanted.includes(String(given === undefined));

/** Do all conditions of a statement hold? `conditions` is operator → key → values. */
export const conditionsHold = (
  conditions: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>,
  context: ConditionContext,
  expand: (text: string) => string,
): boolean =>
  Object.entries(conditions).every(([name, keys]) =>
    Object.entries(keys).every(([key, values]) => {
      const given = context.get(key.toLowerCase());
      if (name === 'Null') return isNull(values, given);
      const operator = parseOperator(name);
      return operator !== undefined && holds(operator, values.map(expand), given);
    }),
  );
