import type { Input, KindName } from '@aws-delivery/action-kit/definition';
import { kindTexts } from '../action-yml.js';
import { defaultText } from '../default-text.js';

/** One entry of a component's `spec: inputs`. */
export interface ComponentInput {
  readonly description: string;
  readonly type: 'string' | 'number' | 'boolean';
  readonly options?: readonly string[];
  /** Absent where the input has to be given. */
  readonly default?: string | number | boolean;
}

type Shape = Pick<ComponentInput, 'type' | 'options' | 'default'>;

const asText = (input: Input<unknown>): Shape => ({
  type: 'string',
  ...(input.required ? {} : { default: defaultText(input) }),
});

/** An input without a default may stay open: the empty text is among its options. */
const amongOptions = (input: Input<unknown>, options: readonly string[]): Shape => {
  const isOpen = !input.required && input.default === undefined;
  return { ...asText(input), options: isOpen ? ['', ...options] : options };
};

const shapes: Readonly<Record<KindName, (input: Input<unknown>) => Shape>> = {
  string: asText,
  boolean: (input) =>
    typeof input.default === 'boolean'
      ? { type: 'boolean', default: input.default }
      : amongOptions(input, ['true', 'false']),
  integer: (input) => (typeof input.default === 'number' ? { type: 'number', default: input.default } : asText(input)),
  duration: asText,
  choice: (input) => amongOptions(input, input.choices),
  choices: asText,
  list: asText,
  lines: asText,
  mapping: asText,
  document: asText,
};

/** Forms that options and type do not show. */
const isShown: Readonly<Partial<Record<KindName, true>>> = { boolean: true, choice: true, integer: true };

/** An input of a definition as an input of a component. */
export const componentInput = (input: Input<unknown>): ComponentInput => {
  const form = isShown[input.kind] ? '' : kindTexts[input.kind](input);
  return { description: form === '' ? input.help : `${input.help} (${form})`, ...shapes[input.kind](input) };
};
