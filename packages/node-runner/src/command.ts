/** A workflow command as an action prints it; property names keep their case, values are unescaped. */
export interface Command {
  readonly name: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly data: string;
}

/** The commands a runner knows; a line with any other name is ordinary output. */
const knownCommands = [
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

/** In this order, with the percent sign last, as actions/runner `ActionCommand.cs` has them. */
const dataEscapes: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%25', '%'],
];
const propertyEscapes: Escapes = [
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%3A', ':'],
  ['%2C', ','],
  ['%25', '%'],
];
const bracketEscapes: Escapes = [
  ['%3B', ';'],
  ['%0D', '\r'],
  ['%0A', '\n'],
  ['%5D', ']'],
  ['%25', '%'],
];

const unescapeAll = (text: string, escapes: Escapes): string =>
  escapes.reduce((unescaped, [escaped, plain]) => unescaped.replaceAll(escaped, plain), text);

interface Syntax {
  readonly separator: string;
  readonly property: Escapes;
  readonly data: Escapes;
}

const colons: Syntax = { separator: ',', property: propertyEscapes, data: dataEscapes };
const brackets: Syntax = { separator: ';', property: bracketEscapes, data: bracketEscapes };

const readProperties = (text: string, { separator, property }: Syntax): Record<string, string> => {
  const pairs = text
    .trim()
    .split(separator)
    .map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)
    .filter(([name, value]) => name !== '' && value !== '' && name !== value);
  return Object.fromEntries(pairs.map(([name, value]) => [name, unescapeAll(value, property)]));
};

const readCommand = (head: string, data: string, syntax: Syntax, extra: string | undefined): Command | undefined => {
  const [, name = '', properties = ''] = /^(\S*)(.*)$/s.exec(head) ?? [];
  const lower = name.toLowerCase();
  if (!knownCommands.includes(lower) && lower !== extra?.toLowerCase()) return undefined;
  return { name: lower, properties: readProperties(properties, syntax), data: unescapeAll(data, syntax.data) };
};

/**
 * Reads one line of an action's output as a runner does: `::name key=value::data` at the start of the line, or the
 * older `##[name key=value]data` anywhere in it.
 * @param extra one more name to know: the token that ends `stop-commands`
 * @returns nothing where the line is ordinary output
 */
export const parseCommand = (line: string, extra?: string): Command | undefined => {
  const [, head, data] = /^\s*::(.*?)::(.*)$/s.exec(line) ?? [];
  const command = head === undefined || data === undefined ? undefined : readCommand(head, data, colons, extra);
  if (command !== undefined) return command;
  const [, oldHead, oldData] = /##\[([^\]]*)\](.*)$/s.exec(line) ?? [];
  return oldHead === undefined || oldData === undefined ? undefined : readCommand(oldHead, oldData, brackets, extra);
};
