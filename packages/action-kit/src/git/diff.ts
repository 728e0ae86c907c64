/** First and last line, starting at 1. */
export type LineRange = readonly [first: number, last: number];

/** A changed part of a file. */
export interface Hunk {
  /** Its lines in the new version; if lines were only removed, the last is before the first. */
  readonly lines: LineRange;
  /** Offset of the lines after it: added minus removed lines. */
  readonly shift: number;
}

/** Hunks by file; unchanged files are not included. */
export type ChangedLines = ReadonlyMap<string, readonly Hunk[]>;

const ESCAPES: Readonly<Record<string, number>> = { a: 7, b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/** Git quotes paths with control characters or quotes, with C escapes. */
const decodeQuotedPath = (name: string): string => {
  if (!name.startsWith('"')) return name.replace(/\t$/u, '');
  const bytes = [...name.slice(1, -1).matchAll(/\\([0-7]{3})|\\(.)|([^\\]+)/gu)].map(([, octal, letter, plain]) => {
    if (octal !== undefined) return Buffer.from([Number.parseInt(octal, 8)]);
    if (letter === undefined) return Buffer.from(plain ?? '');
    const code = ESCAPES[letter];
    return code === undefined ? Buffer.from(letter) : Buffer.from([code]);
  });
  return Buffer.concat(bytes).toString('utf8');
};

/** For a Git LFS file, git diffs the pointer while scanners see the content: the lines do not correspond. */
const LFS_POINTER_LINE = /^\+(?:version https:\/\/git-lfs|oid sha256:[0-9a-f]{64}$)/u;

const WHOLE_FILE: Hunk = { lines: [1, Number.POSITIVE_INFINITY], shift: 0 };

const HUNK_HEADER = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u;

/** Counts the lines of each hunk, because changed code may look like a diff header. */
class DiffReader {
  readonly changes = new Map<string, Hunk[]>();
  private file: string | undefined;
  private remainingLines = 0;

  read(line: string): void {
    if (this.remainingLines > 0) {
      if (!line.startsWith('\\')) this.remainingLines -= 1;
      if (LFS_POINTER_LINE.test(line)) this.add(WHOLE_FILE);
      return;
    }
    if (line.startsWith('+++ ')) this.open(decodeQuotedPath(line.slice(4)));
    const [, removed = '1', first = '0', added = '1'] = HUNK_HEADER.exec(line) ?? [];
    if (!line.startsWith('@@ ')) return;
    const [removedCount, addedCount] = [Number(removed), Number(added)];
    this.remainingLines = removedCount + addedCount;
    // For a hunk that only removes lines, git gives the line before it.
    const start = addedCount === 0 ? Number(first) + 1 : Number(first);
    this.add({ lines: [start, start + addedCount - 1], shift: addedCount - removedCount });
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
 * Parses `git diff --unified=0` with the prefixes `a/` and `b/`.
 * @param filesWithoutLines changed files whose lines the diff does not show; all their lines count as changed
 */
export const parseDiff = (diff: string, filesWithoutLines: readonly string[] = []): ChangedLines => {
  const reader = new DiffReader();
  for (const line of diff.split('\n')) reader.read(line);
  for (const file of filesWithoutLines) reader.changes.set(file, [WHOLE_FILE]);
  return reader.changes;
};

/** Whether the lines overlap a changed part of the file. */
export const overlapsChange = (changes: ChangedLines, file: string, [first, last]: LineRange): boolean =>
  (changes.get(file) ?? []).some(({ lines: [from, to] }) => first <= to && from <= last);

/** Maps unchanged lines to their numbers in the base; undefined for changed lines. */
export const mapToBaseLines = (
  changes: ChangedLines,
  file: string,
  [first, last]: LineRange,
): LineRange | undefined => {
  if (overlapsChange(changes, file, [first, last])) return undefined;
  const hunks = changes.get(file) ?? [];
  const lineOffset = hunks.filter(({ lines: [, to] }) => to < first).reduce((sum, { shift }) => sum + shift, 0);
  return [first - lineOffset, last - lineOffset];
};
