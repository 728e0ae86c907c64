/** A SARIF log without its results, which are read one by one: as objects, all of them would take much memory. */
export interface SplitLog {
  /** JSON of the log; each list of results has the positions of its results in place of them. */
  readonly frame: string;
  readonly results: ResultTexts;
}

interface ResultList {
  /** Path of the list in the log. */
  readonly path: readonly PropertyKey[];
  /** Position of its first result among all results. */
  readonly first: number;
}

/** The JSON texts of all results of a log, by position. */
export class ResultTexts {
  private readonly ranges: number[] = [];
  private readonly lists: ResultList[] = [];

  constructor(private readonly bytes: Buffer) {}

  get count(): number {
    return this.ranges.length / 2;
  }

  startList(path: readonly PropertyKey[]): void {
    this.lists.push({ path, first: this.count });
  }

  add(start: number, end: number): void {
    this.ranges.push(start, end);
  }

  getText(position: number): string {
    return this.bytes.toString('utf8', this.ranges[2 * position], this.ranges[2 * position + 1]);
  }

  /** Path of a result in the log, for messages. */
  getPath(position: number): readonly PropertyKey[] {
    const list = this.lists.findLast(({ first }) => first <= position);
    return list === undefined ? [] : [...list.path, position - list.first];
  }
}

const code = (character: string): number => character.charCodeAt(0);

const [QUOTE, BACKSLASH, COMMA, COLON] = [code('"'), code('\\'), code(','), code(':')];
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_ARRAY, CLOSE_ARRAY] = [code('{'), code('}'), code('['), code(']')];
/** Reports write nested values recursively. */
const MAX_DEPTH = 500;

const WHITESPACE: readonly number[] = [code(' '), code('\t'), code('\n'), code('\r')];

const isOpening = (byte: number | undefined): boolean => byte === OPEN_OBJECT || byte === OPEN_ARRAY;
const isClosing = (byte: number | undefined): boolean => byte === CLOSE_OBJECT || byte === CLOSE_ARRAY;

type Visit = (path: readonly PropertyKey[]) => void;

/**
 * Finds the results in the bytes of a log. It follows objects and lists only as far as needed, and does not check what it
 * skips: the frame and each result are parsed later.
 */
class LogScanner {
  readonly results: ResultTexts;
  private readonly frame: string[] = [];
  private position = 0;
  /** Start of the bytes that are not part of the frame yet. */
  private pending = 0;

  constructor(private readonly bytes: Buffer) {
    this.results = new ResultTexts(bytes);
  }

  /** @throws SyntaxError for text that is not JSON */
  scan(): SplitLog {
    this.visitMembers([], (path) => {
      if (path[0] === 'runs' || path[0] === 'inlineExternalProperties') this.visitItems(path, this.visitRun);
      else this.skipValue();
    });
    this.frame.push(this.bytes.toString('utf8', this.pending));
    return { frame: this.frame.join(''), results: this.results };
  }

  private readonly visitRun: Visit = (runPath) => {
    this.visitMembers(runPath, (path) => {
      if (path.at(-1) !== 'results' || this.peek() !== OPEN_ARRAY) this.skipValue();
      else {
        this.results.startList(path);
        this.visitItems(path, () => this.recordResult());
      }
    });
  };

  private recordResult(): void {
    const start = this.position;
    this.skipValue();
    this.frame.push(this.bytes.toString('utf8', this.pending, start), String(this.results.count));
    this.pending = this.position;
    this.results.add(start, this.position);
  }

  /** Calls back at the value of each member of an object; skips other values. */
  private visitMembers(path: readonly PropertyKey[], visit: Visit): void {
    if (this.peek() !== OPEN_OBJECT) {
      this.skipValue();
      return;
    }
    const names = new Set<string>();
    this.visitList(CLOSE_OBJECT, () => {
      const start = this.position;
      this.skipString();
      const name = String(JSON.parse(this.bytes.toString('utf8', start, this.position)));
      // Only the last one would be read.
      if (names.has(name)) throw new SyntaxError(`duplicate member ${JSON.stringify(name)} at position ${start}`);
      names.add(name);
      this.expect(COLON);
      this.peek();
      visit([...path, name]);
    });
  }

  /** Calls back at each item of a list; skips other values. */
  private visitItems(path: readonly PropertyKey[], visit: Visit): void {
    if (this.peek() !== OPEN_ARRAY) {
      this.skipValue();
      return;
    }
    let index = 0;
    this.visitList(CLOSE_ARRAY, () => {
      visit([...path, index]);
      index += 1;
    });
  }

  private visitList(close: number, visitNext: () => void): void {
    this.position += 1;
    if (this.peek() === close) {
      this.position += 1;
      return;
    }
    for (;;) {
      this.peek();
      visitNext();
      if (this.peek() === close) break;
      this.expect(COMMA);
    }
    this.position += 1;
  }

  /** Skips whitespace, and returns the next byte. */
  private peek(): number {
    while (WHITESPACE.includes(this.bytes[this.position] ?? 0)) this.position += 1;
    return this.bytes[this.position] ?? this.fail();
  }

  private expect(byte: number): void {
    if (this.peek() !== byte) this.fail();
    this.position += 1;
  }

  private skipString(): void {
    if (this.bytes[this.position] !== QUOTE) this.fail();
    this.position = this.findStringEnd(this.position);
  }

  /** The position after the string that starts at a position. */
  private findStringEnd(start: number): number {
    const { bytes } = this;
    for (let index = start + 1; index < bytes.length; index += 1) {
      if (bytes[index] === BACKSLASH) index += 1;
      else if (bytes[index] === QUOTE) return index + 1;
    }
    return this.fail();
  }

  private skipValue(): void {
    const end = this.findValueEnd(this.position);
    if (end === this.position) this.fail();
    this.position = end;
  }

  private findValueEnd(start: number): number {
    const { bytes } = this;
    let depth = 0;
    let index = start;
    for (; index < bytes.length; index += 1) {
      const byte = bytes[index];
      if (byte === QUOTE) index = this.findStringEnd(index) - 1;
      else if (depth === 0 && (byte === COMMA || isClosing(byte))) break;
      else if (isOpening(byte)) depth += 1;
      else if (isClosing(byte)) depth -= 1;
      if (depth > MAX_DEPTH) throw new SyntaxError(`values are nested deeper than ${MAX_DEPTH} levels`);
    }
    return depth > 0 ? this.fail() : index;
  }

  private fail(): never {
    throw new SyntaxError(`unexpected content at position ${this.position}`);
  }
}

/**
 * Splits the JSON of a log, as UTF-8, into its results and the rest.
 * @throws SyntaxError for text that is not JSON
 */
export const splitLog = (bytes: Buffer): SplitLog => new LogScanner(bytes).scan();
