import type { TemplateError } from '../error.js';
import { Cursor, type ReadOptions } from './cursor.js';
import type { AliasNode, Entry, MappingNode, SequenceNode, YamlNode } from './node.js';
import { Scanner } from './scanner.js';
import { NO_HANDLE, splitTag, type Token, type TokenKind } from './token.js';

/** Bounds recursion, so that a deeply nested text cannot exhaust the stack. */
const MAX_DEPTH = 200;

const DEFAULT_HANDLES: ReadonlyMap<string, string> = new Map([
  ['!', '!'],
  ['!!', 'tag:yaml.org,2002:'],
]);

type Anchor = Token | undefined;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Anchor and tag before a node. */
interface Properties {
  readonly anchor: Anchor;
  readonly tag: string | undefined;
  readonly tagStart: number | undefined;
}

const NO_SPANS = { anchor: undefined, tag: undefined, tagStart: undefined } as const;

const formatToken = ({ kind }: Token): string => `'${kind.replaceAll('-', ' ')}'`;

/** Builds the nodes of a document from tokens. */
class Parser {
  private depth = 0;
  private lastEnd = 0;
  private readonly anchors = new Map<string, YamlNode>();
  private handles: ReadonlyMap<string, string> = DEFAULT_HANDLES;

  constructor(
    private readonly text: string,
    private readonly scanner: Scanner,
  ) {}

  /** The only document of the text; undefined for an empty text. */
  parse(): YamlNode | undefined {
    while (this.accept('document-end'));
    const isExplicit = this.readDirectives();
    if (!isExplicit && this.isAt('stream-end')) return undefined;
    const isEmpty = this.isAt('document-start', 'document-end', 'stream-end', 'directive');
    const root = isEmpty ? this.createEmpty() : this.parseNode({ isBlock: true, allowsIndentless: false });
    if (!this.isAt('document-end', 'document-start', 'directive', 'stream-end'))
      throw this.createError(this.peek(), `unexpected ${formatToken(this.peek())}: check the indentation`);
    while (this.accept('document-end'));
    if (this.isAt('stream-end')) return root;
    throw this.createError(this.peek(), 'the text has more than one document: remove all but one');
  }

  private readDirectives(): boolean {
    const handles = new Map(DEFAULT_HANDLES);
    let hasDirective = false;
    for (let token = this.accept('directive'); token !== undefined; token = this.accept('directive')) {
      hasDirective = true;
      const [name, first = '', second = ''] = token.value.trim().split(/\s+/u);
      if (name === '%TAG') handles.set(first, second);
      if (name === '%YAML' && !/^1\.\d{1,3}$/u.test(first))
        throw this.createError(token, `YAML ${first} is not supported: use 1.1`);
    }
    this.handles = handles;
    if (this.accept('document-start') !== undefined) return true;
    if (hasDirective && !this.isAt('stream-end'))
      throw this.createError(this.peek(), "'---' is required after a directive");
    return false;
  }

  private parseNode({ isBlock, allowsIndentless }: { isBlock: boolean; allowsIndentless: boolean }): YamlNode {
    const alias = this.accept('alias');
    if (alias !== undefined) return this.createAlias(alias);
    const properties = this.readProperties();
    this.depth += 1;
    if (this.depth > MAX_DEPTH)
      throw this.createError(this.peek(), `the text is nested more than ${MAX_DEPTH} levels deep`);
    const node = this.parseContent(properties, isBlock, allowsIndentless);
    this.depth -= 1;
    return node;
  }

  private parseContent(properties: Properties, isBlock: boolean, allowsIndentless: boolean): YamlNode {
    const token = this.peek();
    if (allowsIndentless && token.kind === 'block-entry') return this.parseBlockSequence(properties, false);
    if (token.kind === 'scalar') return this.parseScalar(properties);
    if (token.kind === 'flow-sequence-start') return this.parseFlowSequence(properties);
    if (token.kind === 'flow-mapping-start') return this.parseFlowMapping(properties);
    if (isBlock && token.kind === 'block-sequence-start') return this.parseBlockSequence(properties, true);
    if (isBlock && token.kind === 'block-mapping-start') return this.parseBlockMapping(properties);
    if (properties.anchor === undefined && properties.tag === undefined)
      throw this.createError(token, `a value is missing before ${formatToken(token)}: check the indentation`);
    return this.createEmpty(properties);
  }

