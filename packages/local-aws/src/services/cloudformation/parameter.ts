import { checkParameters, type ParameterFault } from '@aws-delivery/template/constraint';
import { isSsmParameter } from '@aws-delivery/template/parameter';
import type { Template } from '@aws-delivery/template/template';
import type { Blueprint } from './blueprint.js';
import { invalid } from './refusal.js';

/** A parameter as the API takes it. */
export interface GivenParameter {
  readonly ParameterKey?: string | undefined;
  readonly ParameterValue?: string | undefined;
  readonly UsePreviousValue?: boolean | undefined;
}

const WORDINGS: Readonly<Record<ParameterFault['rule'], (fault: ParameterFault) => string>> = {
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

const wordingOf = (template: Template, faults: readonly ParameterFault[], first: ParameterFault): string => {
  const described = template.parameters.get(first.parameter)?.constraintDescription;
  const isConstraint = first.rule !== 'unknown' && first.rule !== 'missing';
  if (isConstraint && described !== undefined)
    return `Parameter ${first.parameter} failed to satisfy constraint: ${described}`;
  const alike = faults.filter(({ rule }) => rule === first.rule).map(({ parameter }) => parameter);
  return WORDINGS[first.rule](isConstraint ? first : { ...first, parameter: alike.join(', ') });
};

/** The value of every parameter of a template: given, kept or by default. @throws Refusal as CloudFormation words it */
export const resolveParameters = (
  template: Template,
  given: readonly GivenParameter[],
  previous: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> => {
  const texts = new Map<string, string>();
  for (const { ParameterKey: name = '', ParameterValue: value, UsePreviousValue: keep } of given) {
    if (keep === true && value !== undefined) {
      throw invalid(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true and non empty value for a parameter`,
      );
    }
    const text = keep === true ? previous.get(name) : value;
    if (keep === true && text === undefined && template.parameters.has(name)) {
      throw invalid(
        `Invalid input for parameter key ${name}. Cannot specify usePreviousValue as true for a parameter key not in the previous template`,
      );
    }
    if (text !== undefined || !template.parameters.has(name)) texts.set(name, text ?? '');
  }
  const faults = checkParameters(template, texts);
  const [fault] = faults;
  if (fault !== undefined) throw invalid(wordingOf(template, faults, fault));
  const all = [...template.parameters.values()];
  const stored = all.find(isSsmParameter);
  if (stored !== undefined) throw invalid(`local AWS does not model parameter type ${stored.type} of ${stored.name}`);
  return new Map(all.map(({ name, default: usual = '' }) => [name, texts.get(name) ?? usual]));
};

/** Values that nobody may see. */
export const secretsOf = ({ template, parameters }: Blueprint): readonly string[] =>
  [...template.parameters.values()]
    .filter(({ noEcho }) => noEcho)
    .map(({ name }) => parameters.get(name) ?? '')
    .filter((secret) => secret !== '');
