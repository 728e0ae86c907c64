import type { Definition, Input, InputKind } from '@aws-delivery/action-kit/inputs/definition';
import { stringify } from 'yaml';
import { formatDefault } from './format-default.js';

/** Description of the value format by kind. */
export const KIND_NOTES: Readonly<Record<InputKind, (input: Input<unknown>) => string>> = {
  string: () => '',
  boolean: () => 'true or false',
  integer: () => 'a whole number',
  duration: () => 'a duration (90, 90s, 15m, 1h30m)',
  choice: ({ choices }) => `one of ${choices.join(', ')}`,
  choices: ({ choices }) => `any of ${choices.join(', ')}`,
  list: () => 'a list, separated by commas or line ends',
  lines: () => 'a list, one item a line',
  mapping: () => 'key=value lines, JSON or YAML',
  document: () => 'JSON or YAML',
};

const renderDescription = (input: Input<unknown>): string => {
  const notes = [
    KIND_NOTES[input.kind](input),
    input.required ? 'required' : '',
    formatDefault(input) === '' ? '' : `default: ${formatDefault(input)}`,
  ].filter((note) => note !== '');
  return notes.length === 0 ? input.help : `${input.help} (${notes.join('; ')})`;
};

const buildInputEntries = (name: string, input: Input<unknown>): [string, object][] => [
  [
    name,
    {
      description: renderDescription(input),
      required: false,
      ...(input.githubDefault === undefined ? {} : { default: input.githubDefault }),
    },
  ],
  ...Object.keys(input.aliases ?? {}).map((old): [string, object] => [
    old,
    { description: `Another name for ${name}.`, required: false },
  ]),
];

export interface Entries {
  readonly post: boolean;
}

/**
 * The action.yml of a definition. The code checks requirements and applies defaults, since other hosts do neither: no
 * input is `required` here, and only defaults with GitHub expressions are included.
 */
export const renderActionYml = (definition: Definition, entries: Entries): string => {
  const declared = Object.entries(definition.outputs).filter(([name]) => !name.includes('*'));
  const document = {
    name: definition.title,
    description: definition.description,
    author: 'AWS Delivery Actions',
    branding: definition.branding,
    inputs: Object.fromEntries(
      Object.entries(definition.inputs).flatMap(([name, input]) => buildInputEntries(name, input)),
    ),
    outputs: Object.fromEntries(declared.map(([name, { help }]) => [name, { description: help }])),
    runs: {
      using: 'node24',
      main: 'dist/main.js',
      ...(entries.post ? { post: 'dist/post.js', 'post-if': definition.postIf ?? 'always()' } : {}),
    },
  };
  return `# Generated from action.ts by npm run generate; do not edit.\n${stringify(document, { lineWidth: 110 })}`;
};
