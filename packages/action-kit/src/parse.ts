import { Lexer, Parser, parse as parseYaml, parseDocument as readYaml, visit } from 'yaml';
import { DeliveryError, textOf } from './error.js';

/** The error of every parser here: the value, the rule, the remedy. The caller says which input it was. */
const invalid = (value: string, rule: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', `'${value}' ${rule}`, { cause });

const yes = new Set(['true', 'yes', 'on', '1']);
const no = new Set(['false', 'no', 'off', '0']);

/** `true`, `yes`, `on`, `1` and their opposites, in any case; anything else is an error. */
export const parseBoolean = (text: string): boolean => {
  const word = text.trim().toLowerCase();
  if (yes.has(word)) return true;
  if (no.has(word)) return false;
  throw invalid(text, 'is not a boolean: write true or false (also yes/no, on/off, 1/0)');
};

export interface Range {
  readonly min?: number;
  readonly max?: number;
}

const rangeText = ({ min, max }: Range): string => {
  if (min !== undefined && max !== undefined) return ` from ${min} to ${max}`;
  if (min !== undefined) return ` of at least ${min}`;
  return max === undefined ? '' : ` of at most ${max}`;
};

/** A whole number in decimal digits, within the range if there is one. */
export const parseInteger = (text: string, range: Range = {}): number => {
  const value = /^[+-]?\d+$/.test(text.trim()) ? Number(text) : Number.NaN;
  const inside = value >= (range.min ?? -Infinity) && value <= (range.max ?? Infinity);
  if (Number.isSafeInteger(value) && inside) return value;
  throw invalid(text, `is not a whole number${rangeText(range)}`);
};

const secondsPer: Readonly<Record<string, number>> = { d: 86_400, h: 3_600, m: 60, s: 1 };

/** Seconds from `90`, `90s`, `15m`, `1h30m` or `2d`; units in falling order, each at most once. */
export const parseDuration = (text: string): number => {
  const word = text.trim().toLowerCase().replaceAll(' ', '');
  if (/^\d+$/.test(word)) return Number(word);
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(word);
  if (word === '' || match === null) {
    throw invalid(text, 'is not a duration: write seconds (90) or units (90s, 15m, 1h30m)');
  }
  return ['d', 'h', 'm', 's'].reduce(
    (sum, unit, index) => sum + Number(match[index + 1] ?? 0) * (secondsPer[unit] ?? 0),
    0,
  );
};

/** One of the given words, in any case. */
export const parseChoice = <const V extends string>(text: string, choices: readonly V[]): V => {
  const word = text.trim().toLowerCase();
  const found = choices.find((choice) => choice.toLowerCase() === word);
  if (found !== undefined) return found;
  throw invalid(text, `is not one of ${choices.join(', ')}`);
};

/** Items separated by commas or line ends, or a JSON array of texts; blanks trimmed, empty items dropped. */
export const parseList = (text: string): readonly string[] => {
  const trimmed = text.trim();
  if (!trimmed.startsWith('[')) return splitItems(trimmed, /[,\n]/);
  const items = parseDocument(trimmed);
  if (!Array.isArray(items)) throw invalid(text, 'is not a list: write items separated by commas or line ends');
  return items.map((item) => scalarText(item, text));
};

/** Items on lines of their own, commas kept; blanks trimmed, empty lines dropped. */
export const parseLines = (text: string): readonly string[] => splitItems(text, /\n/);

const splitItems = (text: string, separator: RegExp): readonly string[] =>
  text
    .split(separator)
    .map((item) => item.trim())
    .filter((item) => item !== '');

const scalarText = (value: unknown, whole: string): string => {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  throw invalid(whole, 'has a value that is neither text, number nor boolean');
};

/** So many aliases, and a small text cannot grow without bound. */
const YAML_LIMITS = { maxAliasCount: 100 };

const notValid = (text: string, error: unknown): DeliveryError =>
  invalid(shorten(text), `is not valid JSON or YAML: ${textOf(error).split('\n')[0]}`, error);

/** Nobody writes deeper by hand. The library goes down by recursion, and Node's end of the stack may end the process. */
const DEEPEST = 200;

const refuseDeep = (text: string): void => {
  const parser = new Parser();
  for (const lexeme of new Lexer().lex(text)) {
    // Works as far as the lexeme goes, and gives the documents that have ended.
    Array.from(parser.next(lexeme));
    if (parser.stack.length > DEEPEST) throw invalid(shorten(text), `is nested more than ${DEEPEST} levels deep`);
  }
};

/** A document in JSON or YAML, of at most 100 aliases and 200 levels. */
export const parseDocument = (text: string): unknown => {
  refuseDeep(text);
  try {
    return parseYaml(text, { ...YAML_LIMITS, prettyErrors: true });
  } catch (error) {
    throw notValid(text, error);
  }
};

const shorten = (text: string): string => (text.length > 80 ? `${text.slice(0, 77)}...` : text);

/** Is it a map with text keys (JSON object, YAML mapping)? */
export const isMapping = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Keys with text values, in any of the forms people write: `key=value` per line or separated by commas (a value may
 * stand in double or single quotes, and then hold commas and line ends), a JSON object, a YAML mapping, or AWS's list
 * of `{Key, Value}`. Numbers and booleans become the text they were written as. A key given twice is an error.
 */
export const parseMapping = (text: string): Readonly<Record<string, string>> => {
  const trimmed = text.trim();
  if (trimmed === '') return {};
  return isAssignments(trimmed) ? collect(parseAssignments(trimmed)) : mappingOf(parseTexts(trimmed), text);
};

/** A document in which numbers and booleans are the text they were written as: `007` and `1.10` lose nothing. */
export const parseTexts = (text: string): unknown => {
  refuseDeep(text);
  const document = readYaml(text, { prettyErrors: true });
  const [error] = document.errors;
  if (error !== undefined) throw notValid(text, error);
  visit(document, {
    Scalar: (_key, node) => {
      if (['number', 'boolean', 'bigint'].includes(typeof node.value)) node.value = node.source;
    },
  });
  return document.toJS(YAML_LIMITS);
};

const mappingOf = (document: unknown, text: string): Readonly<Record<string, string>> => {
  if (Array.isArray(document)) return collect(document.map((item) => keyAndValue(item, text)));
  if (isMapping(document)) {
    return collect(Object.entries(document).map(([key, value]) => [key, scalarText(value, shorten(text))]));
  }
  throw invalid(shorten(text), 'is not a mapping: write key=value lines, a JSON object or a YAML mapping');
};

const keyAndValue = (item: unknown, text: string): [string, string] => {
  const [key, value] = isMapping(item) ? [item['Key'], item['Value']] : [];
  if (typeof key === 'string' && value !== undefined) return [key, scalarText(value, shorten(text))];
  throw invalid(shorten(text), 'has an item that is not of the form {"Key": "…", "Value": "…"}');
};

/** What follows a value may be the rest of it, and secret: its place is told, not its text. */
const notAssigned = (pairs: readonly (readonly [string, string])[], rest: string): DeliveryError => {
  const rule = 'is not of the form key=value; put a value with commas in quotes';
  const key = pairs.at(-1)?.[0];
  if (key === undefined) return invalid(shorten(rest.trim()), rule);
  return new DeliveryError('invalid-input', `what follows the value of ${key} ${rule}`);
};

/** Whether a text begins as `key=value` does, and not as a document. */
export const isAssignments = (text: string): boolean => /^\s*[^\s=:'"{[][^\s=:'"]*\s*=/.test(text);

const assignment = /\s*([^\s=,]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([^,\n"'][^,\n]*)?)\s*(?:[,\n]|$)/y;

/** Pairs of `key=value` text in their order, as `parseMapping` reads them; a key may be there more than once. */
export const parseAssignments = (text: string): readonly (readonly [key: string, value: string])[] => {
  const pattern = new RegExp(assignment);
  const pairs: [string, string][] = [];
  while (pattern.lastIndex < text.length) {
    const from = pattern.lastIndex;
    const match = pattern.exec(text);
    if (match === null) throw notAssigned(pairs, text.slice(from));
    pairs.push([match[1] ?? '', match[2]?.replaceAll(/\\(["\\])/g, '$1') ?? match[3] ?? match[4]?.trim() ?? '']);
  }
  return pairs;
};

const collect = (pairs: readonly (readonly [string, string])[]): Readonly<Record<string, string>> => {
  const seen = new Map<string, string>();
  for (const [key, value] of pairs) {
    if (seen.has(key)) throw invalid(key, 'is given twice: keep one');
    seen.set(key, value);
  }
  return Object.fromEntries(seen);
};
