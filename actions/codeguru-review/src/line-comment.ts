import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { GitHubApi } from '@aws-delivery/action-kit/github-api';
import { isTrusted } from '@aws-delivery/action-kit/github-comments';
import { bold, link, type Markdown, md, page, raw } from '@aws-delivery/action-kit/markdown';
import { cutText } from '@aws-delivery/action-kit/untrusted';
import { type ChangedLines, touches } from '@aws-delivery/findings/diff';
import { severityText } from '@aws-delivery/findings/severity';
import { helpOf } from './address.js';
import type { Judged } from './gate.js';

export interface LineComments {
  readonly api: GitHubApi;
  readonly pullRequest: number;
  /** The head of the pull request. */
  readonly commit: string;
  /** The folder that was looked at, from the root of the repository; empty, or with a slash at its end. */
  readonly prefix: string;
  readonly redact: (text: string) => string;
}

/** More than people answer; GitHub slows down those who write more at once. */
const MOST = 30;
const PAGE_SIZE = 100;
const MOST_PAGES = 100;
const LONGEST = 4000;

const markerOf = (fingerprint: string): string => `<!-- aws-delivery-actions: codeguru-review ${fingerprint} -->`;

const textIn = (comment: unknown): string => {
  const body: unknown = typeof comment === 'object' && comment !== null ? Reflect.get(comment, 'body') : undefined;
  return typeof body === 'string' ? body : '';
};

/** Bodies of what has been said. A marker in anybody's comment would silence a finding, so only trusted authors count. */
const said = async ({ api, pullRequest }: LineComments): Promise<readonly string[]> => {
  const bodies: string[] = [];
  for (let number = 1; number <= MOST_PAGES; number += 1) {
    const answer = await api.send('GET', `/pulls/${pullRequest}/comments?per_page=${PAGE_SIZE}&page=${number}`);
    const comments: readonly unknown[] = Array.isArray(answer) ? answer : [];
    bodies.push(...comments.filter(isTrusted).map(textIn));
    if (comments.length < PAGE_SIZE) break;
  }
  return bodies;
};

const bodyOf = ({ finding, fingerprint }: Judged): string => {
  const { rule, severity, message } = finding;
  const address = helpOf(rule);
  const help: Markdown = address === undefined ? raw('') : link('About this rule', address);
  const text = page(md`${bold(`${severityText(severity)}: ${rule.name}`)}`, md`${cutText(message, LONGEST)}`, help);
  return `${markerOf(fingerprint)}\n${text.markdown}`;
};

const requestFor = (judged: Judged, { commit, prefix, redact }: LineComments): object => {
  const { file = '', startLine = 1, endLine = startLine } = judged.finding.location ?? {};
  const range = endLine > startLine ? { start_line: startLine, start_side: 'RIGHT' } : {};
  const place = { path: `${prefix}${file}`, commit_id: commit, line: endLine, side: 'RIGHT', ...range };
  return { body: redact(bodyOf(judged)), ...place };
};

/** GitHub takes comments on the lines of a diff only: whole findings must lie in one changed part. */
const isCommentable = ({ finding: { location }, standing }: Judged, changes: ChangedLines): boolean => {
  if (standing.kind !== 'fails' || location?.startLine === undefined) return false;
  const { file, startLine, endLine = startLine } = location;
  return touches(changes, file, [startLine, startLine]) && touches(changes, file, [endLine, endLine]);
};

/** What became of comments. */
export interface Commented {
  readonly written: number;
  /** On lines that GitHub does not take for changed. */
  readonly refused: number;
}

/** GitHub has its own mind about which lines a diff has: one that it refuses is no reason to keep back the others. */
const write = async (each: Judged, target: LineComments): Promise<boolean> => {
  try {
    await target.api.send('POST', `/pulls/${target.pullRequest}/comments`, requestFor(each, target));
    return true;
  } catch (error) {
    if (error instanceof DeliveryError && error.code === 'unexpected') return false;
    throw error;
  }
};

/**
 * Comments failing findings on the lines that changed, worst first, each once for as long as its code stays.
 * @throws DeliveryError as GitHub's API does
 */
export const commentLines = async (
  judged: readonly Judged[],
  changes: ChangedLines,
  target: LineComments,
): Promise<Commented> => {
  const candidates = judged.filter((each) => isCommentable(each, changes));
  if (candidates.length === 0) return { written: 0, refused: 0 };
  const bodies = await said(target);
  const fresh = candidates.filter(({ fingerprint }) => !bodies.some((body) => body.startsWith(markerOf(fingerprint))));
  const wanted = fresh.slice(0, MOST);
  let written = 0;
  for (const each of wanted) written += (await write(each, target)) ? 1 : 0;
  return { written, refused: wanted.length - written };
};
