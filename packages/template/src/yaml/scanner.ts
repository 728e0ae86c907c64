import { Cursor, isBlankOrBreak, isBreakOrEnd, type ReadOptions } from './cursor.js';
import { scanAnchor, scanTag } from './scan-property.js';
import { scanBlockScalar, scanPlain, scanQuoted } from './scan-scalar.js';
import type { Token, TokenKind } from './token.js';

/** A token that becomes a key if a colon follows it on the same line. */
interface SimpleKey {
  /** Index among all tokens. */
  readonly index: number;
  readonly isRequired: boolean;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Number of taken tokens that are dropped at once. */
const MAX_TAKEN_TOKENS = 1000;

/** Limit of a key without `?`, in characters. */
const MAX_KEY_LENGTH = 1024;

const FLOW_STARTS: Readonly<Record<string, TokenKind>> = { '[': 'flow-sequence-start', '{': 'flow-mapping-start' };
const FLOW_ENDS: Readonly<Record<string, TokenKind>> = { ']': 'flow-sequence-end', '}': 'flow-mapping-end' };

const INDICATORS = '-?:,[]{}#&*!|>\'"%@`';

/** Splits YAML 1.1 into tokens by the rules of SnakeYAML, which CloudFormation uses. */
export class Scanner {
  private readonly cursor: Cursor;
  /** Scanned tokens from `head` on; those before were taken. */
  private tokens: Token[] = [];
  private head = 0;
  /** Number of tokens that were dropped from the start of `tokens`. */
  private dropped = 0;
  /** By flow level. */
  private readonly simpleKeys: (SimpleKey | undefined)[] = [];
  private readonly indents: number[] = [];
  private indent = -1;
  private flowLevel = 0;
  private allowSimpleKey = true;

  constructor(text: string, options: ReadOptions) {
    this.cursor = new Cursor(text, options);
  }

  /**
   * The next token; the last one is `stream-end`, which is never taken.
   * @throws TemplateError `syntax` with the position
   */
  peek(): Token {
    for (;;) {
      const token = this.tokens[this.head];
      if (token !== undefined && (token.kind === 'stream-end' || !this.mayBecomeKey(this.dropped + this.head)))
        return token;
      this.scanToken();
    }
  }

  /** Skips the token that `peek` returned. */
  skip(): void {
    this.head += 1;
    if (this.head < MAX_TAKEN_TOKENS) return;
    this.tokens = this.tokens.slice(this.head);
    this.dropped += this.head;
    this.head = 0;
  }

  /** Whether a colon that follows may still make the token at this index a key. */
  private mayBecomeKey(index: number): boolean {
    this.dropStaleKeys();
    for (let level = 0; level <= this.flowLevel; level += 1) if (this.simpleKeys[level]?.index === index) return true;
    return false;
  }

  private scanToken(): void {
    this.skipToToken();
    this.dropStaleKeys();
    this.unwindIndent(this.cursor.column);
    const { cursor } = this;
    const character = String.fromCharCode(cursor.peek());
    if (cursor.peek() === 0) this.addStreamEnd();
    else if (character === '%' && cursor.column === 0) this.addDirective();
    else if (cursor.isAtMarker('---')) this.addDocumentMarker('document-start');
    else if (cursor.isAtMarker('...')) this.addDocumentMarker('document-end');
    else if (!this.addFlowIndicator(character) && !this.addBlockIndicator(character)) this.addContent(character);
  }

  private skipToToken(): void {
    const { cursor } = this;
    for (;;) {
      while (cursor.peek() === 32 || (cursor.peek() === 9 && this.flowLevel > 0)) cursor.take(1);
      if (cursor.peek() === 35) cursor.takeUntil(isBreakOrEnd);
      if (cursor.takeBreak() === '') return;
      if (this.flowLevel === 0) this.allowSimpleKey = true;
    }
  }

  private add(kind: TokenKind, start: number, value = '', isPlain = false, end = this.cursor.offset): void {
    this.tokens.push({ kind, start, end, value, isPlain });
  }

  private addIndicator(kind: TokenKind, length = 1): void {
    const start = this.cursor.offset;
    this.cursor.take(length);
    this.add(kind, start);
  }

  private addStreamEnd(): void {
    this.unwindIndent(-1);
    this.dropKey();
    this.simpleKeys.length = 0;
    this.add('stream-end', this.cursor.offset);
  }

  private addDocumentMarker(kind: TokenKind): void {
    this.unwindIndent(-1);
    this.dropKey();
    this.allowSimpleKey = false;
    this.addIndicator(kind, 3);
  }

