/** Values of the labels of a path, by label name. */
export type Labels = Readonly<Record<string, string>>;

const decode = (segment: string): string | undefined => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return undefined;
  }
};

/** The path of a REST operation, `/a/{Id}/{Rest+}`. */
export class PathPattern {
  private readonly names: readonly string[];
  private readonly pattern: RegExp;
  /** Number of segments that are not labels. */
  readonly literalCount: number;

  constructor(path: string) {
    const names: string[] = [];
    const source = path.replace(/\{([^{}+]+)(\+?)\}|[.*+?^$()|[\]\\]/g, (match, name: string | undefined, greedy) => {
      if (name === undefined) return `\\${match}`;
      names.push(name);
      return greedy === '+' ? '(.+)' : '([^/]+)';
    });
    this.names = names;
    this.pattern = new RegExp(`^${source}$`);
    this.literalCount = path.split('/').filter((segment) => !segment.startsWith('{')).length;
  }

  /** The labels of a matching path; undefined if the path does not match. */
  matchLabels(path: string): Labels | undefined {
    const found = this.pattern.exec(path);
    if (found === null) return undefined;
    const values = found.slice(1).map(decode);
    if (values.includes(undefined)) return undefined;
    return Object.fromEntries(this.names.map((name, index) => [name, values[index] ?? '']));
  }
}
