/** Lines that are new in a file, first and last, counted from 1. */
export type LineRange = readonly [first: number, last: number];

/** What changed: a file that is not there has not; one without ranges has lost lines only. */
export type ChangedLines = ReadonlyMap<string, readonly LineRange[]>;

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
const ALL: LineRange = [1, Number.POSITIVE_INFINITY];

const HUNK = /^@@ -\d+(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/u;

/** Counts a hunk's lines, because the changed code may itself look like the head of another file. */
class DiffReader {
  readonly changes = new Map<string, LineRange[]>();
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
    this.left = Number(removed) + Number(added);
    if (Number(added) > 0) this.add([Number(first), Number(first) + Number(added) - 1]);
  }

  private open(name: string): void {
    this.file = name === '/dev/null' ? undefined : name.replace(/^b\//u, '');
    if (this.file !== undefined) this.changes.set(this.file, []);
  }

  private add(range: LineRange): void {
    if (this.file !== undefined) this.changes.get(this.file)?.push(range);
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
  (changes.get(file) ?? []).some(([from, to]) => first <= to && from <= last);
