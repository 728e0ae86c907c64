import type { Input, InputKind } from '@aws-delivery/action-kit/inputs/definition';
import { KIND_NOTES } from '../action-yml.js';
import { formatDefault } from '../format-default.js';

/** One entry of a component's `spec: inputs`. */
export interface ComponentInput {
  readonly description: string;
  readonly type: 'string' | 'number' | 'boolean';
  readonly options?: readonly string[];
  /** Absent for a required input. */
  readonly default?: string | number | boolean;
}

type Shape = Pick<ComponentInput, 'type' | 'options' | 'default'>;

const formatValue = (input: Input<unknown>): Shape => ({
  type: 'string',
  ...(input.required ? {} : { default: formatDefault(input) }),
});

/** An optional input without a default has the empty string as an option. */
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

/** Kinds whose form is evident from `type` and `options`. */
const EVIDENT_KINDS: Readonly<Partial<Record<InputKind, true>>> = { boolean: true, choice: true, integer: true };

/** Converts an input of a definition. */
export const buildComponentInput = (input: Input<unknown>): ComponentInput => {
  const form = EVIDENT_KINDS[input.kind] ? '' : KIND_NOTES[input.kind](input);
  return { description: form === '' ? input.help : `${input.help} (${form})`, ...shapes[input.kind](input) };
};
