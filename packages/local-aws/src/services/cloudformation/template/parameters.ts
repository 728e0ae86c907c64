import { isSsmParameter } from '@aws-delivery/template/parameter';
import { type ParameterIssue, validateParameters } from '@aws-delivery/template/parameter-validation';
import type { Template } from '@aws-delivery/template/template';
import { validationError } from '../service-errors.js';
import type { ResolvedTemplate } from './resolved-template.js';

/** A parameter in the API's format. */
export interface ParameterInput {
  readonly ParameterKey?: string | undefined;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
}

const MESSAGES: Readonly<Record<ParameterIssue['rule'], (issue: ParameterIssue) => string>> = {
  unknown: ({ parameter }) => `Parameters: [${parameter}] do not exist in the template`,
  missing: ({ parameter }) => `Parameters: [${parameter}] must have values`,
  'not-a-number': ({ parameter }) => `Parameter '${parameter}' must be a number`,
  'allowed-values': ({ parameter }) => `Parameter '${parameter}' must be one of AllowedValues`,
  'allowed-pattern': ({ parameter, limit }) => `Parameter '${parameter}' must match pattern ${limit}`,
  'min-length': ({ parameter, limit }) => `Parameter '${parameter}' must contain at least ${limit} characters`,
  'max-length': ({ parameter, limit }) => `Parameter '${parameter}' must contain at most ${limit} characters`,
  'min-value': ({ parameter, limit }) => `Parameter '${parameter}' must be a number not less than ${limit}`,
  'max-value': ({ parameter, limit }) => `Parameter '${parameter}' must be a number not greater than ${limit}`,
  'too-long': ({ parameter, limit }) => `Parameter '${parameter}' must have at most ${limit} bytes`,
};

const formatIssue = (template: Template, issues: readonly ParameterIssue[], first: ParameterIssue): string => {
  const described = template.parameters.get(first.parameter)?.constraintDescription;
  const isConstraint = first.rule !== 'unknown' && first.rule !== 'missing';
  if (isConstraint && described !== undefined)
    return `Parameter ${first.parameter} failed to satisfy constraint: ${described}`;
  const sameRule = issues.filter(({ rule }) => rule === first.rule).map(({ parameter }) => parameter);
  return MESSAGES[first.rule](isConstraint ? first : { ...first, parameter: sameRule.join(', ') });
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
