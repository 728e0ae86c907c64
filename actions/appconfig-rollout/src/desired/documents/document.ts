import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { isNode, isScalar, LineCounter, type Node, parseDocument as parseYamlDocument, visit } from 'yaml';
import { MAX_FILE_BYTES } from '../workspace-files.js';

/** Limits within which a text of configuration is read: a small text must not grow, nor a deep one overflow. */
export const LIMITS = { aliases: 100, depth: 64, bytes: MAX_FILE_BYTES } as const;

export type Format = 'json' | 'yaml' | 'text';

const FORMATS_BY_EXTENSION: Readonly<Record<string, Format>> = { '.json': 'json', '.yaml': 'yaml', '.yml': 'yaml' };

/** The format of a file, by its ending. */
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

const createDocumentError = (message: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', message, { cause });

const assertDepth = (value: unknown, remaining: number): void => {
  if (typeof value !== 'object' || value === null) return;
  if (remaining === 0) throw createDocumentError(`is nested deeper than ${LIMITS.depth} levels: flatten it`);
  for (const each of Object.values(value)) assertDepth(each, remaining - 1);
};

const parseJson = (text: string): unknown => {
  if (text.startsWith('\uFEFF'))
    throw createDocumentError('begins with a byte order mark, which JSON does not have: save it without');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw createDocumentError(`is not valid JSON: ${errorMessage(error)}`, error);
  }
};

// Brackets are counted before the text is read: the reader itself is recursive.
const rejectDeepNesting = (text: string): void => {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > 8 * LIMITS.depth) throw createDocumentError(`is nested deeper than ${LIMITS.depth} levels: flatten it`);
  }
};

/** How many levels the indentation of a line opens: its own, and one for each dash it begins with. */
const listIndentationLevels = (line: string): readonly number[] => {
  const [, spaces = '', dashes = ''] = /^( *)((?:[-?] +)*)/.exec(line) ?? [];
  const dashColumns = [...dashes.matchAll(/[-?] +/g)].map(({ index, 0: dash }) => spaces.length + index + dash.length);
  return [spaces.length, ...dashColumns];
};

// So is YAML's, and there levels are opened by indentation, too.
const rejectDeepIndentation = (text: string): void => {
  const levels: number[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [indentation = 0, ...more] = listIndentationLevels(line);
    while ((levels.at(-1) ?? -1) >= indentation) levels.pop();
    levels.push(indentation, ...more);
    if (levels.length > 8 * LIMITS.depth)
      throw createDocumentError(`is nested deeper than ${LIMITS.depth} levels: flatten it`);
  }
};

const parseYaml = (text: string): unknown => {
  rejectDeepIndentation(text);
  const document = parseYamlDocument(text, { prettyErrors: true, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined) throw createDocumentError(`is not valid YAML: ${error.message.split('\n')[0]}`, error);
  try {
    return document.toJS({ maxAliasCount: LIMITS.aliases });
  } catch (cause) {
    throw createDocumentError(
      `is not valid YAML: ${errorMessage(cause)}; at most ${LIMITS.aliases} aliases are resolved`,
      cause,
    );
  }
};

/** The value of a JSON or YAML text. Throws `invalid-input` for what is malformed, too large, too deep or too aliased. */
export const parseValue = (text: string, format: 'json' | 'yaml'): unknown => {
  if (Buffer.byteLength(text) > LIMITS.bytes) throw createDocumentError(`is larger than ${LIMITS.bytes} bytes`);
  rejectDeepNesting(text);
  const value = format === 'json' ? parseJson(text) : parseYaml(text);
  assertDepth(value, LIMITS.depth);
  return value;
};

const CORE_TAG = 'tag:yaml.org,2002:';

/** Whether a number of more digits than a double holds, or beyond its range, was read as another one. */
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

// What may be lost shows in the text: only then is it worth a closer look.
const LONG_NUMBER = /\d[\d.]{15}|\de[-+]?\d{3}/i;
const YAML_ONLY_SYNTAX = /\.(?:inf|nan)\b|\b0[xo]|!/i;

/**
 * The first thing in a JSON or YAML text that is lost when its value is read: numbers that are too long or too large,
 * and tags of one's own. Undefined where the value is all that the text says.
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

/** The same value with the keys of its maps in order, as JSON: equal exactly where the meaning is. */
export const stringifyCanonical = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    isRecord(each) ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1))) : each,
  ) ?? 'null';

/** The line on which a path stands in a JSON or YAML text, or the nearest parent's; counts from 1. */
export const findLine = (text: string, path: readonly (string | number)[]): number | undefined => {
  const lineCounter = new LineCounter();
  const document = parseYamlDocument(text, { lineCounter, logLevel: 'silent' });
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lineCounter.linePos(node.range[0]).line;
  }
  return undefined;
};
