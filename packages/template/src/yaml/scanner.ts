import { Cursor, isBlankOrBreak, isBreakOrEnd, isSpaceOrBreak, type ReadOptions } from './cursor.js';
import { scanBlockScalar, scanPlain, scanQuoted } from './scan-scalar.js';
import { NO_HANDLE, type Token, type TokenKind } from './token.js';

/** A token that becomes a key if a colon follows it on the same line. */
interface SimpleKey {
  /** Index among the tokens. */
  readonly index: number;
  readonly isRequired: boolean;
  readonly offset: number;
  readonly line: number;
  readonly column: number;
}

/** Limit of a key without `?`, in characters. */
const MAX_KEY_LENGTH = 1024;

const FLOW_STARTS: Readonly<Record<string, TokenKind>> = { '[': 'flow-sequence-start', '{': 'flow-mapping-start' };
const FLOW_ENDS: Readonly<Record<string, TokenKind>> = { ']': 'flow-sequence-end', '}': 'flow-mapping-end' };

const INDICATORS = '-?:,[]{}#&*!|>\'"%@`';

/** Splits YAML 1.1 into tokens by the rules of SnakeYAML, which CloudFormation uses. */
export class Scanner {
  private readonly cursor: Cursor;
  private readonly tokens: Token[] = [];
  private readonly simpleKeys = new Map<number, SimpleKey>();
  private readonly indents: number[] = [];
  private indent = -1;
  private flowLevel = 0;
  private allowSimpleKey = true;

  constructor(text: string, options: ReadOptions) {
    this.cursor = new Cursor(text, options);
  }

  /** @throws TemplateError `syntax` with the position */
  scan(): readonly Token[] {
    while (this.tokens.at(-1)?.kind !== 'stream-end') this.scanToken();
    return this.tokens;
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
    this.add('directive', start, this.cursor.takeUntil(isBreakOrEnd).replace(/\s+#.*$/u, ''));
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
    const key = this.simpleKeys.get(this.flowLevel);
    this.simpleKeys.delete(this.flowLevel);
    if (key !== undefined) {
      const opens = this.flowLevel === 0 && this.pushIndent(key.column);
      const at = { start: key.offset, end: key.offset, value: '', isPlain: false };
      this.tokens.splice(key.index, 0, ...(opens ? [{ kind: 'block-mapping-start' as const, ...at }] : []), {
        kind: 'key',
        ...at,
      });
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
    else if (character === '!') this.add('tag', start, this.scanTag());
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
    this.cursor.take(1);
    const name = this.cursor.takeUntil(
      (code) => isBlankOrBreak(code) || ':,[]{}/.*&'.includes(String.fromCharCode(code)),
    );
    const next = this.cursor.peek();
    if (name === '' || !(isBlankOrBreak(next) || '?:,]}%@`'.includes(String.fromCharCode(next))))
      throw this.cursor.createError(`the name of an ${kind} is not valid: use letters, digits, hyphens or underscores`);
    this.add(kind, start, name);
  }

  private scanTag(): string {
    const { cursor } = this;
    const start = cursor.offset;
    const text = cursor.takeUntil(isSpaceOrBreak);
    const [, verbatim] = /^!<([^>]+)>$/u.exec(text) ?? [];
    if (verbatim !== undefined) return `${NO_HANDLE} ${decodeTag(verbatim)}`;
    if (text === '!') return `${NO_HANDLE} !`;
    const [, handle = '', suffix = ''] = /^(!(?:[\w-]*!)?)([\w\-;/?:@&=+$,.!~*'()[\]%]+)$/u.exec(text) ?? [];
    if (suffix === '') throw cursor.createError(`'${text}' is not a tag`, start);
    return `${handle} ${decodeTag(suffix)}`;
  }

  private saveKey(): void {
    const { line, column, offset } = this.cursor;
    const isRequired = this.flowLevel === 0 && this.indent === column;
    if (!this.allowSimpleKey) return;
    this.dropKey();
    this.simpleKeys.set(this.flowLevel, { index: this.tokens.length, isRequired, line, column, offset });
  }

  private dropKey(): void {
    const key = this.simpleKeys.get(this.flowLevel);
    if (key === undefined) return;
    this.simpleKeys.delete(this.flowLevel);
    if (key.isRequired) throw this.createMissingColonError(key);
  }

  private dropStaleKeys(): void {
    const { line, offset } = this.cursor;
    for (const [level, key] of this.simpleKeys) {
      if (key.line === line && offset - key.offset <= MAX_KEY_LENGTH) continue;
      if (key.isRequired) throw this.createMissingColonError(key);
      this.simpleKeys.delete(level);
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

/** Decodes `%41` in a tag; a malformed escape is kept. */
const decodeTag = (suffix: string): string => {
  try {
    return decodeURIComponent(suffix);
  } catch {
    return suffix;
  }
};
