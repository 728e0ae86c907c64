import { createHash } from 'node:crypto';
import type { GitHubApi } from '@aws-delivery/action-kit/github/api';
import { isTrusted } from '@aws-delivery/action-kit/github/pull-request-comments';
import {
  bold,
  code,
  joinBlocks,
  LIMITS,
  link,
  type Markdown,
  md,
  raw,
  table,
  truncateMarkdown,
} from '@aws-delivery/action-kit/report/markdown';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getStringField } from '@aws-delivery/action-kit/util/error-code';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { toSingleLine, truncate } from '@aws-delivery/action-kit/util/sanitize';
import { formatSeverity } from '@aws-delivery/findings/severity';
import type { EvaluatedFinding } from '../gate/evaluate-findings.js';
import { type CodeHost, createLinkResolver, formatLocation, getCodeUrl, getHelpUrl } from '../report/code-link.js';
import { renderRichMarkdown } from '../report/rich-text.js';
import { buildFindingMarker, buildMarker, readFingerprint } from './comment-marker.js';
import { findReplacement, renderSuggestion } from './suggestion.js';

export interface ReviewTarget {
  readonly api: GitHubApi;
  readonly pullRequest: number;
  /** Head commit of the pull request. */
  readonly commit: string;
  readonly codeHost: CodeHost;
  readonly redact: (content: string) => string;
  /** Whether GitHub accepts a comment on the finding's lines: all of them must be part of the diff. */
  readonly isInDiff: (evaluatedFinding: EvaluatedFinding) => boolean;
  /** Keeps the comments of several runs on the pull request apart. */
  readonly scope: string;
}

/** More would not be read. */
const MAX_COMMENTS = 30;
const MAX_ROWS = 20;
const PAGE_SIZE = 100;
const MAX_PAGES = 100;
const MAX_MESSAGE_LENGTH = 4000;
const MAX_ROW_LENGTH = 200;
const MAX_SUGGESTION_LENGTH = 10_000;

/** Bodies of trusted authors below a path: a marker in anyone's comment would otherwise suppress a finding. */
const listTrustedBodies = async ({ api }: ReviewTarget, path: string): Promise<readonly string[]> => {
  const bodies: string[] = [];
  for (let number = 1; number <= MAX_PAGES; number += 1) {
    const response = await api.send('GET', `${path}?per_page=${PAGE_SIZE}&page=${number}`);
    const items: readonly unknown[] = Array.isArray(response) ? response : [];
    bodies.push(...items.filter(isTrusted).map((item) => getStringField(item, 'body') ?? ''));
    if (items.length < PAGE_SIZE) break;
  }
  return bodies;
};

const renderComment = ({ finding, fingerprint }: EvaluatedFinding, { codeHost, scope }: ReviewTarget): string => {
  const { rule, severity, message, markup = message } = finding;
  const helpUrl = getHelpUrl(rule);
  const help: Markdown = helpUrl === undefined ? raw('') : link('About this rule', helpUrl);
  const document = joinBlocks(
    md`${bold(`${formatSeverity(severity)}: ${rule.name}`)}`,
    renderRichMarkdown(truncate(markup, MAX_MESSAGE_LENGTH), createLinkResolver(finding, codeHost)),
    help,
  );
  return `${buildFindingMarker(fingerprint, scope)}\n${document.markdown}`;
};

/** The scanner's fix as a suggestion; empty if there is none, or if it contains a secret. */
const renderFix = (evaluatedFinding: EvaluatedFinding, { redact }: ReviewTarget): string => {
  const text = findReplacement(evaluatedFinding);
  if (text === undefined || text.length > MAX_SUGGESTION_LENGTH || redact(text) !== text) return '';
  return `\n\n${renderSuggestion(text)}`;
};

const toComment = (evaluatedFinding: EvaluatedFinding, target: ReviewTarget): object => {
  const { file = '', startLine = 1, endLine = startLine } = evaluatedFinding.finding.location ?? {};
  const range = endLine > startLine ? { start_line: startLine, start_side: 'RIGHT' } : {};
  const comment = target.redact(renderComment(evaluatedFinding, target));
  const body = `${comment.trimEnd()}${renderFix(evaluatedFinding, target)}`;
  return { path: file, line: endLine, side: 'RIGHT', ...range, body };
};

const toRow = ({ finding }: EvaluatedFinding, { codeHost }: ReviewTarget): readonly (string | Markdown)[] => {
  const { location, severity, rule, message } = finding;
  const label = location === undefined ? '' : toSingleLine(formatLocation(location));
  const url = getCodeUrl(location, codeHost);
  const place = url === undefined ? code(label) : link(label, url);
  return [formatSeverity(severity), rule.name, place, toSingleLine(message, MAX_ROW_LENGTH)];
};

