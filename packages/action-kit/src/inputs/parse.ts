import { Lexer, Parser, parse as parseYaml, parseDocument as readYaml, visit } from 'yaml';
import { DeliveryError, errorMessage } from '../util/error.js';
import { isRecord } from '../util/is-record.js';

/** Error with value, rule and hint. The caller adds the name of the input. */
const createInputError = (value: string, rule: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', `'${value}' ${rule}`, { cause });

const TRUE_WORDS = new Set(['true', 'yes', 'on', '1']);
const FALSE_WORDS = new Set(['false', 'no', 'off', '0']);

/** `true`, `yes`, `on`, `1` and their opposites, case-insensitive. */
export const parseBoolean = (input: string): boolean => {
  const word = input.trim().toLowerCase();
  if (TRUE_WORDS.has(word)) return true;
  if (FALSE_WORDS.has(word)) return false;
  throw createInputError(input, 'is not a boolean: write true or false (also yes/no, on/off, 1/0)');
};

export interface Range {
  readonly min?: number;
  readonly max?: number;
}

const formatRange = ({ min, max }: Range): string => {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
};

/** A decimal integer within the range. */
export const parseInteger = (input: string, range: Range = {}): number => {
  const value = /^[+-]?\d+$/.test(input.trim()) ? Number(input) : Number.NaN;
  const isInRange = value >= (range.min ?? -Infinity) && value <= (range.max ?? Infinity);
  if (Number.isSafeInteger(value) && isInRange) return value;
  throw createInputError(input, `is not a whole number${formatRange(range)}`);
};

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1 };

/** Seconds from `90`, `90s`, `15m`, `1h30m` or `2d`; units in descending order, each at most once. */
export const parseDuration = (input: string): number => {
  const word = input.trim().toLowerCase().replaceAll(' ', '');
  if (/^\d+$/.test(word)) return Number(word);
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(word);
  if (word === '' || match === null) {
    throw createInputError(input, 'is not a duration: write seconds (90) or units (90s, 15m, 1h30m)');
  }
  return ['d', 'h', 'm', 's'].reduce(
    (sum, unit, index) => sum + Number(match[index + 1] ?? 0) * (SECONDS_PER_UNIT[unit] ?? 0),
    0,
  );
};

/** One of the given values, case-insensitive. */
export const parseChoice = <const V extends string>(input: string, choices: readonly V[]): V => {
  const word = input.trim().toLowerCase();
  const found = choices.find((choice) => choice.toLowerCase() === word);
  if (found !== undefined) return found;
  throw createInputError(input, `is not one of ${choices.join(', ')}`);
};

/** Items separated by commas or line breaks, trimmed, without empty ones; or a JSON array of scalars. */
export const parseList = (input: string): readonly string[] => {
  const trimmed = input.trim();
  if (!trimmed.startsWith('[')) return splitItems(trimmed, /[,\n]/);
  const items = parseDocument(trimmed);
  if (!Array.isArray(items))
    throw createInputError(input, 'is not a list: write items separated by commas or line ends');
  return items.map((item) => stringifyScalar(item, input));
};

/** One item per line, trimmed, without empty lines; commas belong to the item. */
export const parseLines = (input: string): readonly string[] => splitItems(input, /\n/);

const splitItems = (input: string, separator: RegExp): readonly string[] =>
  input
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');

const stringifyScalar = (value: unknown, source: string): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  throw createInputError(source, 'has a value that is not a string, number or boolean');
};

/** Bounds the expansion of YAML aliases. */
const YAML_LIMITS = { maxAliasCount: 100 };

const createSyntaxError = (input: string, error: unknown): DeliveryError =>
  createInputError(truncate(input), `is not valid JSON or YAML: ${errorMessage(error).split('\n')[0]}`, error);

/** The YAML library parses recursively, and a stack overflow may end the process. */
const MAX_DEPTH = 200;

const assertDepth = (input: string): void => {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(input)) {
    // The parser is lazy: consuming its output makes it process the lexeme.
    Array.from(parser.next(lexeme));
    if (parser.stack.length > MAX_DEPTH)
      throw createInputError(truncate(input), `is nested more than ${MAX_DEPTH} levels deep`);
  }
};

/** Parses JSON or YAML of at most 100 aliases and 200 levels. */
export const parseDocument = (input: string): unknown => {
  assertDepth(input);
  try {
    return parseYaml(input, { ...YAML_LIMITS, prettyErrors: true });
  } catch (error) {
    throw createSyntaxError(input, error);
  }
};

const truncate = (input: string): string => (input.length > 80 ? `${input.slice(0, 77)}...` : input);

/**
 * Keys with string values: `key=value` per line or separated by commas (a quoted value may contain commas and line
 * breaks, a line that starts with `#` is a comment), a JSON object, a YAML mapping, or AWS's list of `{Key, Value}`. Numbers and booleans keep their source text.
 * Duplicate keys are an error.
 */
