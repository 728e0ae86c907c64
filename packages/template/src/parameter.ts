import type { Value } from './value.js';

/** A parameter as the template declares it, constraints included. */
export interface Parameter {
  readonly name: string;
  /** `String`, `Number`, `CommaDelimitedList`, `List<…>`, `AWS::EC2::…`, `AWS::SSM::Parameter::Value<…>`. */
  readonly type: string;
  readonly default: string | undefined;
  readonly description: string | undefined;
  readonly allowedValues: readonly string[] | undefined;
  readonly allowedPattern: string | undefined;
  readonly minLength: number | undefined;
  readonly maxLength: number | undefined;
  readonly minValue: number | undefined;
  readonly maxValue: number | undefined;
  readonly constraintDescription: string | undefined;
  /** Whether CloudFormation masks the value as `****`. */
  readonly noEcho: boolean;
}

const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.*)>$/;

/** Whether the parameter's value is the name of an SSM parameter. */
export const isSsmParameter = ({ type }: Parameter): boolean => SSM_VALUE.test(type);

/** Whether `Ref` returns a list. */
export const isListParameter = ({ type }: Parameter): boolean => {
  const inner = SSM_VALUE.exec(type)?.[1] ?? type;
  return inner === 'CommaDelimitedList' || inner.startsWith('List<');
};

/** Whether each value must be a number. SSM parameter types are excluded: their value is a parameter name. */
export const isNumberParameter = ({ type }: Parameter): boolean => type === 'Number' || type === 'List<Number>';

/** The members of a comma-delimited string, trimmed. */
export const splitList = (value: string): readonly string[] =>
  value === '' ? [] : value.split(',').map((member) => member.trim());

/** The value that `Ref` returns for a parameter. */
export const toParameterValue = (parameter: Parameter, value: string): Value =>
  isListParameter(parameter) ? splitList(value) : value;
