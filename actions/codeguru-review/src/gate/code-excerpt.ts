import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { getPathInside } from '@aws-delivery/action-kit/util/path';
import { truncate } from '@aws-delivery/action-kit/util/sanitize';
import type { Finding, SourceLocation } from '@aws-delivery/findings/finding';

/** Lines of a file around a finding, shortened for display. */
export interface Excerpt {
  /** Number of the first line shown. */
  readonly first: number;
  readonly lines: readonly string[];
  /** First and last line of the finding. */
  readonly from: number;
  readonly to: number;
}

/** The code of a finding. */
export interface FindingCode {
  /** Text of the finding's lines; long ones are shortened, and end with a digest. */
  readonly content: string;
  readonly isShortened: boolean;
  /** Undefined for findings after the `MAX_EXCERPTS` most severe, to limit memory and the size of reports. */
  readonly excerpt: Excerpt | undefined;
}

export const MAX_EXCERPTS = 2000;

const CONTEXT_LINES = 3;
const MAX_EXCERPT_LINES = 12;
const MAX_LINE_LENGTH = 240;
const MAX_CODE_LENGTH = 20_000;
const MAX_FILE_BYTES = 2 * 1024 * 1024;

const hashContent = (content: string): string => createHash('sha256').update(content).digest('hex');

// A slice keeps the string it was cut from in memory: thousands of excerpts would keep thousands of files.
const copyString = (content: string): string => Buffer.from(content).toString('utf8');

/** Shortens long code. The appended hash keeps apart codes that only differ after the cut. */
const truncateWithDigest = (content: string): Pick<FindingCode, 'content' | 'isShortened'> =>
  content.length <= MAX_CODE_LENGTH
    ? { content: copyString(content), isShortened: false }
    : { content: `${copyString(truncate(content, MAX_CODE_LENGTH))} ${hashContent(content)}`, isShortened: true };

type Redact = (content: string) => string;

/** Redacts before cutting, since half a secret can no longer be found and replaced. */
const truncateLine = (line: string, redact: Redact): string =>
  copyString(line.length <= MAX_LINE_LENGTH ? line : truncate(redact(line), MAX_LINE_LENGTH));

const createExcerpt = (
  lines: readonly string[],
  { startLine, endLine }: { readonly startLine: number; readonly endLine: number },
  redact: Redact,
): Excerpt => {
  const first = Math.max(1, startLine - CONTEXT_LINES);
  const last = Math.min(lines.length, endLine + CONTEXT_LINES, startLine + MAX_EXCERPT_LINES);
  const excerptLines = lines.slice(first - 1, last).map((line) => truncateLine(line, redact));
  return { first, lines: excerptLines, from: startLine, to: Math.min(endLine, last) };
};

interface ExtractOptions {
  readonly hasExcerpt: boolean;
  readonly redact: Redact;
}

const extractCode = (
  lines: readonly string[],
  { startLine = 1, endLine = startLine }: Partial<SourceLocation>,
  { hasExcerpt, redact }: ExtractOptions,
): FindingCode | undefined => {
  if (startLine > lines.length) return undefined;
  const range = { startLine, endLine: Math.min(endLine, lines.length) };
  const content = truncateWithDigest(lines.slice(startLine - 1, range.endLine).join('\n'));
  return { ...content, excerpt: hasExcerpt ? createExcerpt(lines, range, redact) : undefined };
};

/**
 * Resolves links, and returns the path only if it is inside the root and outside `.git`: a pull request's link may
 * point anywhere on the runner, and `.git` holds the token of the checkout.
 */
const resolveVisiblePath = async (root: string, file: string): Promise<string | undefined> => {
  const path = await realpath(join(root, file)).catch(() => undefined);
  if (path === undefined) return undefined;
  const segments = getPathInside(root, path)?.split('/');
  return segments === undefined || segments.includes('.git') ? undefined : path;
};

const readTextFile = async (path: string): Promise<string | undefined> => {
  // Without O_NONBLOCK, opening a pipe waits for a writer.
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

/** Splits at any line end; the last line end does not start another line. */
const splitLines = (content: string | undefined): readonly string[] | undefined =>
  content?.replace(/(?:\r\n|\n|\r)$/u, '').split(/\r\n|\n|\r/u);

/**
 * Reads the code around the findings, each file once. Findings in binary, large or missing files have none.
 * @param findings the most severe first
 */
export const readCode = async (
  findings: readonly Finding[],
  directory: string,
  redact: Redact,
): Promise<ReadonlyMap<Finding, FindingCode>> => {
  const root = await realpath(directory);
  const codeByFinding = new Map<Finding, FindingCode>();
  const withExcerpt = new Set(findings.slice(0, MAX_EXCERPTS));
  const located = findings.filter(({ location }) => location?.startLine !== undefined);
  for (const [file, group] of groupBy(located, ({ location }) => location?.file ?? '')) {
    const path = await resolveVisiblePath(root, file);
    const lines = path === undefined ? undefined : splitLines(await readTextFile(path));
    if (lines === undefined) continue;
    for (const finding of group) {
      const code = extractCode(lines, finding.location ?? {}, { hasExcerpt: withExcerpt.has(finding), redact });
      if (code !== undefined) codeByFinding.set(finding, code);
    }
  }
  return codeByFinding;
};
