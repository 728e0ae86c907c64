import { createHash } from 'node:crypto';

/** How a scalar is written. Strings in JSON are `double`; numbers, `true`, `false` and `null` in JSON are `plain`. */
export type ScalarStyle = 'plain' | 'single' | 'double' | 'literal' | 'folded';

export interface ScalarToken {
  readonly kind: 'scalar';
  readonly style: ScalarStyle;
  /** As the file has it, with quotes or block header, without tag and anchor. */
  readonly source: string;
  /** The content, without quotes and escapes. */
  readonly text: string;
  /** The value in YAML 1.2 (or 1.1, if a `%YAML 1.1` directive says so) or JSON. */
  readonly value: unknown;
  readonly tag: string | undefined;
}

export interface MapToken {
  readonly kind: 'map';
  readonly entries: readonly (readonly [key: Token, value: Token])[];
  readonly tag: string | undefined;
}

export interface ListToken {
  readonly kind: 'list';
  readonly items: readonly Token[];
  readonly tag: string | undefined;
}

/** A node of a document as it is written. Aliases share the node of their anchor. */
export type Token = ScalarToken | MapToken | ListToken;

/** A collection of tokens. */
export type CollectionToken = MapToken | ListToken;

const EMPTY_TAGS: ReadonlySet<string | undefined> = new Set([undefined, '!']);

/** The `<<` of a merge key: plain, without another tag. */
export const isMergeKey = (token: Token): boolean =>
  token.kind === 'scalar' &&
  ((token.style === 'plain' && token.text === '<<' && EMPTY_TAGS.has(token.tag)) ||
    token.tag === 'tag:yaml.org,2002:merge');

/** A null by YAML 1.1 and 1.2, and in JSON. */
export const isNull = (token: Token): boolean =>
  token.kind === 'scalar' &&
  (token.tag === 'tag:yaml.org,2002:null' ||
    (token.style === 'plain' && token.tag === undefined && /^(?:~|null|Null|NULL|)$/.test(token.text)));

// Booleans, nulls, numbers (also octal, binary and sexagesimal ones), dates and merge keys of YAML 1.1 and 1.2.
const AMBIGUOUS_PLAIN =
  /^(?:|~|null|true|false|yes|no|on|off|y|n|=|<<|[-+]?\.(?:inf|nan)|[-+]?[.\d][\d_.,:eExXoObBa-fA-F+-]*|\d{4}-\d.*)$/i;

/** Whether a plain scalar of this text is not a string to every reader. */
export const isAmbiguous = (text: string): boolean => AMBIGUOUS_PLAIN.test(text);

/** Whether a scalar is a string to every reader: quoted, or plain without a meaning in any version of YAML. */
const isCertainString = ({ style, text, tag }: ScalarToken): boolean =>
  tag === undefined ? style !== 'plain' || !isAmbiguous(text) : tag === 'tag:yaml.org,2002:str';

const MAX_INLINE_LENGTH = 100;

const hash = (text: string): string => createHash('sha256').update(text).digest('base64');

// Readers differ in surrogate pairs and `\/`, and in the folding of lines: such scalars are compared as written.
const needsSource = ({ style, source }: ScalarToken): boolean =>
  style === 'folded' ||
  ((style === 'single' || style === 'double') && source.includes('\n')) ||
  (style === 'double' && /\\(?:u[dD][89a-fA-F]|\/)/.test(source));

const trimLines = (source: string): string => {
  const lines = source.split('\n');
  const indentation = Math.min(
    ...lines.slice(1).flatMap((line) => (line.trim() === '' ? [] : [line.search(/\S/)])),
    Number.MAX_SAFE_INTEGER,
  );
  return [lines[0]?.trim(), ...lines.slice(1).map((line) => line.slice(Math.min(indentation, line.length)))].join('\n');
};

const STYLE_CLASSES: Readonly<Record<ScalarStyle, string>> = {
  plain: 'plain',
  single: 'quoted',
  double: 'quoted',
  literal: 'literal',
  folded: 'folded',
};

const canonicalizeScalar = (token: ScalarToken): string =>
  JSON.stringify([
    needsSource(token) ? `${token.style} source` : STYLE_CLASSES[token.style],
    needsSource(token) ? trimLines(token.source) : token.text,
    ...(token.tag === undefined ? [] : [token.tag]),
  ]);

/**
 * Computes canonical forms: equal for tokens that every reader reads equally, whatever comments, layout and the order of
 * keys are. Shared nodes are visited once.
 */
export class Canonicalizer {
  private readonly cache = new Map<CollectionToken, string>();

  canonicalize(token: Token): string {
    if (token.kind === 'scalar') return canonicalizeScalar(token);
    const cached = this.cache.get(token);
    if (cached !== undefined) return cached;
    const canonical = this.canonicalizeCollection(token);
    this.cache.set(token, canonical);
    return canonical;
  }

  private canonicalizeCollection(token: CollectionToken): string {
    const tag = token.tag === undefined ? '' : JSON.stringify(token.tag);
    const content =
      token.kind === 'list'
        ? `${tag}[${token.items.map((item) => this.canonicalize(item)).join()}]`
        : `${tag}{${token.entries
            .map(([key, value]) => `${this.canonicalize(key)}:${this.canonicalize(value)}`)
            .sort()
            .join()}}`;
    return content.length > MAX_INLINE_LENGTH ? hash(content) : content;
  }
}

/** The name of a key: equal for keys that are the same string to every reader, quoted or not. */
export const formatKeyIdentity = (key: Token, canonicalizer: Canonicalizer): string =>
  key.kind === 'scalar' && isCertainString(key)
    ? JSON.stringify(['quoted', key.text])
    : canonicalizer.canonicalize(key);
