import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type Scalar,
  type YAMLMap,
} from 'yaml';
import {
  Canonicalizer,
  formatKeyIdentity,
  isMergeKey,
  type ScalarStyle,
  type ScalarToken,
  type Token,
} from './token.js';

/** One document of a YAML stream. */
export interface YamlDocument {
  readonly root: Token;
  /** The version of a `%YAML` directive. */
  readonly version: string | undefined;
}

const STYLES: Readonly<Record<string, ScalarStyle>> = {
  QUOTE_SINGLE: 'single',
  QUOTE_DOUBLE: 'double',
  BLOCK_LITERAL: 'literal',
  BLOCK_FOLDED: 'folded',
};

const EMPTY: ScalarToken = { kind: 'scalar', style: 'plain', source: '', text: '', value: null, tag: undefined };

/** Marks an anchor whose node is being read: an alias to it would be recursive. */
const OPEN = Symbol('open');

const createYamlError = (message: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', `is not valid YAML: ${message}`, cause === undefined ? {} : { cause });

/** Turns the nodes of one document into tokens, in the order of the text. */
class TokenReader {
  private readonly anchors = new Map<string, Token | typeof OPEN>();
  private readonly canonicalizer = new Canonicalizer();

  constructor(
    private readonly text: string,
    private readonly lines: LineCounter,
  ) {}

  read(node: unknown): Token {
    if (isAlias(node)) return this.readAlias(node.source, node);
    if (!isScalar(node) && !isMap(node) && !isSeq(node)) return EMPTY;
    const { anchor } = node;
    if (anchor !== undefined) this.anchors.set(anchor, OPEN);
    const token = this.readContent(node);
    if (anchor !== undefined) this.anchors.set(anchor, token);
    return token;
  }

  private readAlias(name: string, node: Node): Token {
    const target = this.anchors.get(name);
    if (target === undefined) throw createYamlError(`unresolved alias '*${name}'${this.formatPosition(node)}`);
    if (target === OPEN) throw createYamlError(`alias '*${name}' contains itself${this.formatPosition(node)}`);
    return target;
  }

  private readContent(node: unknown): Token {
    if (isMap(node)) return { kind: 'map', entries: this.readEntries(node), tag: node.tag };
    if (isSeq(node)) return { kind: 'list', items: node.items.map((item) => this.read(item)), tag: node.tag };
    return isScalar(node) ? this.readScalar(node) : EMPTY;
  }

  private readScalar(node: Scalar): ScalarToken {
    const [start, end] = node.range ?? [0, 0];
    const source = this.text.slice(start, end);
    const style = STYLES[node.type ?? ''] ?? 'plain';
    const text = node.source ?? '';
    // The value of `<<` is a symbol with a `%YAML 1.1` directive.
    const value = typeof node.value === 'symbol' ? text : node.value;
    return {
      kind: 'scalar',
      style,
      source: style === 'plain' && !source.includes('\n') ? text : source,
      text,
      value,
      tag: node.tag,
    };
  }

  private readEntries(map: YAMLMap): readonly (readonly [Token, Token])[] {
    const names = new Set<string>();
    return map.items.map(({ key, value }) => {
      const keyToken = this.read(key);
      const name = formatKeyIdentity(keyToken, this.canonicalizer);
      if (names.has(name) && !isMergeKey(keyToken))
        throw createYamlError(`Map keys must be unique${this.formatPosition(key)}`);
      names.add(name);
      return [keyToken, this.read(value)] as const;
    });
  }

  private formatPosition(node: unknown): string {
    const offset = typeof node === 'object' && node !== null && 'range' in node ? (node as Node).range?.[0] : undefined;
    if (offset === undefined) return '';
    const { line, col } = this.lines.linePos(offset);
    return ` at line ${line}, column ${col}`;
  }
}

const readVersion = ({ directives }: Document.Parsed): string | undefined =>
  directives.yaml.explicit === true ? directives.yaml.version : undefined;

/** Reads all documents of a YAML stream. Throws `invalid-input` for malformed text, duplicate keys and unknown aliases. */
export const readYaml = (text: string): readonly YamlDocument[] => {
  const lineCounter = new LineCounter();
  // The check for unique keys of the library takes quadratic time.
  const parsed = parseAllDocuments(text, { uniqueKeys: false, merge: false, lineCounter, logLevel: 'silent' });
  if (parsed.length === 0) return [{ root: EMPTY, version: undefined }];
  const documents = Array.isArray(parsed) ? parsed : [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw createYamlError(error.message.split('\n')[0] ?? '', error);
    return { root: new TokenReader(text, lineCounter).read(document.contents), version: readVersion(document) };
  });
};
