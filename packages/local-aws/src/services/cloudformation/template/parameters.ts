import { isSsmParameter } from '@aws-delivery/template/parameter';
import { type ParameterIssue, validateParameters } from '@aws-delivery/template/parameter-validation';
import type { Template } from '@aws-delivery/template/template';
import { validationError } from '../responses.js';
import type { ResolvedTemplate } from './resolved-template.js';

/** A parameter in the API's format. */
export interface ParameterInput {
  readonly ParameterKey?: string | undefined;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
}

/** What CloudFormation says of a parameter that violates a rule; `?` stands for the limit. */
const RULES: Readonly<Record<Exclude<ParameterIssue['rule'], 'unknown' | 'missing'>, string>> = {
  'not-a-number': 'be a number',
  'allowed-values': 'be one of AllowedValues',
  'allowed-pattern': 'match pattern ?',
  'min-length': 'contain at least ? characters',
  'max-length': 'contain at most ? characters',
  'min-value': 'be a number not less than ?',
  'max-value': 'be a number not greater than ?',
  'too-long': 'have at most ? bytes',
};

const formatIssue = (template: Template, issues: readonly ParameterIssue[], first: ParameterIssue): string => {
  const { rule, parameter, limit } = first;
  if (rule === 'unknown' || rule === 'missing') {
    const names = issues.filter((each) => each.rule === rule).map((each) => each.parameter);
    return `Parameters: [${names.join(', ')}] ${rule === 'unknown' ? 'do not exist in the template' : 'must have values'}`;
  }
  const described = template.parameters.get(parameter)?.constraintDescription;
  return described === undefined
    ? `Parameter '${parameter}' must ${RULES[rule].replace('?', () => String(limit))}`
    : `Parameter ${parameter} failed to satisfy constraint: ${described}`;
};

/**
 * The values of all parameters of a template: provided, previous or default. @throws ServiceError with CloudFormation's
 * message
 */
export const resolveParameters = (
  template: Template,
  inputs: readonly ParameterInput[],
  previous: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> => {
  const values = new Map<string, string>();
  for (const { ParameterKey: name = '', ParameterValue: value, UsePreviousValue: usePrevious } of inputs) {
    if (usePrevious === true && value !== undefined) {
      throw validationError(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
      );
    }
    const resolved = usePrevious === true ? previous.get(name) : value;
    if (usePrevious === true && resolved === undefined && template.parameters.has(name)) {
      throw validationError(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }
    if (resolved !== undefined || !template.parameters.has(name)) values.set(name, resolved ?? '');
  }
  const issues = validateParameters(template, values);
  const [issue] = issues;
  if (issue !== undefined) throw validationError(formatIssue(template, issues, issue));
  const all = [...template.parameters.values()];
  return new Map(all.map(({ name, default: defaultValue = '' }) => [name, values.get(name) ?? defaultValue]));
};

/** Names of Systems Manager parameters by the template's parameters of an SSM type. */
export const listSsmNames = (
  { parameters }: Template,
  values: ReadonlyMap<string, string>,
): readonly (readonly [parameter: string, name: string])[] =>
  [...parameters.values()].filter(isSsmParameter).map(({ name }) => [name, values.get(name) ?? '']);

/** Values of NoEcho parameters. */
export const listSecrets = ({ template, parameters }: ResolvedTemplate): readonly string[] =>
  [...template.parameters.values()]
    .filter(({ noEcho }) => noEcho)
    .map(({ name }) => parameters.get(name) ?? '')
    .filter((secret) => secret !== '');
