import type { Finding, Rule, SourceLocation } from '@aws-delivery/findings/finding';

/** Where code can be read, as far as the host says it. */
export interface CodeHost {
  /** `https://github.com/owner/name`; undefined where there is no such page. */
  readonly repositoryUrl: string | undefined;
  readonly commit: string | undefined;
  /** The folder that was looked at, from the root of the repository; empty, or with a slash at its end. */
  readonly prefix: string;
}

/** Where people read on about a rule; undefined where the scanner's address is none that a browser should follow. */
export const getHelpUrl = ({ help }: Rule): string | undefined => {
  const url = help !== undefined && URL.canParse(help) ? new URL(help) : undefined;
  return url !== undefined && ['https:', 'http:'].includes(url.protocol) ? url.href : undefined;
};

/** `file:7` or `file:7-9`. */
export const formatLocation = ({ file, startLine, endLine }: SourceLocation): string => {
  if (startLine === undefined) return file;
  return endLine === undefined || endLine === startLine ? `${file}:${startLine}` : `${file}:${startLine}-${endLine}`;
};

/** The page on which the lines of a finding can be seen; undefined where there is none. */
export const getCodeUrl = (
  { location }: Finding,
  { codeHost }: { readonly codeHost: CodeHost },
): string | undefined => {
  const { repositoryUrl, commit, prefix } = codeHost;
  if (location === undefined || repositoryUrl === undefined || commit === undefined) return undefined;
  const path = `${prefix}${location.file}`.split('/').map(encodeURIComponent).join('/');
  const { startLine, endLine } = location;
  const endAnchor = endLine === undefined || endLine === startLine ? '' : `-L${endLine}`;
  const anchor = startLine === undefined ? '' : `#L${startLine}${endAnchor}`;
  return `${repositoryUrl}/blob/${commit}/${path}${anchor}`;
};
