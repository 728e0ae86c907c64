import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { isNode, isScalar, LineCounter, type Node, parseDocument as parseYamlDocument, visit } from 'yaml';
import { MAX_FILE_BYTES } from '../workspace-files.js';

/** Bounds of parsing: aliases that expand a document, levels of nesting, bytes. */
export const LIMITS = { aliases: 100, depth: 64, bytes: MAX_FILE_BYTES } as const;

export type Format = 'json' | 'yaml' | 'text';

const FORMATS_BY_EXTENSION: Readonly<Record<string, Format>> = { '.json': 'json', '.yaml': 'yaml', '.yml': 'yaml' };

/** The format of a file by its extension. */
export const detectFormat = (file: string): Format =>
  FORMATS_BY_EXTENSION[/\.[^./]+$/.exec(file)?.[0].toLowerCase() ?? ''] ?? 'text';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  yaml: 'application/x-yaml',
  text: 'text/plain',
};

export const parseContentType = (type: string): Format => {
  if (type.includes('json')) return 'json';
  return type.includes('yaml') ? 'yaml' : 'text';
};

const assertDepth = (value: unknown, remaining: number): void => {
  if (typeof value !== 'object' || value === null) return;
  if (remaining === 0)
    throw new DeliveryError('invalid-input', `is nested deeper than ${LIMITS.depth} levels: flatten it`);
  for (const each of Object.values(value)) assertDepth(each, remaining - 1);
};

const parseJson = (text: string): unknown => {
  if (text.startsWith('\uFEFF'))
    throw new DeliveryError(
      'invalid-input',
      'starts with a byte order mark, which JSON does not allow: save the file without it',
    );
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DeliveryError('invalid-input', `is not valid JSON: ${errorMessage(error)}`, { cause: error });
  }
};

// JSON.parse and the YAML parser are recursive: brackets are counted before they overflow the stack.
const rejectDeepNesting = (text: string): void => {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > 8 * LIMITS.depth)
      throw new DeliveryError('invalid-input', `is nested deeper than ${LIMITS.depth} levels: flatten it`);
  }
};

/** Columns at which a line opens a level: its indentation, and one after each dash it starts with. */
const listIndentationLevels = (line: string): readonly number[] => {
  const [, spaces = '', dashes = ''] = /^( *)((?:[-?] +)*)/.exec(line) ?? [];
  const dashColumns = [...dashes.matchAll(/[-?] +/g)].map(({ index, 0: dash }) => spaces.length + index + dash.length);
  return [spaces.length, ...dashColumns];
};

// The YAML parser is recursive, and indentation opens levels, too.
const rejectDeepIndentation = (text: string): void => {
  const levels: number[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [indentation = 0, ...more] = listIndentationLevels(line);
    while ((levels.at(-1) ?? -1) >= indentation) levels.pop();
    levels.push(indentation, ...more);
    if (levels.length > 8 * LIMITS.depth)
      throw new DeliveryError('invalid-input', `is nested deeper than ${LIMITS.depth} levels: flatten it`);
  }
};

const parseYaml = (text: string): unknown => {
  rejectDeepIndentation(text);
  const document = parseYamlDocument(text, { prettyErrors: true, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined)
    throw new DeliveryError('invalid-input', `is not valid YAML: ${error.message.split('\n')[0]}`, { cause: error });
  try {
    return document.toJS({ maxAliasCount: LIMITS.aliases });
  } catch (cause) {
    throw new DeliveryError(
      'invalid-input',
      `is not valid YAML: ${errorMessage(cause)}; at most ${LIMITS.aliases} aliases are resolved`,
      { cause },
    );
  }
};

/** Parses JSON or YAML. Throws `invalid-input` for text that is malformed, too large or too deep, or expands too far. */
export const parseValue = (text: string, format: 'json' | 'yaml'): unknown => {
  if (Buffer.byteLength(text) > LIMITS.bytes)
    throw new DeliveryError('invalid-input', `is larger than ${LIMITS.bytes} bytes: reduce its size`);
  rejectDeepNesting(text);
  const value = format === 'json' ? parseJson(text) : parseYaml(text);
  assertDepth(value, LIMITS.depth);
  return value;
};

const CORE_TAG = 'tag:yaml.org,2002:';

/** Whether parsing changed a number: more digits than a double holds, or beyond its range. */
const isImprecise = (source: string, value: number): boolean => {
  if (!Number.isFinite(value)) return true;
  if (/^(?:[-+]?\d+|0[xo][\da-f]+)$/i.test(source)) return BigInt(source.replace('+', '')) !== BigInt(value);
  const digits = source
    .replace(/e.*$/i, '')
    .replace(/[^\d]/g, '')
    .replace(/^0+|0+$/g, '');
  return digits.length > 15 || (value === 0 && digits !== '');
};

const isLossy = (node: Node): boolean => {
  if (node.tag !== undefined && !node.tag.startsWith(CORE_TAG)) return true;
  return isScalar(node) && typeof node.value === 'number' && isImprecise(node.source ?? '', node.value);
};

// Cheap tests on the text; only documents that fail them are visited node by node.
const LONG_NUMBER = /\d[\d.]{15}|\de[-+]?\d{3}/i;
const YAML_ONLY_SYNTAX = /\.(?:inf|nan)\b|\b0[xo]|!/i;

/**
 * Finds the first part of a JSON or YAML text that its parsed value does not preserve: a number with too many digits or
 * out of range, or a custom tag.
 */
export const findLossyValue = (text: string, format: 'json' | 'yaml'): string | undefined => {
  const isSuspect = LONG_NUMBER.test(text) || (format === 'yaml' && YAML_ONLY_SYNTAX.test(text));
  if (!isSuspect) return undefined;
  let lossy: string | undefined;
  visit(parseYamlDocument(text, { logLevel: 'silent' }), {
    Node: (_key, node) => {
      if (!isLossy(node)) return undefined;
      lossy = isScalar(node) ? (node.source ?? String(node.value)) : (node.tag ?? '');
      return visit.BREAK;
    },
  });
  return lossy;
};

/** JSON with sorted keys: equal for values that differ only in the order of keys. */
export const stringifyCanonical = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    isRecord(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  ) ?? 'null';

/** Merges two values: maps recursively; lists and scalars of `override` replace; `null` removes a key. */
export const mergeDeep = (base: unknown, override: unknown): unknown => {
  if (!isRecord(override)) return override;
  const merged = new Map(isRecord(base) ? Object.entries(base) : []);
  for (const [key, value] of Object.entries(override).filter(([name]) => name !== '__proto__')) {
    if (value === null) merged.delete(key);
    else merged.set(key, mergeDeep(merged.get(key), value));
  }
  return Object.fromEntries(merged);
};

/** The line (from 1) of a path in a JSON or YAML text, or of its nearest parent. */
export const findLine = (text: string, path: readonly (string | number)[]): number | undefined => {
  const lineCounter = new LineCounter();
  const document = parseYamlDocument(text, { lineCounter, logLevel: 'silent' });
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
  }
  return undefined;
};
