import { type ChangedLines, overlapsChange } from '@aws-delivery/action-kit/git/diff';
import type { GitHubApi } from '@aws-delivery/action-kit/github/api';
import { isTrusted } from '@aws-delivery/action-kit/github/pull-request-comments';
import { bold, joinBlocks, link, type Markdown, md, raw } from '@aws-delivery/action-kit/report/markdown';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getStringField } from '@aws-delivery/action-kit/util/error-code';
import { truncate } from '@aws-delivery/action-kit/util/sanitize';
import { formatSeverity } from '@aws-delivery/findings/severity';
import type { EvaluatedFinding } from '../gate/evaluate-findings.js';
import { getHelpUrl } from '../report/code-link.js';

export interface LineCommentTarget {
  readonly api: GitHubApi;
  readonly pullRequest: number;
  /** Head commit of the pull request. */
  readonly commit: string;
  readonly redact: (content: string) => string;
}

/** More would not be read, and GitHub throttles clients that write many comments at once. */
const MAX_COMMENTS = 30;
const PAGE_SIZE = 100;
const MAX_PAGES = 100;
const MAX_MESSAGE_LENGTH = 4000;

const buildMarker = (fingerprint: string): string => `<!-- aws-delivery-actions: codeguru-review ${fingerprint} -->`;

/** Bodies of existing comments by trusted authors: a marker in anyone's comment would otherwise suppress a finding. */
const listTrustedBodies = async ({ api, pullRequest }: LineCommentTarget): Promise<readonly string[]> => {
  const bodies: string[] = [];
  for (let number = 1; number <= MAX_PAGES; number += 1) {
    const response = await api.send('GET', `/pulls/${pullRequest}/comments?per_page=${PAGE_SIZE}&page=${number}`);
    const comments: readonly unknown[] = Array.isArray(response) ? response : [];
    bodies.push(...comments.filter(isTrusted).map((comment) => getStringField(comment, 'body') ?? ''));
    if (comments.length < PAGE_SIZE) break;
  }
  return bodies;
};

const renderBody = ({ finding, fingerprint }: EvaluatedFinding): string => {
  const { rule, severity, message } = finding;
  const helpUrl = getHelpUrl(rule);
  const help: Markdown = helpUrl === undefined ? raw('') : link('About this rule', helpUrl);
  const document = joinBlocks(
    md`${bold(`${formatSeverity(severity)}: ${rule.name}`)}`,
    md`${truncate(message, MAX_MESSAGE_LENGTH)}`,
    help,
  );
  return `${buildMarker(fingerprint)}\n${document.markdown}`;
};

const buildCommentRequest = (evaluatedFinding: EvaluatedFinding, { commit, redact }: LineCommentTarget): object => {
  const { file = '', startLine = 1, endLine = startLine } = evaluatedFinding.finding.location ?? {};
  const range = endLine > startLine ? { start_line: startLine, start_side: 'RIGHT' } : {};
  const position = { path: file, commit_id: commit, line: endLine, side: 'RIGHT', ...range };
  return { body: redact(renderBody(evaluatedFinding)), ...position };
};

/** GitHub only accepts comments on lines of the diff, so the finding's first and last line must have changed. */
const isCommentable = ({ finding: { location }, status }: EvaluatedFinding, changes: ChangedLines): boolean => {
  if (status.kind !== 'fails' || location?.startLine === undefined) return false;
  const { file, startLine, endLine = startLine } = location;
  return overlapsChange(changes, file, [startLine, startLine]) && overlapsChange(changes, file, [endLine, endLine]);
};

export interface CommentCounts {
  readonly written: number;
  /** Comments on lines that are not part of GitHub's diff. */
  readonly rejected: number;
}

/** GitHub's diff may differ from git's; a rejected comment does not stop the others. */
const postComment = async (each: EvaluatedFinding, target: LineCommentTarget): Promise<boolean> => {
  try {
    await target.api.send('POST', `/pulls/${target.pullRequest}/comments`, buildCommentRequest(each, target));
    return true;
  } catch (error) {
    if (error instanceof DeliveryError && error.code === 'unexpected') return false;
    throw error;
  }
};

/**
 * Comments failing findings on changed lines, worst first; each only once as long as its code does not change.
 * @throws DeliveryError for errors of GitHub's API
 */
export const commentLines = async (
  evaluatedFindings: readonly EvaluatedFinding[],
  changes: ChangedLines,
  target: LineCommentTarget,
): Promise<CommentCounts> => {
  const candidates = evaluatedFindings.filter((each) => isCommentable(each, changes));
  if (candidates.length === 0) return { written: 0, rejected: 0 };
  const bodies = await listTrustedBodies(target);
  const newFindings = candidates.filter(
    ({ fingerprint }) => !bodies.some((body) => body.startsWith(buildMarker(fingerprint))),
  );
  const selectedFindings = newFindings.slice(0, MAX_COMMENTS);
  let written = 0;
  for (const each of selectedFindings) written += (await postComment(each, target)) ? 1 : 0;
  return { written, rejected: selectedFindings.length - written };
};
