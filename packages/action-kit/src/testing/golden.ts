import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Env } from '../util/env.js';
import type { FakeHost } from './fake-host.js';
import type { LogEntry } from './fake-log.js';

/** A text or pattern that varies between machines or runs, and its placeholder in golden files. */
export type Replacement = readonly [pattern: string | RegExp, placeholder: string];

export interface GoldenOptions {
  /** Directory of the golden files. */
  readonly directory: string;
  /** Prefix of the file names: `<scenario>.<name>`. Contains no dot. */
  readonly scenario: string;
  /** Content by the rest of the file name, such as `log` or `summary.md`; empty content has no file. */
  readonly files: Readonly<Record<string, string>>;
  /** Applied in order, before the common ones. */
  readonly replacements?: readonly Replacement[];
  readonly env?: Env;
}

/** Stack frames, loopback ports and UUIDs vary in every scenario. */
const COMMON: readonly Replacement[] = [
  [/(?:\n|\\n) {4}at [^"\n\\]+/gu, ''],
  [/(127\.0\.0\.1|localhost)(:|%3A)\d{4,5}\b/gu, '$1$2<port>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gu, '<uuid>'],
];

const normalize = (content: string, replacements: readonly Replacement[]): string =>
  [...replacements, ...COMMON].reduce(
    (text, [pattern, placeholder]) => text.replaceAll(pattern, placeholder),
    content.endsWith('\n') ? content : `${content}\n`,
  );

const CONTEXT_LINES = 2;
const MAX_DIFF_LINES = 60;

/** Shows where two texts differ: the lines between what they have in common at the start and at the end. */
export const formatDifference = (expected: string, actual: string): string => {
  const [left, right] = [expected.split('\n'), actual.split('\n')];
  const shorter = Math.min(left.length, right.length);
  let start = 0;
  while (start < shorter && left[start] === right[start]) start += 1;
  let end = 0;
  while (end < shorter - start && left.at(-1 - end) === right.at(-1 - end)) end += 1;
  const prefixLines = (sign: string, lines: readonly string[]): readonly string[] =>
    lines.map((line) => `${sign} ${line}`);
  const lines = [
    `@ line ${start + 1}`,
    ...prefixLines(' ', left.slice(Math.max(0, start - CONTEXT_LINES), start)),
    ...prefixLines('-', left.slice(start, left.length - end)).slice(0, MAX_DIFF_LINES),
    ...prefixLines('+', right.slice(start, right.length - end)).slice(0, MAX_DIFF_LINES),
    ...prefixLines(' ', left.slice(left.length - end, left.length - end + CONTEXT_LINES)),
  ];
  return lines.join('\n');
};

const readGolden = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
};

/** The golden files of a scenario, by the rest of their file names. */
const listGolden = ({ directory, scenario }: GoldenOptions): readonly string[] => {
  mkdirSync(directory, { recursive: true });
  const names = readdirSync(directory).filter((name) => name.startsWith(`${scenario}.`));
  return names.map((name) => name.slice(scenario.length + 1));
};

/** Compares a file with its golden file; returns the difference, or undefined. A missing file has the content ''. */
const compareFile = (path: string, actual: string, { env = process.env }: GoldenOptions): string | undefined => {
  const expected = readGolden(path);
  if (expected === actual) return undefined;
  if (env['UPDATE_GOLDEN'] || (expected === undefined && !env['CI'])) {
    if (actual === '') rmSync(path);
    else writeFileSync(path, actual);
    return undefined;
  }
  if (expected === undefined) return `${path} is missing: run the test with UPDATE_GOLDEN=1`;
  return `${path} differs (- golden, + now)\n${formatDifference(expected, actual)}`;
};

/**
 * Compares the results of a scenario with its golden files and reports all differences at once. `UPDATE_GOLDEN=1`
 * overwrites them; a missing one is written, too, but fails when `CI` is set.
 * @throws Error with the differing lines
 */
export const compareGolden = (options: GoldenOptions): void => {
  const { directory, scenario, files, replacements = [] } = options;
  const produced = Object.entries(files).filter(([, content]) => content !== '');
  const contents = new Map(produced.map(([name, content]) => [name, normalize(content, replacements)]));
  const names = new Set([...contents.keys(), ...listGolden(options)]);
  const problems = [...names].flatMap(
    (name) => compareFile(join(directory, `${scenario}.${name}`), contents.get(name) ?? '', options) ?? [],
  );
  if (problems.length > 0) throw new Error(`${problems.join('\n\n')}\n\nIf that is right: UPDATE_GOLDEN=1`);
};

/** Bytes as UTF-8 text; `<bytes>` for binary content. */
const formatBytes = (bytes: ArrayBufferView): string => {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const text = buffer.toString('utf8');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters identify binary content
  return /[\u0000-\u0008\u000e-\u001f\ufffd]/u.test(text) ? '<bytes>' : text;
};

/** A JSON string becomes its value when serializing it again yields the same text. */
const unfold = (text: string): unknown => {
  if (!/^[[{]/u.test(text)) return text;
  try {
    const value: unknown = JSON.parse(text);
    return JSON.stringify(value) === text ? value : text;
  } catch {
    return text;
  }
};

const toPlain = (value: unknown): unknown => {
  if (typeof value === 'string') return unfold(value);
  if (ArrayBuffer.isView(value)) return formatBytes(value);
  if (Array.isArray(value)) return value.map(toPlain);
  if (Object.prototype.toString.call(value) === '[object Date]') return JSON.parse(JSON.stringify(value));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, toPlain(each)]));
};

/** Indented JSON in which nested JSON strings are expanded and bytes are shown as text. */
export const formatJson = (value: unknown): string => JSON.stringify(toPlain(value), null, 2);

export interface JsonLinesOptions {
  readonly replacements?: readonly Replacement[];
  /** Sorts the lines; for concurrent requests. */
  readonly sort?: boolean;
}

/** JSON lines; consecutive equal lines become one with `×` and their number. */
const formatJsonLines = (values: readonly object[], options: JsonLinesOptions = {}): string => {
  const { replacements = [], sort = false } = options;
  const lines = values.map((value) => normalize(JSON.stringify(toPlain(value)), replacements).trimEnd());
  const runs: { readonly line: string; count: number }[] = [];
  for (const line of sort ? lines.toSorted() : lines) {
    const last = runs.at(-1);
    if (last?.line === line) last.count += 1;
    else runs.push({ line, count: 1 });
  }
  return runs.map(({ line, count }) => (count === 1 ? line : `${line} × ${count}`)).join('\n');
};

/**
 * Time and id differ in each request; without them, unchanged polls are equal lines. ARNs lose partition, Region and
 * account, which are the same in every call.
 */
const CALLS: readonly Replacement[] = [
  [/\barn:aws:([\w-]+):[\w-]*:123456789012:/gu, 'arn:$1:'],
  [/"at":"[^"]+"/gu, '"at":"<time>"'],
  [/"id":"[^"]+"/gu, '"id":"<id>"'],
];

/** A call log of local AWS, as JSON lines. */
export const formatCalls = (calls: readonly object[], options: JsonLinesOptions = {}): string =>
  formatJsonLines(calls, { ...options, replacements: [...(options.replacements ?? []), ...CALLS] });

const formatEntry = (entry: LogEntry): string => {
  const line = entry.kind === 'info' ? entry.message : `[${entry.kind}] ${entry.message}`;
  const properties = 'properties' in entry ? JSON.stringify(entry.properties) : '{}';
  return properties === '{}' ? line : `${line} ${properties}`;
};

/** The log of a run as passed to its host, including debug messages. */
const formatLog = (entries: readonly LogEntry[]): string => entries.map(formatEntry).join('\n');

/** Results, log and summary of a run as golden files. */
export const formatRun = ({ recorded }: Pick<FakeHost, 'recorded'>): Readonly<Record<string, string>> => ({
  'result.json': formatJson({
    outputs: recorded.outputs,
    exported: recorded.exported,
    state: recorded.state,
    masked: recorded.masked,
    failures: recorded.failures,
  }),
  log: formatLog(recorded.log.entries),
  'summary.md': recorded.summary(),
});

/** Results, log and summary of a post step, with the prefix `post.`. */
export const formatPost = (host: Pick<FakeHost, 'recorded'>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(formatRun(host)).map(([name, content]) => [`post.${name}`, content]));
