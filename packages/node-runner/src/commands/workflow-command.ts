/** A parsed workflow command: the name is in lower case, property names keep their case, values are unescaped. */
export interface WorkflowCommand {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** The supported commands; a line with any other name is ordinary output. */
const KNOWN_COMMANDS = [
  'add-mask',
  'add-matcher',
  'add-path',
  'debug',
  'echo',
  'endgroup',
  'error',
  'group',
  'notice',
  'remove-matcher',
  'save-state',
  'set-env',
  'set-output',
  'stop-commands',
  'warning',
];

type Escapes = readonly (readonly [escaped: string, plain: string])[];

/** In the order of actions/runner `ActionCommand.cs`: the percent sign is unescaped last. */
const DATA_ESCAPES: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
];
const PROPERTY_ESCAPES: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%'],
];
const BRACKET_ESCAPES: Escapes = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%'],
];

/** Escapes the data of a command. */
export const escapeData = (value: string): string =>
  value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');

/** Escapes a property value of a command. */
export const escapeProperty = (value: string): string =>
  escapeData(value).replaceAll(':', '%3A').replaceAll(',', '%2C');

const unescapeAll = (value: string, escapes: Escapes): string =>
  escapes.reduce((unescaped, [escaped, plain]) => unescaped.replaceAll(escaped, plain), value);

interface CommandSyntax {
  readonly separator: string;
  readonly property: Escapes;
  readonly data: Escapes;
}

const COLON_SYNTAX: CommandSyntax = { separator: ',', property: PROPERTY_ESCAPES, data: DATA_ESCAPES };
const BRACKET_SYNTAX: CommandSyntax = { separator: ';', property: BRACKET_ESCAPES, data: BRACKET_ESCAPES };

const parseProperties = (list: string, { separator, property }: CommandSyntax): Record<string, string> => {
  const pairs = list
    .trim()
    .split(separator)
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)
    .filter(([name, value]) => name !== '' && value !== '' && name !== value);
  return Object.fromEntries(pairs.map(([name, value]) => [name, unescapeAll(value, property)]));
};

const createCommand = (
  head: string,
  data: string,
  syntax: CommandSyntax,
  extraName: string | undefined,
): WorkflowCommand | undefined => {
  const [, name = '', properties = ''] = /^(\S*)(.*)$/s.exec(head) ?? [];
  const lowerName = name.toLowerCase();
  if (!KNOWN_COMMANDS.includes(lowerName) && lowerName !== extraName?.toLowerCase()) return undefined;
  return { name: lowerName, properties: parseProperties(properties, syntax), data: unescapeAll(data, syntax.data) };
};

/**
 * Parses one line of an action's output as a runner does: `::name key=value::data` at the start of the line, or the
 * older `##[name key=value]data` anywhere in it.
 * @param extraName one more accepted name: the token that ends `stop-commands`
 * @returns undefined for ordinary output
 */
export const parseCommand = (line: string, extraName?: string): WorkflowCommand | undefined => {
  const [, head, data] = /^\s*::(.*?)::(.*)$/s.exec(line) ?? [];
  const command =
    head === undefined || data === undefined ? undefined : createCommand(head, data, COLON_SYNTAX, extraName);
  if (command !== undefined) return command;
  const [, legacyHead, legacyData] = /##\[([^\]]*)\](.*)$/s.exec(line) ?? [];
  return legacyHead === undefined || legacyData === undefined
    ? undefined
    : createCommand(legacyHead, legacyData, BRACKET_SYNTAX, extraName);
};
