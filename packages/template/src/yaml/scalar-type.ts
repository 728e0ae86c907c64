import type { ScalarNode } from './node.js';

/** A scalar with the type that YAML 1.1 gives it. */
export type TypedScalar =
  | { readonly type: 'null' }
  | { readonly type: 'bool'; readonly value: boolean }
  | { readonly type: 'int'; readonly value: bigint }
  | { readonly type: 'float'; readonly value: number }
  /** A date or time; `value` is its text. */
  | { readonly type: 'timestamp'; readonly value: string }
  | { readonly type: 'merge' }
  | { readonly type: 'str'; readonly value: string };

const YAML_TAG = 'tag:yaml.org,2002:';

const TRUE_WORDS = new Set(['yes', 'true', 'on']);
const BOOL = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/u;
/** First characters of text that may be a boolean, null or a merge key. */
const TYPED_STARTS = 'yYnNtTfFoO~< ';
const NULL = /^(?:~|null|Null|NULL| )?$/u;
const BINARY = /^[-+]?0b_*[01][01_]*$/u;
const OCTAL = /^[-+]?0_*[0-7][0-7_]*$/u;
const DECIMAL = /^[-+]?(?:0|[1-9][0-9_]*)$/u;
const HEXADECIMAL = /^[-+]?0x_*[0-9a-fA-F][0-9a-fA-F_]*$/u;
const SEXAGESIMAL = /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+$/u;
const FLOAT =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|[-+]?\.[0-9_]+(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/u;
const TIMESTAMP =
  /^(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{4}-[0-9]{2}?-[0-9]{1,2}(?:[Tt]|[ \t]+)[0-9]{1,2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]*)?(?:[ \t]*(?:Z|[-+][0-9]{1,2}(?::[0-9]{2})?))?)$/u;

const splitSign = (text: string): readonly [sign: number, digits: string] => {
  const digits = text.replaceAll('_', '');
  if (digits.startsWith('-')) return [-1, digits.slice(1)];
  return [1, digits.startsWith('+') ? digits.slice(1) : digits];
};

const parseInteger = (text: string): bigint => {
  const [sign, digits] = splitSign(text);
  let value: bigint;
  if (digits.includes(':')) value = digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  else if (/^0[0-7]/u.test(digits)) value = BigInt(`0o${digits.slice(1)}`);
  else value = BigInt(digits);
  return BigInt(sign) * value;
};

const parseFloatNumber = (text: string): number => {
  const [sign, digits] = splitSign(text);
  const word = digits.toLowerCase();
  if (word === '.inf') return sign * Number.POSITIVE_INFINITY;
  if (word === '.nan') return Number.NaN;
  if (digits.includes(':')) return sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return sign * Number(digits);
};

/** A digit, `+`, `-` or `.`. */
const isNumberStart = (code: number): boolean =>
  (code >= 48 && code <= 57) || code === 43 || code === 45 || code === 46;

/** The type of plain text. Longer texts than 10 or 50 characters are never booleans or timestamps. */
const resolvePlain = (text: string): TypedScalar => {
  if (isNumberStart(text.charCodeAt(0))) {
    const isInteger = [BINARY, OCTAL, DECIMAL, HEXADECIMAL, SEXAGESIMAL].some((pattern) => pattern.test(text));
    if (isInteger) return { type: 'int', value: parseInteger(text) };
    if (FLOAT.test(text)) return { type: 'float', value: parseFloatNumber(text) };
    return TIMESTAMP.test(text) ? { type: 'timestamp', value: text } : { type: 'str', value: text };
  }
  if (text !== '' && !TYPED_STARTS.includes(text.charAt(0))) return { type: 'str', value: text };
  if (BOOL.test(text)) return { type: 'bool', value: TRUE_WORDS.has(text.toLowerCase()) };
  if (text === '<<') return { type: 'merge' };
  return NULL.test(text) ? { type: 'null' } : { type: 'str', value: text };
};

const resolveTagged = (name: string, text: string): TypedScalar => {
  const resolved = resolvePlain(text);
  if (resolved.type === name) return resolved;
  if (name === 'float' && resolved.type === 'int') return { type: 'float', value: Number(resolved.value) };
  if (name === 'null') return { type: 'null' };
  if (name === 'timestamp') return { type: 'timestamp', value: text };
  return { type: 'str', value: text };
};

/** The typed value of a scalar. A tag that is not one of YAML's makes it a string, as in `!Ref 12`. */
export const resolveScalar = ({ value, isPlain, tag }: ScalarNode): TypedScalar => {
  if (tag?.startsWith(YAML_TAG)) return resolveTagged(tag.slice(YAML_TAG.length), value);
  return tag === '!' || (isPlain && tag === undefined) ? resolvePlain(value) : { type: 'str', value };
};
