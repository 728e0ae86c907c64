import type { Input, InputKind } from '@aws-delivery/action-kit/inputs/definition';
import { KIND_NOTES } from '../action-yml.js';
import { formatDefault } from '../format-default.js';

/** One entry of a component's `spec: inputs`. */
export interface ComponentInput {
  readonly description: string;
  readonly type: 'string' | 'number' | 'boolean';
  readonly options?: readonly string[];
  /** Absent where the input has to be given. */
  readonly default?: string | number | boolean;
}

type Shape = Pick<ComponentInput, 'type' | 'options' | 'default'>;

const formatValue = (input: Input<unknown>): Shape => ({
  type: 'string',
  ...(input.required ? {} : { default: formatDefault(input) }),
});

/** An input without a default may stay open: the empty text is among its options. */
const withOptions = (input: Input<unknown>, options: readonly string[]): Shape => {
  const isOpen = !input.required && input.default === undefined;
  return { ...formatValue(input), options: isOpen ? ['', ...options] : options };
};

const shapes: Readonly<Record<InputKind, (input: Input<unknown>) => Shape>> = {
  string: formatValue,
  boolean: (input) =>
    typeof input.default === 'boolean'
      ? { type: 'boolean', default: input.default }
      : withOptions(input, ['true', 'false']),
  integer: (input) =>
    typeof input.default === 'number' ? { type: 'number', default: input.default } : formatValue(input),
  duration: formatValue,
  choice: (input) => withOptions(input, input.choices),
  choices: formatValue,
  list: formatValue,
  lines: formatValue,
  mapping: formatValue,
  document: formatValue,
};

/** Forms that options and type do not show. */
const isShown: Readonly<Partial<Record<InputKind, true>>> = { boolean: true, choice: true, integer: true };

/** An input of a definition as an input of a component. */
export const buildComponentInput = (input: Input<unknown>): ComponentInput => {
  const form = isShown[input.kind] ? '' : KIND_NOTES[input.kind](input);
  return { description: form === '' ? input.help : `${input.help} (${form})`, ...shapes[input.kind](input) };
};
