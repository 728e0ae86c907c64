import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { cutText } from '@aws-delivery/action-kit/untrusted';
import type { Finding, Place } from '@aws-delivery/findings/finding';

/** Lines of a file as people read them. */
export interface Excerpt {
  /** The number of the first line shown. */
  readonly first: number;
  readonly lines: readonly string[];
  /** The lines that the finding is about. */
  readonly from: number;
  readonly to: number;
}

/** The code of a finding. */
export interface Code {
  /** The lines it is about, whole. */
  readonly text: string;
  readonly excerpt: Excerpt;
}

const AROUND = 3;
const MOST_LINES = 12;
const LONGEST_LINE = 240;
const LONGEST_TEXT = 20_000;
const LARGEST_FILE = 2 * 1024 * 1024;

const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex');

// A slice of a text keeps the whole text alive: thousands of excerpts would keep thousands of files in memory.
const copy = (text: string): string => Buffer.from(text).toString('utf8');

/** The whole of a text in little: of a longer one its beginning does not tell whether it is the same. */
const essenceOf = (text: string): string =>
  text.length <= LONGEST_TEXT ? copy(text) : `${copy(cutText(text, LONGEST_TEXT))} ${digestOf(text)}`;

type Redact = (text: string) => string;

/** A secret that is cut in two is none that could be found later. */
const lineOf = (line: string, redact: Redact): string =>
  copy(line.length <= LONGEST_LINE ? line : cutText(redact(line), LONGEST_LINE));

const codeAt = (
  lines: readonly string[],
  { startLine = 1, endLine = startLine }: Partial<Place>,
  redact: Redact,
): Code | undefined => {
  if (startLine > lines.length) return undefined;
  const to = Math.min(endLine, lines.length);
  const first = Math.max(1, startLine - AROUND);
  const last = Math.min(lines.length, to + AROUND, startLine + MOST_LINES);
  const shown = lines.slice(first - 1, last).map((line) => lineOf(line, redact));
  const text = essenceOf(lines.slice(startLine - 1, to).join('\n'));
  return { text, excerpt: { first, lines: shown, from: startLine, to: Math.min(to, last) } };
};

/**
 * The path of a file that may be shown: a regular file inside the root, also behind links. A checkout keeps its token
 * in `.git`, and a link of a pull request may lead anywhere on the runner.
 */
const shownPath = async (root: string, file: string): Promise<string | undefined> => {
  const path = await realpath(join(root, file)).catch(() => undefined);
  if (path === undefined) return undefined;
  const way = relative(root, path);
  const isInside = way !== '' && !isAbsolute(way) && way.split(sep)[0] !== '..';
  return isInside && !way.split(sep).includes('.git') ? path : undefined;
};

const readText = async (path: string): Promise<string | undefined> => {
  // A pipe would wait for a writer for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const status = await handle.stat();
    if (!status.isFile() || status.size > LARGEST_FILE) return undefined;
    const text = await handle.readFile('utf8');
    return text.includes('\0') ? undefined : text;
  } finally {
    await handle.close();
  }
};

/** A last line end begins no line of its own. */
const linesOf = (text: string | undefined): readonly string[] | undefined =>
  text?.replace(/(?:\r\n|\n|\r)$/u, '').split(/\r\n|\n|\r/u);

const groupByFile = (findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> => {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const file = finding.location?.startLine === undefined ? undefined : finding.location.file;
    if (file === undefined) continue;
    const group = groups.get(file);
    if (group === undefined) groups.set(file, [finding]);
    else group.push(finding);
  }
  return groups;
};

/** The code around findings, each file read once. Findings in binary, large or missing files have none. */
export const readCode = async (
  findings: readonly Finding[],
  folder: string,
  redact: Redact,
): Promise<ReadonlyMap<Finding, Code>> => {
  const root = await realpath(folder);
  const codes = new Map<Finding, Code>();
  for (const [file, group] of groupByFile(findings)) {
    const path = await shownPath(root, file);
    const lines = path === undefined ? undefined : linesOf(await readText(path));
    if (lines === undefined) continue;
    for (const finding of group) {
      const code = codeAt(lines, finding.location ?? {}, redact);
      if (code !== undefined) codes.set(finding, code);
    }
  }
  return codes;
};