/** Findings without a comment of their own, the most severe first. */
interface ReviewSummary {
  readonly listed: readonly EvaluatedFinding[];
  /** Number of findings on lines of the diff that exceed the limit for comments. */
  readonly omitted: number;
}

/** Identifies what a summary lists, so that it is not repeated after every push. */
const buildSummaryMarker = ({ listed }: ReviewSummary): string => {
  const fingerprints = listed.map(({ fingerprint }) => fingerprint).sort();
  return buildMarker(`summary ${createHash('sha256').update(fingerprints.join('\n')).digest('hex').slice(0, 16)}`);
};

const renderSummaryBody = (summary: ReviewSummary, comments: number, target: ReviewTarget): string => {
  const { listed, omitted } = summary;
  const rows = listed.slice(0, MAX_ROWS).map((each) => toRow(each, target));
  const more = omitted + listed.length - rows.length;
  const { runUrl } = target.codeHost;
  const page = runUrl === undefined ? md`report of the run` : link('report of the run', runUrl);
  const total = comments + listed.length + omitted;
  const document = joinBlocks(
    md`${bold(`Code review: ${pluralize(total, 'failing finding')}`)}`,
    rows.length === 0
      ? raw('')
      : joinBlocks(md`Not on lines of the diff:`, table({ header: ['Severity', 'Rule', 'Location', 'Message'], rows })),
    more === 0 ? raw('') : md`(${more} more, see the ${page})`,
  );
  return truncateMarkdown(`${buildSummaryMarker(summary)}\n${target.redact(document.markdown)}`, LIMITS.comment);
};

export interface ReviewCounts {
  /** Findings with a comment on their lines. */
  readonly commented: number;
  /** Findings in the summary of the review. */
  readonly summarized: number;
  /** Findings beyond the limit for comments. */
  readonly omitted: number;
  /** Whether the pull request has comments on findings by this run's earlier ones. */
  readonly hasThreads: boolean;
}

const postReview = (
  comments: readonly EvaluatedFinding[],
  summary: ReviewSummary,
  target: ReviewTarget,
): Promise<unknown> =>
  target.api.send('POST', `/pulls/${target.pullRequest}/reviews`, {
    commit_id: target.commit,
    event: 'COMMENT',
    body: renderSummaryBody(summary, comments.length, target),
    comments: comments.map((each) => toComment(each, target)),
  });

/**
 * Writes one review with comments on the lines of failing findings, the most severe first, each only once as long as
 * its code does not change. GitHub refuses a review with a comment outside of its diff: such findings are listed in the
 * summary of the review.
 * @param failing the most severe first
 * @throws DeliveryError for errors of GitHub's API
 */
export const writeReview = async (
  failing: readonly EvaluatedFinding[],
  target: ReviewTarget,
): Promise<ReviewCounts> => {
  const path = `/pulls/${target.pullRequest}`;
  const comments = await listTrustedBodies(target, `${path}/comments`);
  const hasThreads = comments.some((body) => readFingerprint(body, target.scope) !== undefined);
  if (failing.length === 0) return { commented: 0, summarized: 0, omitted: 0, hasThreads };
  const inDiff = failing.filter(
    (each) => target.isInDiff(each) && !comments.some((body) => body.startsWith(buildMarker(each.fingerprint))),
  );
  const selected = inDiff.slice(0, MAX_COMMENTS);
  const omitted = inDiff.length - selected.length;
  const summary = { listed: failing.filter((each) => !target.isInDiff(each)), omitted };
  if (selected.length === 0) {
    const marker = buildSummaryMarker(summary);
    const reviews = summary.listed.length === 0 ? [] : await listTrustedBodies(target, `${path}/reviews`);
    const isKnown = summary.listed.length === 0 || reviews.some((body) => body.startsWith(marker));
    if (isKnown) return { commented: 0, summarized: 0, omitted: 0, hasThreads };
  }
  try {
    await postReview(selected, summary, target);
    return { commented: selected.length, summarized: summary.listed.length, omitted, hasThreads };
  } catch (error) {
    // GitHub's diff may differ from git's.
    if (!(error instanceof DeliveryError) || error.code !== 'unexpected' || selected.length === 0) throw error;
    const listed = failing.filter((each) => selected.includes(each) || summary.listed.includes(each));
    await postReview([], { listed, omitted }, target);
    return { commented: 0, summarized: listed.length, omitted, hasThreads };
  }
};
