import type { Finding, Place, Rule } from '@aws-delivery/findings/finding';

/** Where code can be read, as far as the host says it. */
export interface CodeHost {
  /** `https://github.com/owner/name`; undefined where there is no such page. */
  readonly page: string | undefined;
  readonly commit: string | undefined;
  /** The folder that was looked at, from the root of the repository; empty, or with a slash at its end. */
  readonly prefix: string;
}

/** Where people read on about a rule; undefined where the scanner's address is none that a browser should follow. */
export const helpOf = ({ help }: Rule): string | undefined => {
  const url = help !== undefined && URL.canParse(help) ? new URL(help) : undefined;
  return url !== undefined && ['https:', 'http:'].includes(url.protocol) ? url.href : undefined;
};

/** `file:7` or `file:7-9`. */
export const placeText = ({ file, startLine, endLine }: Place): string => {
  if (startLine === undefined) return file;
  return endLine === undefined || endLine === startLine ? `${file}:${startLine}` : `${file}:${startLine}-${endLine}`;
};

/** The page on which the lines of a finding can be seen; undefined where there is none. */
export const addressOf = ({ location }: Finding, { code }: { readonly code: CodeHost }): string | undefined => {
  const { page, commit, prefix } = code;
  if (location === undefined || page === undefined || commit === undefined) return undefined;
  const path = `${prefix}${location.file}`.split('/').map(encodeURIComponent).join('/');
  const { startLine, endLine } = location;
  const last = endLine === undefined || endLine === startLine ? '' : `-L${endLine}`;
  const lines = startLine === undefined ? '' : `#L${startLine}${last}`;
  return `${page}/blob/${commit}/${path}${lines}`;
};
