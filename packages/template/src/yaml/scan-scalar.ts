import { type Cursor, isBlankOrBreak, isBreakOrEnd, isSpaceOrBreak } from './cursor.js';

/** Content of a scalar and the offset behind it. */
export interface ScannedScalar {
  readonly value: string;
  readonly end: number;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '0': '\0',
  a: '\x07',
  b: '\x08',
  t: '\t',
  n: '\n',
  v: '\x0b',
  f: '\x0c',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

const HEX_LENGTHS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const isSpaceOrTab = (code: number): boolean => code === 32 || code === 9;
/** `,`, `[`, `]`, `{` or `}`. */
const isFlowIndicator = (code: number): boolean =>
  code === 44 || code === 91 || code === 93 || code === 123 || code === 125;

const scanHexEscape = (cursor: Cursor, length: number): string => {
  const hex = cursor.text.slice(cursor.offset, cursor.offset + length);
  const code = /^[0-9A-Fa-f]+$/u.test(hex) && hex.length === length ? Number.parseInt(hex, 16) : Number.NaN;
  if (Number.isNaN(code) || code > 0x10ffff) throw cursor.createError(`'\\${hex}' is not an escape sequence`);
  cursor.take(length);
  return String.fromCodePoint(code);
};

const scanEscape = (cursor: Cursor): string => {
  cursor.take(1);
  const name = String.fromCharCode(cursor.peek());
  const simple = Object.hasOwn(ESCAPES, name) ? ESCAPES[name] : undefined;
  if (simple !== undefined) {
    cursor.take(1);
    return simple;
  }
  const hexLength = Object.hasOwn(HEX_LENGTHS, name) ? HEX_LENGTHS[name] : undefined;
  if (hexLength !== undefined) {
    cursor.take(1);
    return scanHexEscape(cursor, hexLength);
  }
  if (cursor.takeBreak() !== '') return scanQuotedBreaks(cursor);
  throw cursor.createError(`'\\${name}' is not an escape sequence: write \\\\ for a backslash`);
};

const scanQuotedBreaks = (cursor: Cursor): string => {
  let breaks = '';
  for (;;) {
    if (cursor.isAtMarker('---') || cursor.isAtMarker('...')) throw cursor.createError('a quoted string is not closed');
    while (isSpaceOrTab(cursor.peek())) cursor.take(1);
    const lineBreak = cursor.takeBreak();
    if (lineBreak === '') return breaks;
    breaks += lineBreak;
  }
};

/** Whitespace inside quotes: a line break is a space, further ones are kept; continuation lines need no indentation. */
const scanQuotedSpaces = (cursor: Cursor, start: number): string => {
  const spaces = cursor.takeUntil((code) => !isSpaceOrTab(code));
  if (cursor.peek() === 0) throw cursor.createError('a quoted string is not closed', start);
  const lineBreak = cursor.takeBreak();
  if (lineBreak === '') return spaces;
  const breaks = scanQuotedBreaks(cursor);
  if (lineBreak !== '\n') return lineBreak + breaks;
  return breaks === '' ? ' ' : breaks;
};

const scanQuotedText = (cursor: Cursor, quote: string): string => {
  const isDouble = quote === '"';
  let text = '';
  for (;;) {
    text += cursor.takeUntil((code) => isBlankOrBreak(code) || code === 39 || code === 34 || code === 92);
    const character = String.fromCharCode(cursor.peek());
    if (isDouble && character === '\\') text += scanEscape(cursor);
    else if (!isDouble && cursor.startsWith("''")) {
      cursor.take(2);
      text += "'";
    } else if (character !== quote && `'"\\`.includes(character)) text += cursor.take(1);
    else return text;
  }
};

/** Scans a string of JSON at the cursor; undefined if it is not one. */
const scanJsonString = (cursor: Cursor): string | undefined => {
  const pattern = /"[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*"/y;
  pattern.lastIndex = cursor.offset;
  const [literal] = pattern.exec(cursor.text) ?? [];
  if (literal === undefined) return undefined;
  try {
    const value: unknown = JSON.parse(literal);
    cursor.take(literal.length);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
};

/** Scans a single- or double-quoted scalar at the cursor. */
export const scanQuoted = (cursor: Cursor): ScannedScalar => {
  const start = cursor.offset;
  const json = cursor.options.isJson === true ? scanJsonString(cursor) : undefined;
  if (json !== undefined) return { value: json, end: cursor.offset };
  const quote = cursor.take(1);
  let value = scanQuotedText(cursor, quote);
  while (cursor.peek() !== quote.charCodeAt(0)) {
    value += scanQuotedSpaces(cursor, start);
    value += scanQuotedText(cursor, quote);
  }
  cursor.take(1);
  return { value, end: cursor.offset };
};

const isPlainEnd = (cursor: Cursor, distance: number, isFlow: boolean): boolean => {
  const code = cursor.peek(distance);
  if (isBlankOrBreak(code)) return true;
  if (code === 58) {
    const next = cursor.peek(distance + 1);
    return isBlankOrBreak(next) || (isFlow && isFlowIndicator(next));
  }
  return isFlow && (code === 63 || isFlowIndicator(code));
};

interface PlainSpaces {
  /** Text between two parts of the scalar; empty if the scalar ends. */
  readonly text: string;
  readonly hasBreak: boolean;
}

const scanPlainSpaces = (cursor: Cursor): PlainSpaces => {
  const spaces = cursor.takeUntil((code) => !isSpaceOrTab(code));
  const lineBreak = cursor.takeBreak();
  if (lineBreak === '') return { text: spaces, hasBreak: false };
  let breaks = '';
  while (!(cursor.startsWith('---') || cursor.isAtMarker('...'))) {
    while (cursor.peek() === 32) cursor.take(1);
    const next = cursor.takeBreak();
    if (next === '') {
      const text = lineBreak === '\n' ? breaks || ' ' : lineBreak + breaks;
      return { text, hasBreak: true };
    }
    breaks += next;
  }
  return { text: '', hasBreak: true };
};

export interface PlainOptions {
  readonly isFlow: boolean;
  /** Least column of continuation lines outside of flow collections. */
  readonly minColumn: number;
}

/** Scans a plain scalar at the cursor; `endsLine` if a line break follows it. */
export const scanPlain = (
  cursor: Cursor,
  { isFlow, minColumn }: PlainOptions,
): ScannedScalar & { readonly endsLine: boolean } => {
  let [value, spaces, end, endsLine] = ['', '', cursor.offset, false];
  while (cursor.peek() !== 35) {
    let length = 0;
    while (!isPlainEnd(cursor, length, isFlow)) length += 1;
    if (length === 0) break;
    value += spaces + cursor.take(length);
    end = cursor.offset;
    const scanned = scanPlainSpaces(cursor);
    spaces = scanned.text;
    endsLine = scanned.hasBreak;
    if (spaces === '' || (!isFlow && cursor.column < minColumn)) break;
  }
  return { value, end, endsLine };
};

type Chomping = 'strip' | 'clip' | 'keep';

interface BlockHeader {
  readonly chomping: Chomping;
  /** Indentation indicator; undefined: detected. */
  readonly increment: number | undefined;
}

const scanBlockHeader = (cursor: Cursor): BlockHeader => {
  const start = cursor.offset;
  const header = cursor.takeUntil(isSpaceOrBreak);
  const match = /^(?:([+-])([1-9])?|([1-9])([+-])?)?$/u.exec(header);
  if (match === null) throw cursor.createError(`'${header}' is not the header of a block scalar`, start);
  const sign = match[1] ?? match[4];
  const digit = match[2] ?? match[3];
  while (cursor.peek() === 32) cursor.take(1);
  if (cursor.peek() === 35) cursor.takeUntil(isBreakOrEnd);
  if (cursor.peek() !== 0 && cursor.takeBreak() === '')
    throw cursor.createError('a block scalar must start on the next line');
  return {
    chomping: sign === '+' ? 'keep' : sign === '-' ? 'strip' : 'clip',
    increment: digit === undefined ? undefined : Number(digit),
  };
};

interface BlockBreaks {
  readonly breaks: string;
  readonly end: number;
}

const scanBlockIndentation = (cursor: Cursor): BlockBreaks & { readonly maxColumn: number } => {
  let [breaks, maxColumn, end] = ['', 0, cursor.offset];
  for (;;) {
    if (cursor.peek() === 32) {
      cursor.take(1);
      maxColumn = Math.max(maxColumn, cursor.column);
      continue;
    }
    const lineBreak = cursor.takeBreak();
    if (lineBreak === '') return { breaks, maxColumn, end };
    breaks += lineBreak;
    end = cursor.offset;
  }
};

const scanBlockBreaks = (cursor: Cursor, indent: number): BlockBreaks => {
  let [breaks, end] = ['', cursor.offset];
  for (;;) {
    while (cursor.column < indent && cursor.peek() === 32) cursor.take(1);
    const lineBreak = cursor.takeBreak();
    if (lineBreak === '') return { breaks, end };
    breaks += lineBreak;
    end = cursor.offset;
  }
};

const isAtBlockLine = (cursor: Cursor, indent: number): boolean => cursor.column === indent && cursor.peek() !== 0;

/** Scans the lines of a block scalar; folds them unless a line is more indented. */
const scanBlockLines = (cursor: Cursor, indent: number, isFolded: boolean, first: BlockBreaks) => {
  let [text, lineBreak, { breaks, end }] = ['', '', first];
  let pending = breaks;
  while (isAtBlockLine(cursor, indent)) {
    text += pending;
    const startsWithText = !isSpaceOrTab(cursor.peek());
    text += cursor.takeUntil(isBreakOrEnd);
    lineBreak = cursor.takeBreak();
    ({ breaks, end } = scanBlockBreaks(cursor, indent));
    pending = breaks;
    if (!isAtBlockLine(cursor, indent)) break;
    const folds = isFolded && lineBreak === '\n' && startsWithText && !isSpaceOrTab(cursor.peek());
    if (!folds) text += lineBreak;
    else if (breaks === '') text += ' ';
  }
  return { text, lineBreak, breaks: pending, end };
};

/** Scans a literal (`|`) or folded (`>`) scalar at the cursor, inside a collection of this indentation. */
export const scanBlockScalar = (cursor: Cursor, parentIndent: number): ScannedScalar => {
  const isFolded = cursor.take(1) === '>';
  const { chomping, increment } = scanBlockHeader(cursor);
  const minIndent = Math.max(1, parentIndent + 1);
  const detected = increment === undefined ? scanBlockIndentation(cursor) : undefined;
  const indent = detected === undefined ? minIndent + (increment ?? 1) - 1 : Math.max(minIndent, detected.maxColumn);
  const first = detected ?? scanBlockBreaks(cursor, indent);
  const { text, lineBreak, breaks, end } = scanBlockLines(cursor, indent, isFolded, first);
  const tail = chomping === 'strip' ? '' : chomping === 'clip' ? lineBreak : lineBreak + breaks;
  return { value: text + tail, end };
};