  private readProperties(): Properties {
    const { kind } = this.peek();
    if (kind !== 'anchor' && kind !== 'tag') return NO_SPANS;
    const first = this.accept('anchor');
    const tag = this.accept('tag');
    const anchor = first ?? (tag === undefined ? undefined : this.accept('anchor'));
    return { anchor, tag: tag === undefined ? undefined : this.expandTag(tag), tagStart: tag?.start };
  }

  private expandTag(token: Token): string {
    const [handle, suffix] = splitTag(token.value);
    if (handle === NO_HANDLE) return suffix;
    const prefix = this.handles.get(handle);
    if (prefix === undefined) throw this.createError(token, `the tag handle ${handle} is not declared`);
    return `${prefix}${suffix}`;
  }

  private createAlias(token: Token): AliasNode {
    const target = this.anchors.get(token.value);
    if (target === undefined)
      throw this.createError(token, `the anchor '${token.value}' is not defined before this alias`);
    return { kind: 'alias', target, start: token.start, end: token.end, ...NO_SPANS };
  }

  private parseScalar({ anchor, tag, tagStart }: Properties): YamlNode {
    const { start, end, value, isPlain } = this.take();
    return this.define({ kind: 'scalar', value, isPlain, start, end, tag, tagStart, anchor: toSpan(anchor) }, anchor);
  }

  private createEmpty({ anchor, tag, tagStart }: Properties = NO_SPANS): YamlNode {
    const at = this.lastEnd;
    const node: YamlNode = {
      kind: 'scalar',
      value: '',
      isPlain: true,
      start: at,
      end: at,
      tag,
      tagStart,
      anchor: toSpan(anchor),
    };
    return this.define(node, anchor);
  }

  /** Defines the anchor before the children are parsed: an alias may refer to an enclosing node. */
  private define<N extends YamlNode>(node: N, anchor: Anchor): N {
    if (anchor !== undefined) this.anchors.set(anchor.value, node);
    return node;
  }

  private openSequence({ anchor, tag, tagStart }: Properties): [Mutable<SequenceNode>, YamlNode[]] {
    const items: YamlNode[] = [];
    const { start } = this.peek();
    const node: SequenceNode = { kind: 'sequence', items, start, end: start, tag, tagStart, anchor: toSpan(anchor) };
    return [this.define(node, anchor), items];
  }

  private openMapping({ anchor, tag, tagStart }: Properties): [Mutable<MappingNode>, Entry[]] {
    const entries: Entry[] = [];
    const { start } = this.peek();
    const node: MappingNode = { kind: 'mapping', entries, start, end: start, tag, tagStart, anchor: toSpan(anchor) };
    return [this.define(node, anchor), entries];
  }

  /** @param isIndented false for a list at the indentation of its key */
  private parseBlockSequence(properties: Properties, isIndented: boolean): YamlNode {
    const [node, items] = this.openSequence(properties);
    if (isIndented) this.take();
    const emptyBefore: readonly TokenKind[] = isIndented
      ? ['block-entry', 'block-end']
      : ['block-entry', 'key', 'value', 'block-end'];
    while (this.accept('block-entry')) {
      const isEmpty = this.isAt(...emptyBefore);
      items.push(isEmpty ? this.createEmpty() : this.parseNode({ isBlock: true, allowsIndentless: false }));
    }
    node.end = this.lastEnd;
    if (isIndented) this.expectBlockEnd();
    return node;
  }

