import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { truncate } from '@aws-delivery/action-kit/util/sanitize';
import type { Finding, SourceLocation } from '@aws-delivery/findings/finding';

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
export interface FindingCode {
  /** The lines it is about, whole. */
  readonly content: string;
  readonly excerpt: Excerpt;
}

const CONTEXT_LINES = 3;
const MAX_EXCERPT_LINES = 12;
const MAX_LINE_LENGTH = 240;
const MAX_CODE_LENGTH = 20_000;
const MAX_FILE_BYTES = 2 * 1024 * 1024;

const hashContent = (content: string): string => createHash('sha256').update(content).digest('hex');

// A slice of a text keeps the whole text alive: thousands of excerpts would keep thousands of files in memory.
const copyString = (content: string): string => Buffer.from(content).toString('utf8');

/** The whole of a text in little: of a longer one its beginning does not tell whether it is the same. */
const truncateWithDigest = (content: string): string =>
  content.length <= MAX_CODE_LENGTH
    ? copyString(content)
    : `${copyString(truncate(content, MAX_CODE_LENGTH))} ${hashContent(content)}`;

type Redact = (content: string) => string;

/** A secret that is cut in two is none that could be found later. */
const truncateLine = (line: string, redact: Redact): string =>
  copyString(line.length <= MAX_LINE_LENGTH ? line : truncate(redact(line), MAX_LINE_LENGTH));

const extractCode = (
  lines: readonly string[],
  { startLine = 1, endLine = startLine }: Partial<SourceLocation>,
  redact: Redact,
): FindingCode | undefined => {
  if (startLine > lines.length) return undefined;
  const to = Math.min(endLine, lines.length);
  const first = Math.max(1, startLine - CONTEXT_LINES);
  const last = Math.min(lines.length, to + CONTEXT_LINES, startLine + MAX_EXCERPT_LINES);
  const excerptLines = lines.slice(first - 1, last).map((line) => truncateLine(line, redact));
  const content = truncateWithDigest(lines.slice(startLine - 1, to).join('\n'));
  return { content, excerpt: { first, lines: excerptLines, from: startLine, to: Math.min(to, last) } };
};

/**
 * The path of a file that may be shown: a regular file inside the root, also behind links. A checkout keeps its token
 * in `.git`, and a link of a pull request may lead anywhere on the runner.
 */
const resolveVisiblePath = async (root: string, file: string): Promise<string | undefined> => {
  const path = await realpath(join(root, file)).catch(() => undefined);
  if (path === undefined) return undefined;
  const relativePath = relative(root, path);
  const isInside = relativePath !== '' && !isAbsolute(relativePath) && relativePath.split(sep)[0] !== '..';
  return isInside && !relativePath.split(sep).includes('.git') ? path : undefined;
};

const readTextFile = async (path: string): Promise<string | undefined> => {
  // A pipe would wait for a writer for ever.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const status = await handle.stat();
    if (!status.isFile() || status.size > MAX_FILE_BYTES) return undefined;
    const content = await handle.readFile('utf8');
    return content.includes('\0') ? undefined : content;
  } finally {
    await handle.close();
  }
};

/** A last line end begins no line of its own. */
const splitLines = (content: string | undefined): readonly string[] | undefined =>
  content?.replace(/(?:\r\n|\n|\r)$/u, '').split(/\r\n|\n|\r/u);

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
  directory: string,
  redact: Redact,
): Promise<ReadonlyMap<Finding, FindingCode>> => {
  const root = await realpath(directory);
  const codeByFinding = new Map<Finding, FindingCode>();
  for (const [file, group] of groupByFile(findings)) {
    const path = await resolveVisiblePath(root, file);
    const lines = path === undefined ? undefined : splitLines(await readTextFile(path));
    if (lines === undefined) continue;
    for (const finding of group) {
      const code = extractCode(lines, finding.location ?? {}, redact);
      if (code !== undefined) codeByFinding.set(finding, code);
    }
  }
  return codeByFinding;
};
