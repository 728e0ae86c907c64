import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { Document, Pair, Scalar, type ScalarTag, YAMLMap, YAMLSeq } from 'yaml';
import type { ScalarStyle, ScalarToken, Token } from './token.js';

const CORE_TAG = 'tag:yaml.org,2002:';
const JSON_TAGS: ReadonlySet<string> = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((name) => `${CORE_TAG}${name}`),
);

const JSON_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/;

const createLossError = (source: string, format: string): DeliveryError =>
  new DeliveryError(
    'invalid-input',
    `contains '${source}', which cannot be written in ${format}: quote the value, or provide the complete file in its own format`,
  );

const formatTag = (tag: string): string => {
  if (tag.startsWith(CORE_TAG)) return `!!${tag.slice(CORE_TAG.length)}`;
  return tag.startsWith('!') ? tag : `!<${tag}>`;
};

const formatNumber = ({ source, text, value }: ScalarToken): string => {
  if (JSON_NUMBER.test(text)) return text;
  // 0644 is 644 in YAML 1.2 and 420 in YAML 1.1.
  const isExact = typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value));
  const isHex = /^[-+]?0x/i.test(text);
  const isDecimal = /^[-+]?(?:0|[1-9]\d{0,14}|(?:0|[1-9]\d{0,14})?\.\d{1,14}|[1-9]\d{0,14}\.)$/.test(text);
  if ((isHex && isExact) || isDecimal) return String(value);
  throw createLossError(source, 'JSON');
};

const formatJsonScalar = (token: ScalarToken): string => {
  const { tag, value, text, style, source } = token;
  if (tag !== undefined && tag !== '!' && !JSON_TAGS.has(tag)) throw createLossError(formatTag(tag), 'JSON');
  if (style === 'plain' && typeof value === 'number') return formatNumber(token);
  if (typeof value === 'string') return JSON.stringify(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (style !== 'plain') return JSON.stringify(text);
  throw createLossError(source, 'JSON');
};

/** The key of a JSON object that a scalar becomes. Throws `invalid-input` for a collection as a key. */
export const formatJsonKey = (key: Token): string => {
  if (key.kind === 'scalar') return key.text;
  throw new DeliveryError('invalid-input', 'contains a map or list as a key, which cannot be written in JSON');
};

const joinJson = (brackets: '{}' | '[]', items: readonly string[], indentation: string): string =>
  items.length === 0
    ? brackets
    : `${brackets[0]}\n${items.map((item) => `${indentation}  ${item}`).join(',\n')}\n${indentation}${brackets[1]}`;

const formatJson = (token: Token, indentation: string): string => {
  if (token.kind === 'scalar') return formatJsonScalar(token);
  if (token.tag !== undefined && token.tag !== '!' && !JSON_TAGS.has(token.tag))
    throw createLossError(formatTag(token.tag), 'JSON');
  const inner = `${indentation}  `;
  if (token.kind === 'list')
    return joinJson(
      '[]',
      token.items.map((item) => formatJson(item, inner)),
      indentation,
    );
  const entries = token.entries.map(
    ([key, value]) => `${JSON.stringify(formatJsonKey(key))}: ${formatJson(value, inner)}`,
  );
  return joinJson('{}', entries, indentation);
};

/** Writes tokens without merge keys as JSON; numbers keep their digits. Throws `invalid-input` for what JSON cannot hold. */
export const writeJson = (token: Token): string => `${formatJson(token, '')}\n`;

/** Text that is written into a YAML document as it is. */
class RawText {
  constructor(readonly text: string) {}
}

const rawTag: ScalarTag = {
  tag: '!raw',
  default: true,
  identify: (value) => value instanceof RawText,
  resolve: (text) => text,
  stringify: ({ value }) => (value instanceof RawText ? value.text : ''),
};

const SCALAR_TYPES: Readonly<Record<ScalarStyle, Scalar.Type>> = {
  plain: 'PLAIN',
  single: 'QUOTE_SINGLE',
  double: 'QUOTE_DOUBLE',
  literal: 'BLOCK_LITERAL',
  folded: 'BLOCK_FOLDED',
};

const toYamlScalar = ({ style, source, text, tag }: ScalarToken): Scalar => {
  if (source.includes('\n')) {
    const scalar = new Scalar<unknown>(text);
    scalar.type = SCALAR_TYPES[style];
    if (tag !== undefined) scalar.tag = tag;
    return scalar;
  }
  return new Scalar(
    new RawText([tag === undefined ? '' : formatTag(tag), source].filter((part) => part !== '').join(' ')),
  );
};

const toYamlNode = (token: Token): Scalar | YAMLMap | YAMLSeq => {
  if (token.kind === 'scalar') return toYamlScalar(token);
  const collection = token.kind === 'map' ? new YAMLMap<unknown, unknown>() : new YAMLSeq<unknown>();
  if (token.tag !== undefined) collection.tag = token.tag;
  if (collection instanceof YAMLMap && token.kind === 'map')
    for (const [key, value] of token.entries) collection.items.push(new Pair(toYamlNode(key), toYamlNode(value)));
  if (collection instanceof YAMLSeq && token.kind === 'list')
    for (const item of token.items) collection.items.push(toYamlNode(item));
  return collection;
};

/** Writes tokens as YAML; scalars keep their quotes and digits. `version` is that of a `%YAML` directive. */
export const writeYaml = (token: Token, version?: string): string => {
  const document = new Document(undefined, { schema: 'failsafe', customTags: (tags) => [rawTag, ...tags] });
  document.contents = toYamlNode(token);
  const text = document.toString({ lineWidth: 0 });
  return version === undefined ? text : `%YAML ${version}\n---\n${text}`;
};
