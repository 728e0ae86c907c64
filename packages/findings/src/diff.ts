/** Lines that are new in a file, first and last, counted from 1. */
export type LineRange = readonly [first: number, last: number];

/** One place of a file that changed. */
export interface Hunk {
  /** Its lines as they are now; where lines were only removed, the last is before the first. */
  readonly lines: LineRange;
  /** By how much it moved the lines behind it. */
  readonly shift: number;
}

/** What changed: a file that is not there has not. */
export type ChangedLines = ReadonlyMap<string, readonly Hunk[]>;

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** Git puts names with control characters or quotes in quotes, with the escapes of C. */
const unquote = (name: string): string => {
  if (!name.startsWith('"')) return name.replace(/\t$/u, '');
  const bytes = [...name.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gu)].map(([, octal, letter, plain]) => {
    if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8)]);
    if (letter === undefined) return Buffer.from(plain ?? '');
    const code = ESCAPES[letter];
    return code === undefined ? Buffer.from(letter) : Buffer.from([code]);
  });
  return Buffer.concat(bytes).toString('utf8');
};

/** Git has the pointer of a large file, scanners its content: lines of one tell nothing of the other. */
const POINTER = /^\+(?:version https:\/\/git-lfs|oid sha256:[0-9a-f]{64}$)/u;

/** Every line there is. */
const ALL: Hunk = { lines: [1, Number.POSITIVE_INFINITY], shift: 0 };

const HUNK = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u;

/** Counts a hunk's lines, because the changed code may itself look like the head of another file. */
class DiffReader {
  readonly changes = new Map<string, Hunk[]>();
  private file: string | undefined;
  private left = 0;

  read(line: string): void {
    if (this.left > 0) {
      if (!line.startsWith('\\')) this.left -= 1;
      if (POINTER.test(line)) this.add(ALL);
      return;
    }
    if (line.startsWith('+++ ')) this.open(unquote(line.slice(4)));
    const [, removed = '1', first = '0', added = '1'] = HUNK.exec(line) ?? [];
    if (!line.startsWith('@@ ')) return;
    const [gone, come] = [Number(removed), Number(added)];
    this.left = gone + come;
    // Of lines that are only removed, git names the line before.
    const start = come === 0 ? Number(first) + 1 : Number(first);
    this.add({ lines: [start, start + come - 1], shift: come - gone });
  }

  private open(name: string): void {
    this.file = name === '/dev/null' ? undefined : name.replace(/^b\//u, '');
    if (this.file !== undefined) this.changes.set(this.file, []);
  }

  private add(hunk: Hunk): void {
    if (this.file !== undefined) this.changes.get(this.file)?.push(hunk);
  }
}

/**
 * Reads `git diff --unified=0` with the prefixes `a/` and `b/`.
 * @param whole files of which the diff shows no lines, though they have changed
 */
export const parseChanges = (diff: string, whole: readonly string[] = []): ChangedLines => {
  const reader = new DiffReader();
  for (const line of diff.split('\n')) reader.read(line);
  for (const file of whole) reader.changes.set(file, [ALL]);
  return reader.changes;
};

/** Do lines of a file touch what changed? */
export const touches = (changes: ChangedLines, file: string, [first, last]: LineRange): boolean =>
  (changes.get(file) ?? []).some(({ lines: [from, to] }) => first <= to && from <= last);

/** Where lines that did not change were before; undefined for lines that did. */
export const linesBefore = (changes: ChangedLines, file: string, [first, last]: LineRange): LineRange | undefined => {
  if (touches(changes, file, [first, last])) return undefined;
  const hunks = changes.get(file) ?? [];
  const moved = hunks.filter(({ lines: [, to] }) => to < first).reduce((sum, { shift }) => sum + shift, 0);
  return [first - moved, last - moved];
};