  private parseBlockMapping(properties: Properties): YamlNode {
    const [node, entries] = this.openMapping(properties);
    this.take();
    while (this.accept('key') !== undefined)
      entries.push({ key: this.parseBlockPart(), value: this.parseBlockValue() });
    node.end = this.lastEnd;
    this.expectBlockEnd();
    return node;
  }

  private parseBlockValue(): YamlNode {
    if (this.accept('value') === undefined && !this.isAt('scalar')) return this.createEmpty();
    return this.parseBlockPart();
  }

  private parseBlockPart(): YamlNode {
    if (this.isAt('key', 'value', 'block-end')) return this.createEmpty();
    return this.parseNode({ isBlock: true, allowsIndentless: true });
  }

  private expectBlockEnd(): void {
    const { kind } = this.peek();
    if (kind !== 'block-end')
      throw this.createError(this.peek(), `unexpected ${formatToken(this.peek())}: check the indentation`);
    this.scanner.skip();
  }

  private parseFlowSequence(properties: Properties): YamlNode {
    const [node, items] = this.openSequence(properties);
    this.take();
    while (!this.isAt('flow-sequence-end')) {
      items.push(this.isAt('key') ? this.parseFlowPair() : this.parseFlowNode());
      if (!this.isAt('flow-sequence-end')) this.expectFlowEntry(']');
    }
    this.take();
    node.end = this.lastEnd;
    return node;
  }

  /** `[a: b]`: a mapping of one entry. */
  private parseFlowPair(): YamlNode {
    const [node, entries] = this.openMapping(NO_SPANS);
    entries.push(this.parseFlowEntry('flow-sequence-end'));
    node.end = this.lastEnd;
    return node;
  }

  private parseFlowMapping(properties: Properties): YamlNode {
    const [node, entries] = this.openMapping(properties);
    this.take();
    while (!this.isAt('flow-mapping-end')) {
      entries.push(
        this.isAt('key')
          ? this.parseFlowEntry('flow-mapping-end')
          : { key: this.parseFlowNode(), value: this.createEmpty() },
      );
      if (!this.isAt('flow-mapping-end')) this.expectFlowEntry('}');
    }
    this.take();
    node.end = this.lastEnd;
    return node;
  }

  private parseFlowEntry(end: TokenKind): Entry {
    this.take();
    const key = this.isAt('value', 'flow-entry', end) ? this.createEmpty() : this.parseFlowNode();
    const hasValue = this.accept('value') !== undefined && !this.isAt('flow-entry', end);
    return { key, value: hasValue ? this.parseFlowNode() : this.createEmpty() };
  }

  private parseFlowNode(): YamlNode {
    return this.parseNode({ isBlock: false, allowsIndentless: false });
  }

  private expectFlowEntry(end: string): void {
    if (this.accept('flow-entry') !== undefined) return;
    throw this.createError(this.peek(), `',' or '${end}' expected, got ${formatToken(this.peek())}`);
  }

  private isAt(...kinds: readonly TokenKind[]): boolean {
    return kinds.includes(this.peek().kind);
  }

  private peek(): Token {
    return this.scanner.peek();
  }

  private take(): Token {
    const token = this.peek();
    this.scanner.skip();
    if (token.kind !== 'block-sequence-start' && token.kind !== 'block-mapping-start') this.lastEnd = token.end;
    return token;
  }

  private accept(kind: TokenKind): Token | undefined {
    return this.peek().kind === kind ? this.take() : undefined;
  }

  private createError({ start }: Token, message: string): TemplateError {
    return new Cursor(this.text).createError(message, start);
  }
}

const toSpan = (token: Anchor) => (token === undefined ? undefined : { start: token.start, end: token.end });

/**
 * Parses a text with one document in YAML 1.1, by the rules of SnakeYAML; undefined for an empty text.
 * @throws TemplateError `syntax` with the position
 */
export const parseYaml = (text: string, options: ReadOptions = {}): YamlNode | undefined =>
  new Parser(text, new Scanner(text, options)).parse();
