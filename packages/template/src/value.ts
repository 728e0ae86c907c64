/** A JSON value of a template; short tags (`!Ref x`) are in their long form (`{ Ref: x }`). */
export type Value = string | number | boolean | null | readonly Value[] | Mapping;

export interface Mapping {
  readonly [key: string]: Value;
}

/** Location of a value in its document: keys of mappings and indices of lists, from the root. */
export type Path = readonly (string | number)[];

/** Position in a text; line and column count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

export const isMapping = (value: Value | undefined): value is Mapping =>
  typeof value === 'object' && value !== null && !isList(value);

/** A scalar as CloudFormation passes it to a resource or parameter; undefined for lists, mappings and null. */
export const toScalarString = (value: Value | undefined): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

/** Longest value that a message shows. */
const MAX_SHOWN_LENGTH = 80;

/** A value as messages show it: its first characters if it is long. */
export const shortenValue = (value: string): string => {
  const line = value.replaceAll(/\s+/gu, ' ');
  return line.length > MAX_SHOWN_LENGTH ? `${line.slice(0, MAX_SHOWN_LENGTH - 3)}...` : line;
};

/** Deep equality by CloudFormation's rules: `1` equals `'1'`, and the order of keys does not matter. */
export const isSame = (left: Value | undefined, right: Value | undefined): boolean => {
  if (isList(left) && isList(right)) {
    return left.length === right.length && left.every((item, index) => isSame(item, right[index]));
  }
  if (isMapping(left) && isMapping(right)) {
    const keys = Object.keys(left);
    return (
      keys.length === Object.keys(right).length &&
      keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key]))
    );
  }
  const [leftText, rightText] = [toScalarString(left), toScalarString(right)];
  return leftText === undefined || rightText === undefined ? left === right : leftText === rightText;
};

/** The intrinsic function that a mapping with the single key `Ref`, `Condition` or `Fn::…` calls. */
export const findIntrinsic = (
  value: Value | undefined,
): { readonly name: string; readonly argument: Value } | undefined => {
  if (!isMapping(value)) return undefined;
  const [[name, argument] = [], ...others] = Object.entries(value);
  if (name === undefined || argument === undefined || others.length > 0) return undefined;
  return name === 'Ref' || name === 'Condition' || name.startsWith('Fn::') ? { name, argument } : undefined;
};