export const parseMapping = (input: string): Readonly<Record<string, string>> => {
  const trimmed = input.trim();
  if (trimmed === '') return {};
  return isAssignments(trimmed)
    ? collectPairs(parseAssignments(trimmed))
    : toMapping(parseVerbatimDocument(trimmed), input);
};

/** Parses JSON or YAML; numbers and booleans keep their source text, so that `007` and `1.10` lose no digits. */
export const parseVerbatimDocument = (input: string): unknown => {
  assertDepth(input);
  const document = readYaml(input, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw createSyntaxError(input, error);
  visit(document, {
    Scalar: (_key, node) => {
      if (['number', 'boolean', 'bigint'].includes(typeof node.value)) node.value = node.source;
    },
  });
  try {
    return document.toJS(YAML_LIMITS);
  } catch (cause) {
    throw createSyntaxError(input, cause);
  }
};

const toMapping = (document: unknown, input: string): Readonly<Record<string, string>> => {
  if (Array.isArray(document)) return collectPairs(document.map((item) => parseKeyValueItem(item, input)));
  if (isRecord(document)) {
    return collectPairs(Object.entries(document).map(([key, value]) => [key, stringifyScalar(value, truncate(input))]));
  }
  throw createInputError(truncate(input), 'is not a mapping: write key=value lines, a JSON object or a YAML mapping');
};

const parseKeyValueItem = (item: unknown, input: string): [string, string] => {
  const [key, value] = isRecord(item) ? [item['Key'], item['Value']] : [];
  if (typeof key === 'string' && value !== undefined) return [key, stringifyScalar(value, truncate(input))];
  throw createInputError(truncate(input), 'has an item that is not of the form {"Key": "…", "Value": "…"}');
};

/** The rest of the input may be part of a secret value, so the error names only the preceding key. */
const createAssignmentError = (pairs: readonly (readonly [string, string])[], rest: string): DeliveryError => {
  const rule = 'is not of the form key=value: quote values that contain commas';
  const key = pairs.at(-1)?.[0];
  if (key === undefined) return createInputError(truncate(rest.trim()), rule);
  return new DeliveryError('invalid-input', `the text after the value of ${key} ${rule}`);
};

/** Whether the input starts like `key=value` and not like a document. */
export const isAssignments = (input: string): boolean =>
  /^\s*[^\s=:'"{[](?:[^\s=:'"]|:(?!\s|$))*\s*=/.test(input.slice(findAssignment(input, 0)));

/** How a backslash in double quotes is read: as an escape of `"` and `\`, or as itself. */
export type BackslashRule = 'escape' | 'literal';

const ASSIGNMENT_PATTERNS: Readonly<Record<BackslashRule, RegExp>> = {
  escape: /\s*([^\s=,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^,\n"'][^,\n]*)?)\s*(?:[,\n]|$)/y,
  // The value ends at the quote that a comma, a line end or the end of the input follows.
  literal: /\s*([^\s=,]+)\s*=\s*(?:"((?:[^"]|"(?!\s*(?:[,\n]|$)))*)"|'([^']*)'|([^,\n"'][^,\n]*)?)\s*(?:[,\n]|$)/y,
};

/** Offset of the next pair: behind blank lines and lines that start with `#`. */
const findAssignment = (input: string, from: number): number => {
  const comment = /\s*#[^\n]*(?:\n|$)/y;
  let offset = from;
  for (;;) {
    comment.lastIndex = offset;
    const match = comment.exec(input);
    const isLine = offset === 0 || input[offset - 1] === '\n' || /^[^#]*\n/.test(match?.[0] ?? '');
    if (match === null || !isLine) return offset;
    offset = comment.lastIndex;
  }
};

/** The pairs of `key=value` input in order, as in `parseMapping`; keys may repeat. */
export const parseAssignments = (
  input: string,
  backslash: BackslashRule = 'escape',
): readonly (readonly [key: string, value: string])[] => {
  const pattern = new RegExp(ASSIGNMENT_PATTERNS[backslash]);
  const pairs: [string, string][] = [];
  for (let from = findAssignment(input, 0); from < input.length; from = findAssignment(input, pattern.lastIndex)) {
    pattern.lastIndex = from;
    const match = pattern.exec(input);
    if (match === null) throw createAssignmentError(pairs, input.slice(from));
    const quoted = backslash === 'escape' ? match[2]?.replaceAll(/\\(["\\])/g, '$1') : match[2];
    pairs.push([match[1] ?? '', quoted ?? match[3] ?? match[4]?.trim() ?? '']);
  }
  return pairs;
};

const collectPairs = (pairs: readonly (readonly [string, string])[]): Readonly<Record<string, string>> => {
  const seen = new Map<string, string>();
  for (const [key, value] of pairs) {
    if (seen.has(key)) throw createInputError(key, 'occurs twice: keep one');
    seen.set(key, value);
  }
  return Object.fromEntries(seen);
};
