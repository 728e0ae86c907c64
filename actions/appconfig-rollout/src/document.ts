import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { isNode, isScalar, LineCounter, type Node, parseDocument as readYaml, visit } from 'yaml';
import { LARGEST_FILE } from './files.js';

/** Limits within which a text of configuration is read: a small text must not grow, nor a deep one overflow. */
export const LIMITS = { aliases: 100, depth: 64, bytes: LARGEST_FILE } as const;

export type Format = 'json' | 'yaml' | 'text';

const FORMATS: Readonly<Record<string, Format>> = { '.json': 'json', '.yaml': 'yaml', '.yml': 'yaml' };

/** The format of a file, by its ending. */
export const formatOf = (file: string): Format => FORMATS[/\.[^./]+$/.exec(file)?.[0].toLowerCase() ?? ''] ?? 'text';

export const CONTENT_TYPES: Readonly<Record<Format, string>> = {
  json: 'application/json',
  yaml: 'application/x-yaml',
  text: 'text/plain',
};

export const formatOfContentType = (type: string): Format => {
  if (type.includes('json')) return 'json';
  return type.includes('yaml') ? 'yaml' : 'text';
};

const invalid = (message: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', message, { cause });

const checkDepth = (value: unknown, left: number): void => {
  if (typeof value !== 'object' || value === null) return;
  if (left === 0) throw invalid(`is nested deeper than ${LIMITS.depth} levels: flatten it`);
  for (const each of Object.values(value)) checkDepth(each, left - 1);
};

const readJson = (text: string): unknown => {
  if (text.startsWith('\uFEFF'))
    throw invalid('begins with a byte order mark, which JSON does not have: save it without');
  try {
    return JSON.parse(text);
  } catch (error) {
    throw invalid(`is not valid JSON: ${textOf(error)}`, error);
  }
};

// Brackets are counted before the text is read: the reader itself is recursive.
const refuseDeepText = (text: string): void => {
  let depth = 0;
  for (const character of text) {
    if (character === '[' || character === '{') depth += 1;
    else if (character === ']' || character === '}') depth -= 1;
    if (depth > 8 * LIMITS.depth) throw invalid(`is nested deeper than ${LIMITS.depth} levels: flatten it`);
  }
};

/** How many levels the indentation of a line opens: its own, and one for each dash it begins with. */
const opened = (line: string): readonly number[] => {
  const [, spaces = '', dashes = ''] = /^( *)((?:[-?] +)*)/.exec(line) ?? [];
  const marks = [...dashes.matchAll(/[-?] +/g)].map(({ index, 0: mark }) => spaces.length + index + mark.length);
  return [spaces.length, ...marks];
};

// So is YAML's, and there levels are opened by indentation, too.
const refuseDeepIndentation = (text: string): void => {
  const levels: number[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const [indentation = 0, ...more] = opened(line);
    while ((levels.at(-1) ?? -1) >= indentation) levels.pop();
    levels.push(indentation, ...more);
    if (levels.length > 8 * LIMITS.depth) throw invalid(`is nested deeper than ${LIMITS.depth} levels: flatten it`);
  }
};

const readYamlValue = (text: string): unknown => {
  refuseDeepIndentation(text);
  const document = readYaml(text, { prettyErrors: true, logLevel: 'error' });
  const [error] = document.errors;
  if (error !== undefined) throw invalid(`is not valid YAML: ${error.message.split('\n')[0]}`, error);
  try {
    return document.toJS({ maxAliasCount: LIMITS.aliases });
  } catch (cause) {
    throw invalid(`is not valid YAML: ${textOf(cause)}; at most ${LIMITS.aliases} aliases are resolved`, cause);
  }
};

/** The value of a JSON or YAML text. Throws `invalid-input` for what is malformed, too large, too deep or too aliased. */
export const readValue = (text: string, format: 'json' | 'yaml'): unknown => {
  if (Buffer.byteLength(text) > LIMITS.bytes) throw invalid(`is larger than ${LIMITS.bytes} bytes`);
  refuseDeepText(text);
  const value = format === 'json' ? readJson(text) : readYamlValue(text);
  checkDepth(value, LIMITS.depth);
  return value;
};

const CORE_TAG = 'tag:yaml.org,2002:';

/** Whether a number of more digits than a double holds, or beyond its range, was read as another one. */
const isOther = (source: string, value: number): boolean => {
  if (!Number.isFinite(value)) return true;
  if (/^(?:[-+]?\d+|0[xo][\da-f]+)$/i.test(source)) return BigInt(source.replace('+', '')) !== BigInt(value);
  const digits = source
    .replace(/e.*$/i, '')
    .replace(/[^\d]/g, '')
    .replace(/^0+|0+$/g, '');
  return digits.length > 15 || (value === 0 && digits !== '');
};

const isLost = (node: Node): boolean => {
  if (node.tag !== undefined && !node.tag.startsWith(CORE_TAG)) return true;
  return isScalar(node) && typeof node.value === 'number' && isOther(node.source ?? '', node.value);
};

// What may be lost shows in the text: only then is it worth a closer look.
const LONG_NUMBER = /\d[\d.]{15}|\de[-+]?\d{3}/i;
const OF_YAML = /\.(?:inf|nan)\b|\b0[xo]|!/i;

/**
 * The first thing in a JSON or YAML text that is lost when its value is read: numbers that are too long or too large,
 * and tags of one's own. Undefined where the value is all that the text says.
 */
export const lossIn = (text: string, format: 'json' | 'yaml'): string | undefined => {
  const isSuspect = LONG_NUMBER.test(text) || (format === 'yaml' && OF_YAML.test(text));
  if (!isSuspect) return undefined;
  let lost: string | undefined;
  visit(readYaml(text, { logLevel: 'silent' }), {
    Node: (_key, node) => {
      if (!isLost(node)) return undefined;
      lost = isScalar(node) ? (node.source ?? String(node.value)) : (node.tag ?? '');
      return visit.BREAK;
    },
  });
  return lost;
};

/** The same value with the keys of its maps in order, as JSON: equal exactly where the meaning is. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) =>
    isMapping(each) ? Object.fromEntries(Object.entries(each).sort(([one], [other]) => (one < other ? -1 : 1))) : each,
  ) ?? 'null';

/** The line on which a path stands in a JSON or YAML text, or the nearest parent's; counts from 1. */
export const lineOf = (text: string, path: readonly (string | number)[]): number | undefined => {
  const lines = new LineCounter();
  const document = readYaml(text, { lineCounter: lines, logLevel: 'silent' });
  for (let length = path.length; length > 0; length -= 1) {
    const node: unknown = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return undefined;
};
