const encodeBase64 = (value: string, offset: number): string => {
  const bytes = Buffer.from(value, 'utf8');
  return bytes.subarray(bytes.length > offset ? offset : 0).toString('base64');
};

const escapeXml = (value: string): string =>
  value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');

const trimQuotes = (value: string): string => (value.length > 8 && /^".*"$/s.test(value) ? value.slice(1, -1) : value);

/** encodeURIComponent throws for a lone surrogate; such a secret has no URI form. */
const escapeUri = (value: string): string => (/\p{Surrogate}/u.test(value) ? value : encodeURIComponent(value));

/** The forms of a secret that a runner masks (actions/runner `ValueEncoders.cs`). */
const getEncodedForms = (value: string): string[] => [
  value,
  encodeBase64(value, 0),
  encodeBase64(value, 1),
  encodeBase64(value, 2),
  value.replaceAll('"', '\\"'),
  value.replaceAll("'", "''"),
  JSON.stringify(value).slice(1, -1),
  escapeUri(value),
  escapeXml(value),
  trimQuotes(value),
];

type Range = readonly [start: number, end: number];

const findRanges = (form: string, content: string): Range[] => {
  const ranges: Range[] = [];
  for (let at = content.indexOf(form); at >= 0; at = content.indexOf(form, at + 1)) ranges.push([at, at + form.length]);
  return ranges;
};

/** Merges overlapping and adjacent ranges, so that adjacent secrets are replaced by one `***`. */
const mergeRanges = (ranges: readonly Range[]): Range[] => {
  const merged: Range[] = [];
  for (const [start, end] of ranges.toSorted(([a], [b]) => a - b)) {
    const last = merged.at(-1);
    if (last !== undefined && start <= last[1]) merged.splice(-1, 1, [last[0], Math.max(last[1], end)]);
    else merged.push([start, end]);
  }
  return merged;
};

/** The secrets of a job. */
export class Masks {
  private readonly secrets = new Set<string>();
  private readonly encodedForms = new Set<string>();
  private readonly watchers = new Set<(value: string) => void>();

  /** Calls back with each new value, before it can appear in any output, until disposed. */
  watch(watcher: (value: string) => void): Disposable {
    this.watchers.add(watcher);
    return { [Symbol.dispose]: () => this.watchers.delete(watcher) };
  }

  /** Registers a value and each of its lines. Returns false for a blank value, which is not registered. */
  add(value: string): boolean {
    if (value.trim() === '') return false;
    if (this.secrets.has(value)) return true;
    this.secrets.add(value);
    for (const watcher of this.watchers) watcher(value);
    const lines = value.split(/[\r\n]/).map((line) => line.trim());
    for (const secret of [value, ...lines.filter((line) => line !== '')]) {
      for (const form of getEncodedForms(secret)) this.encodedForms.add(form);
    }
    return true;
  }

  /** The registered values, without their lines and encoded forms. */
  get values(): readonly string[] {
    return [...this.secrets];
  }

  /** Whether a secret is part of the text. */
  containsSecret(content: string): boolean {
    return this.apply(content) !== content;
  }

  /** The text with every secret replaced by `***`. */
  apply(content: string): string {
    const ranges = mergeRanges([...this.encodedForms].flatMap((form) => findRanges(form, content)));
    const starts = [0, ...ranges.map(([, end]) => end)];
    return starts.map((start, index) => content.slice(start, ranges[index]?.[0])).join('***');
  }
}
