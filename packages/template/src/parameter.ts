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
  /** Whether CloudFormation shows its value as `****`. */
  readonly noEcho: boolean;
}

const SSM_VALUE = /^AWS::SSM::Parameter::Value<(.*)>$/;

/** Whether a value of this type names an SSM parameter that holds the value. */
export const isSsmParameter = ({ type }: Parameter): boolean => SSM_VALUE.test(type);

/** Whether `Ref` to it gives a list. */
export const isListParameter = ({ type }: Parameter): boolean => {
  const inner = SSM_VALUE.exec(type)?.[1] ?? type;
  return inner === 'CommaDelimitedList' || inner.startsWith('List<');
};

/** Whether each of its values must be a number. SSM parameters are numbers only where they are looked up. */
export const isNumberParameter = ({ type }: Parameter): boolean => type === 'Number' || type === 'List<Number>';

/** The members of a comma-delimited text, without the spaces around them. */
export const splitList = (value: string): readonly string[] =>
  value === '' ? [] : value.split(',').map((member) => member.trim());

/** What `Ref` gives for a parameter with this value. */
export const toParameterValue = (parameter: Parameter, value: string): Value =>
  isListParameter(parameter) ? splitList(value) : value;
