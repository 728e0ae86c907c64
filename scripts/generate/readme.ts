import type { Definition, Input, InputKind } from '@aws-delivery/action-kit/inputs/definition';
import { formatDefault } from './format-default.js';

const formatCell = (text: string): string => text.replaceAll('|', '\\|').replaceAll('\n', ' ');

const renderTable = (header: readonly string[], rows: readonly (readonly string[])[]): string =>
  [header, header.map(() => '---'), ...rows].map((row) => `| ${row.map(formatCell).join(' | ')} |`).join('\n');

const listOtherNames = (input: Input<unknown>): string => {
  const names = Object.keys(input.aliases ?? {});
  return names.length === 0 ? '' : ` Also: ${names.map((name) => `\`${name}\``).join(', ')}.`;
};

/** Formats of the types that a table does not explain row by row. */
const FORMATS: Partial<Record<InputKind, string>> = {
  duration: '*duration*: seconds, or a number with units (`90`, `90s`, `15m`, `1h30m`)',
  choices: '*choices*: values separated by commas',
  list: '*list*: items separated by commas or line breaks',
  lines: '*lines*: one item on each line',
  mapping: '*mapping*: `key=value` lines, JSON or YAML',
  document: '*document*: JSON or YAML',
};

const listValues = ({ choices = [] }: Input<unknown>): string =>
  choices.length === 0 ? '' : ` Values: ${choices.map((value) => `\`${value}\``).join(', ')}.`;

const buildInputRow = ([name, input]: [string, Input<unknown>]): readonly string[] => {
  const fallback = input.required ? '**required**' : (input.githubDefault ?? formatDefault(input));
  return [
    `\`${name}\``,
    input.kind,
    `${input.help}${listValues(input)}${listOtherNames(input)}`,
    fallback === '' || input.required ? fallback : `\`${fallback}\``,
  ];
};

const header = ['input', 'type', 'meaning', 'default'];

const renderInputTables = (definition: Definition): string => {
  const inputs = Object.entries(definition.inputs);
  const groups = [...new Set(inputs.map(([, input]) => input.group ?? 'Inputs'))];
  const kinds = new Set(inputs.map(([, { kind }]) => kind));
  const formats = Object.entries(FORMATS).flatMap(([kind, text]) =>
    [...kinds].some((own) => own === kind) ? text : [],
  );
  const tables = groups
    .map((group) => inputs.filter(([, input]) => (input.group ?? 'Inputs') === group))
    .map((members) => `### ${members[0]?.[1].group ?? 'Inputs'}\n\n${renderTable(header, members.map(buildInputRow))}`);
  return [...(formats.length === 0 ? [] : [formats.map((text) => `- ${text}`).join('\n')]), ...tables].join('\n\n');
};

const renderOutputTable = (declared: Definition['outputs'], header: string): string =>
  renderTable(
    [header, 'meaning'],
    Object.entries(declared).map(([name, { help, secret }]) => [`\`${name}\``, secret ? `${help} Masked.` : help]),
  );

const renderPermissionTable = (definition: Definition): string => {
  const rows = Object.entries(definition.permissions).flatMap(([group, permissions]) =>
    permissions.map(({ actions, reason }) => [group, actions.map((action) => `\`${action}\``).join('<br>'), reason]),
  );
  return rows.length === 0 ? 'None.' : renderTable(['feature', 'IAM actions', 'why'], rows);
};

const renderWorkflowTable = ({ workflow }: Definition): string =>
  workflow.length === 0
    ? 'None.'
    : renderTable(
        ['`permissions:`', 'why'],
        workflow.map(({ permission, reason }) => [`\`${permission}\``, reason]),
      );

const sections: Readonly<Record<string, (definition: Definition) => string>> = {
  inputs: renderInputTables,
  outputs: ({ outputs }) => renderOutputTable(outputs, 'output'),
  environment: ({ environment }) => (environment === undefined ? 'None.' : renderOutputTable(environment, 'variable')),
  permissions: renderPermissionTable,
  workflow: renderWorkflowTable,
};

/**
 * Replaces the text between `<!-- generated: inputs -->` and `<!-- /generated -->` (also outputs, environment,
 * permissions, workflow, and the sections of the definition). Throws for an unknown section or an unclosed marker.
 */
export const fillReadme = (text: string, definition: Definition): string =>
  text.replaceAll(/<!-- generated: (\S+) -->[\s\S]*?(?:<!-- \/generated -->|$)/g, (block, name: string) => {
    const section = sections[name]?.(definition) ?? definition.sections?.[name];
    if (section === undefined) throw new Error(`unknown section '${name}': one of ${Object.keys(sections).join(', ')}`);
    if (!block.endsWith('<!-- /generated -->')) throw new Error(`section '${name}' is never closed`);
    return `<!-- generated: ${name} -->\n\n${section}\n\n<!-- /generated -->`;
  });