  private addDirective(): void {
    this.unwindIndent(-1);
    this.dropKey();
    this.allowSimpleKey = false;
    const start = this.cursor.offset;
    this.add(
      'directive',
      start,
      this.cursor
        .takeUntil(isBreakOrEnd)
        .replace(/\s#.*$/u, '')
        .trimEnd(),
    );
  }

  private addFlowIndicator(character: string): boolean {
    const [start, end] = [FLOW_STARTS[character], FLOW_ENDS[character]];
    if (start !== undefined) {
      this.saveKey();
      this.flowLevel += 1;
      this.allowSimpleKey = true;
      this.addIndicator(start);
      return true;
    }
    if (end === undefined && character !== ',') return false;
    this.dropKey();
    this.allowSimpleKey = end === undefined;
    if (end !== undefined) this.flowLevel = Math.max(0, this.flowLevel - 1);
    this.addIndicator(end ?? 'flow-entry');
    return true;
  }

  private addBlockIndicator(character: string): boolean {
    const isFollowedByBlank = isBlankOrBreak(this.cursor.peek(1));
    if (character === '-' && isFollowedByBlank) {
      this.addEntry();
      return true;
    }
    if (!isFollowedByBlank && this.flowLevel === 0) return false;
    if (character === '?') this.addKey();
    else if (character === ':') this.addValue();
    else return false;
    return true;
  }

  private addEntry(): void {
    this.openBlock('block-sequence-start', 'a list item is not allowed here: check the indentation');
    this.allowSimpleKey = true;
    this.dropKey();
    this.addIndicator('block-entry');
  }

  private addKey(): void {
    this.openBlock('block-mapping-start', 'a mapping key is not allowed here: check the indentation');
    this.allowSimpleKey = this.flowLevel === 0;
    this.dropKey();
    this.addIndicator('key');
  }

  private addValue(): void {
    const key = this.simpleKeys[this.flowLevel];
    this.simpleKeys[this.flowLevel] = undefined;
    if (key !== undefined) {
      const opens = this.flowLevel === 0 && this.pushIndent(key.column);
      const at = { start: key.offset, end: key.offset, value: '', isPlain: false };
      this.tokens.splice(
        key.index - this.dropped,
        0,
        ...(opens ? [{ kind: 'block-mapping-start' as const, ...at }] : []),
        {
          kind: 'key',
          ...at,
        },
      );
      this.allowSimpleKey = false;
    } else {
      this.openBlock('block-mapping-start', 'a mapping value is not allowed here: quote the text before the colon');
      this.allowSimpleKey = this.flowLevel === 0;
      this.dropKey();
    }
    this.addIndicator('value');
  }

  private openBlock(kind: TokenKind, message: string): void {
    if (this.flowLevel > 0) return;
    if (!this.allowSimpleKey) throw this.cursor.createError(message);
    if (this.pushIndent(this.cursor.column)) this.add(kind, this.cursor.offset);
  }

  private addContent(character: string): void {
    const { cursor } = this;
    const start = cursor.offset;
    if ((character === '|' || character === '>') && this.flowLevel === 0) {
      this.allowSimpleKey = true;
      this.dropKey();
      const { value, end } = scanBlockScalar(cursor, this.indent);
      this.add('scalar', start, value, false, end);
      return;
    }
    if (!this.isContentStart(character)) throw this.createStartError(character);
    this.saveKey();
    this.allowSimpleKey = false;
    if (character === '*' || character === '&') this.addAnchor(character === '*' ? 'alias' : 'anchor');
    else if (character === '!') this.add('tag', start, scanTag(cursor));
    else if (character === "'" || character === '"') this.add('scalar', start, scanQuoted(cursor).value);
    else {
      const options = { isFlow: this.flowLevel > 0, minColumn: this.indent + 1 };
      const { value, end, endsLine } = scanPlain(cursor, options);
      this.allowSimpleKey = endsLine;
      this.add('scalar', start, value, true, end);
    }
  }

  private isContentStart(character: string): boolean {
    if ('*&!\'"'.includes(character)) return true;
    if (!isBlankOrBreak(this.cursor.peek()) && !INDICATORS.includes(character)) return true;
    const canContinue = !isBlankOrBreak(this.cursor.peek(1));
    return canContinue && (character === '-' || (this.flowLevel === 0 && '?:'.includes(character)));
  }

  private createStartError(character: string): Error {
    if (character === '\t') return this.cursor.createError('tabs are not allowed as indentation: use spaces');
    return this.cursor.createError(`a value cannot start with '${character}': quote it`);
  }

  private addAnchor(kind: 'alias' | 'anchor'): void {
    const start = this.cursor.offset;
    this.add(kind, start, scanAnchor(this.cursor, kind));
  }

  private saveKey(): void {
    const { line, column, offset } = this.cursor;
    const isRequired = this.flowLevel === 0 && this.indent === column;
    if (!this.allowSimpleKey) return;
    this.dropKey();
    this.simpleKeys[this.flowLevel] = { index: this.dropped + this.tokens.length, isRequired, line, column, offset };
  }

  private dropKey(): void {
    const key = this.simpleKeys[this.flowLevel];
    if (key === undefined) return;
    this.simpleKeys[this.flowLevel] = undefined;
    if (key.isRequired) throw this.createMissingColonError(key);
  }

  private dropStaleKeys(): void {
    const { line, offset } = this.cursor;
    for (let level = 0; level <= this.flowLevel; level += 1) {
      const key = this.simpleKeys[level];
      if (key === undefined || (key.line === line && offset - key.offset <= MAX_KEY_LENGTH)) continue;
      if (key.isRequired) throw this.createMissingColonError(key);
      this.simpleKeys[level] = undefined;
    }
  }

  private createMissingColonError({ offset }: SimpleKey): Error {
    return this.cursor.createError("a key without ':'", offset);
  }

  private pushIndent(column: number): boolean {
    if (this.indent >= column) return false;
    this.indents.push(this.indent);
    this.indent = column;
    return true;
  }

  private unwindIndent(column: number): void {
    if (this.flowLevel > 0) return;
    while (this.indent > column) {
      this.indent = this.indents.pop() ?? -1;
      this.add('block-end', this.cursor.offset);
    }
  }
}
