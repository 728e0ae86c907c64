import { suggestClosest } from '@aws-delivery/action-kit/util/closest-match';
import { isListParameter, isNumberParameter, isSsmParameter, type Parameter, splitList } from './parameter.js';
import type { Template } from './template.js';
import { type Position, shortenValue } from './value.js';

/** `unknown`: the template does not declare the parameter. `missing`: it has neither value nor default. */
export type ConstraintRule =
  | 'unknown'
  | 'missing'
  | 'not-a-number'
  | 'allowed-values'
  | 'allowed-pattern'
  | 'min-length'
  | 'max-length'
  | 'min-value'
  | 'max-value'
  | 'too-long';

/** An invalid parameter value. */
export interface ParameterIssue {
  readonly parameter: string;
  readonly rule: ConstraintRule;
  /** The constraint: pattern, length, bound or allowed values. */
  readonly limit: string;
  /** Value, rule and hint. Leaves out the value of a NoEcho parameter. */
  readonly message: string;
  /** Position of the parameter's declaration; undefined for an undeclared parameter. */
  readonly position: Position | undefined;
}

/** CloudFormation's limit for a parameter value (docs/aws-facts.md §1.8). */
const MAX_VALUE_BYTES = 4096;

interface Violation {
  readonly rule: ConstraintRule;
  readonly limit: string;
  /** Continues "the value must": `be at least 1`. */
  readonly requirement: string;
}

type Check = (parameter: Parameter, value: string) => Violation | undefined;

const checkRule = (
  satisfied: boolean,
  rule: ConstraintRule,
  limit: string | number,
  requirement: string,
): Violation | undefined => (satisfied ? undefined : { rule, limit: String(limit), requirement });

const ESCAPES = /\\./gsu;

/** Whether the pattern uses Java syntax that JavaScript reads differently: `\p{Alnum}`, `\A`, nested classes. */
const isJavaOnly = (pattern: string): boolean =>
  (pattern.match(ESCAPES) ?? []).some((pair) => /[A-Za-z]/u.test(pair) && !/[bBdDfnrsStwWu]/u.test(pair)) ||
  /\[[^\]]*(?:&&|\[)/u.test(pattern.replaceAll(ESCAPES, '_'));

/** AllowedPattern is a Java pattern for the whole value. Undefined when JavaScript cannot compile it: AWS checks it. */
const compile = (pattern: string): RegExp | undefined => {
  if (isJavaOnly(pattern)) return undefined;
  try {
    return new RegExp(`^(?:${pattern})$`, 's');
  } catch {
    return undefined;
  }
};

const VALUE_CHECKS: readonly Check[] = [
  (_, value) =>
    checkRule(
      Buffer.byteLength(value) <= MAX_VALUE_BYTES,
      'too-long',
      MAX_VALUE_BYTES,
      `have at most ${MAX_VALUE_BYTES} bytes`,
    ),
  ({ minLength: limit }, value) =>
    limit === undefined
      ? undefined
      : checkRule(value.length >= limit, 'min-length', limit, `have at least ${limit} characters`),
  ({ maxLength: limit }, value) =>
    limit === undefined
      ? undefined
      : checkRule(value.length <= limit, 'max-length', limit, `have at most ${limit} characters`),
];

const MEMBER_CHECKS: readonly Check[] = [
  (parameter, value) =>
    isNumberParameter(parameter)
      ? checkRule(value.trim() !== '' && Number.isFinite(Number(value)), 'not-a-number', 'number', 'be a number')
      : undefined,
  ({ allowedValues: choices }, value) =>
    choices === undefined
      ? undefined
      : checkRule(choices.includes(value), 'allowed-values', choices.join(', '), `be one of ${choices.join(', ')}`),
  ({ allowedPattern: pattern }, value) =>
    pattern === undefined
      ? undefined
      : checkRule(compile(pattern)?.test(value) ?? true, 'allowed-pattern', pattern, `match the pattern ${pattern}`),
  ({ minValue: limit }, value) =>
    limit === undefined ? undefined : checkRule(Number(value) >= limit, 'min-value', limit, `be at least ${limit}`),
  ({ maxValue: limit }, value) =>
    limit === undefined ? undefined : checkRule(Number(value) <= limit, 'max-value', limit, `be at most ${limit}`),
];

const findViolation = (parameter: Parameter, value: string): Violation | undefined => {
  const members = isListParameter(parameter) && !isSsmParameter(parameter) ? splitList(value) : [value];
  const checks = [
    ...VALUE_CHECKS.map((check) => check(parameter, value)),
    ...members.flatMap((member) => MEMBER_CHECKS.map((check) => check(parameter, member))),
  ];
  return checks.find((result) => result !== undefined);
};

const createMissingIssue = (template: Template, { name, description }: Parameter): ParameterIssue => ({
  parameter: name,
  rule: 'missing',
  limit: '',
  message: `parameter ${name} has no default: set a value${description === undefined ? '' : ` (${description})`}`,
  position: template.getPosition(['Parameters', name]),
});

const createUnknownIssue = (template: Template, name: string): ParameterIssue => {
  const names = [...template.parameters.keys()];
  const known = names.length === 0 ? 'it declares no parameters' : `it declares ${names.join(', ')}`;
  const suggestion = suggestClosest(name, names)?.name;
  return {
    parameter: name,
    rule: 'unknown',
    limit: suggestion ?? '',
    message: `the template has no parameter ${name}: ${suggestion === undefined ? known : `did you mean ${suggestion}`}`,
    position: undefined,
  };
};

/**
 * Every parameter value that CloudFormation would reject.
 * @param provided value by name; lists are comma-delimited as in the API
 * @param retained names of parameters with `UsePreviousValue`, whose value is unknown and not checked
 */
export const validateParameters = (
  template: Template,
  provided: ReadonlyMap<string, string>,
  retained: ReadonlySet<string> = new Set(),
): readonly ParameterIssue[] => {
  const undeclared = [...new Set([...provided.keys(), ...retained])].filter((name) => !template.parameters.has(name));
  const declared = [...template.parameters.values()].map((parameter): ParameterIssue | undefined => {
    const { name, noEcho, constraintDescription } = parameter;
    if (retained.has(name)) return undefined;
    const value = provided.get(name) ?? parameter.default;
    if (value === undefined) return createMissingIssue(template, parameter);
    const violation = findViolation(parameter, value);
    if (violation === undefined) return undefined;
    const why = constraintDescription === undefined ? '' : ` (${constraintDescription})`;
    const message = `parameter ${name} is ${noEcho ? 'a hidden value' : `'${shortenValue(value)}'`}, but must ${violation.requirement}${why}`;
    return { parameter: name, ...violation, message, position: template.getPosition(['Parameters', name]) };
  });
  return [
    ...undeclared.map((name) => createUnknownIssue(template, name)),
    ...declared.filter((issue) => issue !== undefined),
  ];
};
