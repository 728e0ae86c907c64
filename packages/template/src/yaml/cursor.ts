import { TemplateError } from '../error.js';

/** The end of the text, or a line break of YAML 1.1. */
export const isBreakOrEnd = (code: number): boolean =>
  code === 0 || code === 10 || code === 13 || code === 0x85 || code === 0x2028 || code === 0x2029;

/** The end of the text, a line break or a space; tabs are excluded. */
export const isSpaceOrBreak = (code: number): boolean => code === 32 || isBreakOrEnd(code);

/** The end of the text, a line break, a space or a tab. */
export const isBlankOrBreak = (code: number): boolean => code === 32 || code === 9 || isBreakOrEnd(code);

const UNPRINTABLE = /[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

export interface ReadOptions {
  /** Strings are read as JSON has them: with the escape `\\/`, and with characters that are line breaks in YAML 1.1. */
  readonly isJson?: boolean;
}

/** Position in a text, with the column that indentation is measured by. */
export class Cursor {
  /** Offset in the text. */
  offset = 0;
  /** From 0. */
  line = 0;
  private lineStart = 0;

  /** @throws TemplateError `syntax` for a character that YAML excludes */
  constructor(
    readonly text: string,
    readonly options: ReadOptions = {},
  ) {
    if (options.isJson !== true) this.assertPrintable();
    // A byte order mark has no column.
    if (text.startsWith('\u{feff}')) this.offset = this.lineStart = 1;
  }

  /** From 0. */
  get column(): number {
    return this.offset - this.lineStart;
  }

  /** The UTF-16 code unit at a distance; 0 at the end. */
  peek(distance = 0): number {
    const code = this.text.charCodeAt(this.offset + distance);
    return Number.isNaN(code) ? 0 : code;
  }

  startsWith(prefix: string): boolean {
    return this.text.startsWith(prefix, this.offset);
  }

  /** Skips characters that are not line breaks, and returns them. */
  take(length: number): string {
    const start = this.offset;
    this.offset += length;
    return this.text.slice(start, this.offset);
  }

  /** Skips and returns characters up to the first that is excluded. */
  takeUntil(isExcluded: (code: number) => boolean): string {
    let length = 0;
    while (!isExcluded(this.peek(length))) length += 1;
    return this.take(length);
  }

  /** Skips and returns a line break, normalised; empty if there is none. */
  takeBreak(): string {
    const code = this.peek();
    if (code === 0 || !isBreakOrEnd(code)) return '';
    this.offset += code === 13 && this.peek(1) === 10 ? 2 : 1;
    this.line += 1;
    this.lineStart = this.offset;
    return code === 0x2028 || code === 0x2029 ? String.fromCharCode(code) : '\n';
  }

  /** Whether a document marker (`---` or `...`) is at the start of this line. */
  isAtMarker(marker: string): boolean {
    return this.column === 0 && this.startsWith(marker) && isBlankOrBreak(this.peek(3));
  }

  createError(message: string, offset = this.offset): TemplateError {
    return new TemplateError('syntax', message, { position: locate(this.text, offset) });
  }

  private assertPrintable(): void {
    const match = UNPRINTABLE.exec(this.text);
    if (match === null) return;
    const code = (match[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
    throw this.createError(`character U+${code} is not allowed: remove it`, match.index);
  }
}

/** Line and column, from 1, of an offset in a text; only for errors, since it reads the text from the start. */
const locate = (text: string, offset: number): { line: number; column: number } => {
  const lines = text.slice(0, offset).split(/\r\n|[\r\n\u0085\u2028\u2029]/u);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
};
