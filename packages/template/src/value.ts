/** A value of a template as JSON has them; short tags (`!Ref x`) are already in their long form (`{ Ref: x }`). */
export type Value = string | number | boolean | null | readonly Value[] | Mapping;

export interface Mapping {
  readonly [key: string]: Value;
}

/** Where a value stands in its document: keys of mappings and indices of lists, from the root. */
export type Path = readonly (string | number)[];

/** A place in a text; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export const isList = (value: Value | undefined): value is readonly Value[] => Array.isArray(value);

export const isMapping = (value: Value | undefined): value is Mapping =>
  typeof value === 'object' && value !== null && !isList(value);

/** A scalar as CloudFormation hands it to a resource or a parameter; undefined for lists, mappings and null. */
export const toScalarString = (value: Value | undefined): string | undefined =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : undefined;

/** Whether two values say the same; `1` and `'1'` do, as they do to CloudFormation. Order of keys does not matter. */
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

/** The intrinsic function a mapping stands for, if it is one: a single key that is `Ref`, `Condition` or `Fn::…`. */
export const findIntrinsic = (
  value: Value | undefined,
): { readonly name: string; readonly argument: Value } | undefined => {
  if (!isMapping(value)) return undefined;
  const [[name, argument] = [], ...others] = Object.entries(value);
  if (name === undefined || argument === undefined || others.length > 0) return undefined;
  return name === 'Ref' || name === 'Condition' || name.startsWith('Fn::') ? { name, argument } : undefined;
};
