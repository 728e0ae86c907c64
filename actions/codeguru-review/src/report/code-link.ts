import type { Env } from '@aws-delivery/action-kit/util/env';
import { encodePath } from '@aws-delivery/action-kit/util/path';
import { type Change, getReviewedCommit } from '@aws-delivery/findings/change/change';
import type { Finding, Rule, SourceLocation } from '@aws-delivery/findings/finding';
import type { FileLocation } from '@aws-delivery/findings/ignore/ignore-entry';
import { findRelatedLocation } from '@aws-delivery/findings/sarif/source-details';
import type { ResolveLink } from './rich-text.js';

/** The repository page that links to code point to. */
export interface CodeHost {
  /** `https://github.com/owner/name`; undefined if the host has no such page. */
  readonly repositoryUrl: string | undefined;
  readonly commit: string | undefined;
  /** Directory under review, relative to the top of the checkout: empty, or with a trailing slash. */
  readonly prefix: string;
  /** Path of the workflow file in this repository; undefined on other hosts. */
  readonly workflowFile: string | undefined;
  /** Page of the run; undefined on other hosts. */
  readonly runUrl: string | undefined;
}

/** `octocat/shop/.github/workflows/review.yml@refs/heads/main`, unless the workflow is one of another repository. */
const parseWorkflowFile = ({ GITHUB_WORKFLOW_REF: ref = '', GITHUB_REPOSITORY: name = '' }: Env): string | undefined =>
  name !== '' && ref.startsWith(`${name}/`) ? ref.slice(name.length + 1).split('@')[0] : undefined;

export const getCodeHost = (change: Change, env: Env, prefix: string): CodeHost => {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name, GITHUB_RUN_ID: runId } = env;
  return {
    repositoryUrl: server && name ? `${server}/${name}` : undefined,
    commit: getReviewedCommit(change, env),
    prefix,
    workflowFile: parseWorkflowFile(env),
    runUrl: server && name && runId ? `${server}/${name}/actions/runs/${runId}` : undefined,
  };
};

/** The rule's help page; undefined unless the scanner gave an HTTP or HTTPS URL. */
export const getHelpUrl = ({ help }: Rule): string | undefined => {
  const url = help !== undefined && URL.canParse(help) ? new URL(help) : undefined;
  return url !== undefined && ['https:', 'http:'].includes(url.protocol) ? url.href : undefined;
};

/** Formats a location as `file`, `file:7` or `file:7-9`. */
export const formatLocation = ({ file, startLine, endLine }: SourceLocation): string => {
  if (startLine === undefined) return file;
  return endLine === undefined || endLine === startLine ? `${file}:${startLine}` : `${file}:${startLine}-${endLine}`;
};

/** URL of lines on the code host; undefined without a location, repository or commit. */
export const getCodeUrl = (
  location: FileLocation | undefined,
  { repositoryUrl, commit }: CodeHost,
): string | undefined => {
  if (location === undefined || repositoryUrl === undefined || commit === undefined) return undefined;
  const path = encodePath(location.file);
  const { startLine, endLine } = location;
  const endAnchor = endLine === undefined || endLine === startLine ? '' : `-L${endLine}`;
  const anchor = startLine === undefined ? '' : `#L${startLine}${endAnchor}`;
  return `${repositoryUrl}/blob/${commit}/${path}${anchor}`;
};

/** Resolves links in the message of a finding: numbers refer to its related locations. */
export const createLinkResolver =
  ({ origin }: Finding, codeHost: CodeHost): ResolveLink =>
  (target) =>
    /^\d+$/u.test(target) ? getCodeUrl(findRelatedLocation(origin, Number(target)), codeHost) : target;
