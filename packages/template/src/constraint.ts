import { nearest } from '@aws-delivery/action-kit/nearest';
import { isListParameter, isNumberParameter, isSsmParameter, type Parameter, splitList } from './parameter.js';
import type { Position } from './source.js';
import type { Template } from './template.js';

/** What a parameter's value can break. `unknown`: the template has no such parameter; `missing`: it has no value. */
export type Rule =
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

/** A value that a template's parameter does not take. */
export interface ParameterFault {
  readonly parameter: string;
  readonly rule: Rule;
  /** What the rule asks for: the pattern, the length, the bound, the choices. */
  readonly limit: string;
  /** Value, rule and remedy. The value of a NoEcho parameter is not in it. */
  readonly message: string;
  /** Where the template declares the parameter; undefined for one it does not declare. */
  readonly position: Position | undefined;
}

/** Longest value of a parameter in bytes; aws-facts §1.8. */
const LONGEST_VALUE = 4096;

interface Broken {
  readonly rule: Rule;
  readonly limit: string;
  /** What the value must be. */
  readonly must: string;
}

type Check = (parameter: Parameter, text: string) => Broken | undefined;

const broken = (holds: boolean, rule: Rule, limit: string | number, must: string): Broken | undefined =>
  holds ? undefined : { rule, limit: String(limit), must };

const ESCAPES = /\\./gsu;

/** Does Java read it otherwise than JavaScript? It has escapes of its own (`\p{Alnum}`, `\A`), and classes in classes. */
const isJavaOnly = (pattern: string): boolean =>
  (pattern.match(ESCAPES) ?? []).some((pair) => /[A-Za-z]/u.test(pair) && !/[bBdDfnrsStwWu]/u.test(pair)) ||
  /\[[^\]]*(?:&&|\[)/u.test(pattern.replaceAll(ESCAPES, '_'));

/** Patterns are Java's, and match the whole value; undefined where JavaScript cannot read one: then AWS is to judge. */
const compile = (pattern: string): RegExp | undefined => {
  if (isJavaOnly(pattern)) return undefined;
  try {
    return new RegExp(`^(?:${pattern})$`, 's');
  } catch {
    return undefined;
  }
};

const wholeChecks: readonly Check[] = [
  (_, text) =>
    broken(Buffer.byteLength(text) <= LONGEST_VALUE, 'too-long', LONGEST_VALUE, `have at most ${LONGEST_VALUE} bytes`),
  ({ minLength: limit }, text) =>
    limit === undefined
      ? undefined
      : broken(text.length >= limit, 'min-length', limit, `have at least ${limit} characters`),
  ({ maxLength: limit }, text) =>
    limit === undefined
      ? undefined
      : broken(text.length <= limit, 'max-length', limit, `have at most ${limit} characters`),
];

const memberChecks: readonly Check[] = [
  (parameter, text) =>
    isNumberParameter(parameter)
      ? broken(text.trim() !== '' && Number.isFinite(Number(text)), 'not-a-number', 'number', 'be a number')
      : undefined,
  ({ allowedValues: choices }, text) =>
    choices === undefined
      ? undefined
      : broken(choices.includes(text), 'allowed-values', choices.join(', '), `be one of ${choices.join(', ')}`),
  ({ allowedPattern: pattern }, text) =>
    pattern === undefined
      ? undefined
      : broken(compile(pattern)?.test(text) ?? true, 'allowed-pattern', pattern, `match the pattern ${pattern}`),
  ({ minValue: limit }, text) =>
    limit === undefined ? undefined : broken(Number(text) >= limit, 'min-value', limit, `be at least ${limit}`),
  ({ maxValue: limit }, text) =>
    limit === undefined ? undefined : broken(Number(text) <= limit, 'max-value', limit, `be at most ${limit}`),
];

const brokenRule = (parameter: Parameter, text: string): Broken | undefined => {
  const members = isListParameter(parameter) && !isSsmParameter(parameter) ? splitList(text) : [text];
  const checks = [
    ...wholeChecks.map((check) => check(parameter, text)),
    ...members.flatMap((member) => memberChecks.map((check) => check(parameter, member))),
  ];
  return checks.find((result) => result !== undefined);
};

const missing = (template: Template, { name, description }: Parameter): ParameterFault => ({
  parameter: name,
  rule: 'missing',
  limit: '',
  message: `parameter ${name} has no default: give it a value${description === undefined ? '' : ` (${description})`}`,
  position: template.positionOf(['Parameters', name]),
});

const unknown = (template: Template, name: string): ParameterFault => {
  const names = [...template.parameters.keys()];
  const known = names.length === 0 ? 'it has no parameters' : `its parameters are ${names.join(', ')}`;
  const near = nearest(name, names)?.name;
  return {
    parameter: name,
    rule: 'unknown',
    limit: near ?? '',
    message: `the template has no parameter ${name}: ${near === undefined ? known : `did you mean ${near}`}`,
    position: undefined,
  };
};

/**
 * What AWS would refuse of the values given for a template's parameters, all of it at once.
 * @param given value by name, lists comma-delimited as the API takes them
 * @param kept names whose previous value stays (`UsePreviousValue`): they count as given, and their value is not seen
 */
export const checkParameters = (
  template: Template,
  given: ReadonlyMap<string, string>,
  kept: ReadonlySet<string> = new Set(),
): readonly ParameterFault[] => {
  const strangers = [...new Set([...given.keys(), ...kept])].filter((name) => !template.parameters.has(name));
  const declared = [...template.parameters.values()].map((parameter): ParameterFault | undefined => {
    const { name, noEcho, constraintDescription } = parameter;
    if (kept.has(name)) return undefined;
    const text = given.get(name) ?? parameter.default;
    if (text === undefined) return missing(template, parameter);
    const rule = brokenRule(parameter, text);
    if (rule === undefined) return undefined;
    const why = constraintDescription === undefined ? '' : ` (${constraintDescription})`;
    const message = `parameter ${name} is ${noEcho ? 'a hidden value' : `'${text}'`}, but must ${rule.must}${why}`;
    return { parameter: name, ...rule, message, position: template.positionOf(['Parameters', name]) };
  });
  return [...strangers.map((name) => unknown(template, name)), ...declared.filter((fault) => fault !== undefined)];
};
