import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { type NameTransformation, toVariableName } from './variable-name.js';

/** A line of `secret-ids` or `parameter-names`. */
export interface Selector {
  readonly kind: 'single' | 'prefix';
  /** Name, ARN, or the prefix without its star. */
  readonly id: string;
  /** Name of the variable; undefined when the line names none, empty when nothing is before its comma. */
  readonly variable: string | undefined;
}

/** An input with selectors. */
export interface SelectorInput {
  readonly name: string;
  /** The selected item, for messages. */
  readonly item: string;
  /** The rule that a prefix violates; undefined for a valid one. */
  readonly checkPrefix: (prefix: string) => string | undefined;
}

const parseSelector = (input: SelectorInput, line: string, transformation: NameTransformation): Selector => {
  const createInputError = (rule: string): DeliveryError =>
    new DeliveryError('invalid-input', `input '${input.name}': '${line}' ${rule}`);
  const parts = line.split(',').map((part) => part.trim());
  const [first = '', second] = parts;
  const id = second ?? first;
  const variable = second === undefined ? undefined : first;
  if (parts.length > 2 || id === '') {
    throw createInputError(`is not valid: use a ${input.item}, or 'VARIABLE, ${input.item}'`);
  }
  if (variable && !/^[A-Za-z_]\w*$/u.test(variable)) {
    throw createInputError(
      `has a variable name with characters other than letters, digits and _: use ${toVariableName(variable, transformation)}`,
    );
  }
  if (!id.includes('*')) return { kind: 'single', id, variable };
  const prefix = id.slice(0, -1);
  const rule =
    id.indexOf('*') === prefix.length ? input.checkPrefix(prefix) : 'has a * before its end: use one * at the end';
  if (rule !== undefined) throw createInputError(rule);
  return { kind: 'prefix', id: prefix, variable };
};

/**
 * Parses lines of a name, an ARN or a prefix with `*`, optionally after a variable's name and a comma.
 * @throws DeliveryError `invalid-input`
 */
export const parseSelectors = (
  input: SelectorInput,
  lines: readonly string[],
  transformation: NameTransformation,
): readonly Selector[] => lines.map((line) => parseSelector(input, line, transformation));

/** @throws DeliveryError `invalid-input` when one variable is named for several items */
export const assertOneVariable = ({ name, item }: SelectorInput, { id, variable }: Selector, count: number): void => {
  if (!variable || count === 1) return;
  throw new DeliveryError(
    'invalid-input',
    `input '${name}': '${id}*' matches ${count} ${item}s, but ${variable} can contain only one: remove '${variable},'`,
  );
};
