import type { ExceptionUsage, UnusedExceptions } from '@aws-delivery/action-kit/host/unused-exceptions';
import type { Change } from '@aws-delivery/findings/change/change';
import type { IgnoreEntry } from '@aws-delivery/findings/ignore/ignore-entry';
import type { Checkout } from '../checkout.js';
import type { Request } from '../inputs/parse-request.js';
import type { SourceError } from '../sources/source-result.js';

export interface UsageContext {
  readonly request: Request;
  readonly change: Change;
  readonly checkout: Checkout;
  readonly errors: readonly SourceError[];
}

/** Whether all code was reviewed: CodeGuru Reviewer reports only findings on the lines of a change. */
const isComplete = ({ request, change, errors }: UsageContext): boolean => {
  const reviewsChange = change.kind === 'pull-request' || request.range !== undefined;
  return errors.length === 0 && !(reviewsChange && request.sources.some(({ kind }) => kind === 'codeguru-reviewer'));
};

/** Whether the files of an entry are below the directory under review, for files that several steps share. */
const isBelowRoot = ({ files, locations }: IgnoreEntry, { request, checkout }: UsageContext): boolean => {
  const patterns = [...files, ...locations.map(({ file }) => file)];
  const isShared = checkout.prefix !== '' && request.ignoreFile !== undefined;
  return !isShared || patterns.length === 0 || patterns.some((pattern) => pattern.startsWith(checkout.prefix));
};

/** The entries that match nothing. In a pull request they are those of the base, which it cannot change. */
export const findUnusedExceptions = (usage: ExceptionUsage<IgnoreEntry>, context: UsageContext): UnusedExceptions => {
  const unused = isComplete(context) ? usage.listUnused((entry) => isBelowRoot(entry, context)) : [];
  return { names: unused.map(({ name }) => name), isWarningOnly: context.change.kind === 'pull-request' };
};
