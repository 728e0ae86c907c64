import type { Log } from '@aws-delivery/action-kit/host/log';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { findWrongCheckout } from '../gate/change-history.js';
import type { Services } from '../services.js';
import type { SourceContext } from './source-context.js';
import type { SourceError, SourceResult } from './source-result.js';

/** A scanner may warn about every file, and GitHub shows ten warnings per step. */
const MAX_SCANNER_WARNINGS = 3;

const logScannerWarnings = ({ warnings = [] }: SourceResult, log: Log): void => {
  for (const warning of warnings.slice(0, MAX_SCANNER_WARNINGS)) log.warning(warning);
  const omittedCount = warnings.length - MAX_SCANNER_WARNINGS;
  if (omittedCount > 0) log.info(`(${omittedCount} more, see the output of the scanners)`);
};

/** Queries the requested sources one after the other, and logs their findings and errors. */
export const querySources = async (
  context: SourceContext,
  { host: { log }, querySource }: Services,
): Promise<readonly SourceResult[]> => {
  const sourceResults: SourceResult[] = [];
  for (const source of context.request.sources) {
    const result = await log.group(`Findings from ${source.kind}`, () => querySource(source, context));
    log.info(`${result.scanners.join(', ') || source.kind}: ${pluralize(result.findings.length, 'finding')}`);
    for (const { message } of result.errors) log.warning(message);
    logScannerWarnings(result, log);
    for (const notice of result.notices ?? []) log.notice(notice);
    sourceResults.push(result);
  }
  return sourceResults;
};

/** On events such as `pull_request_target` the default checkout is the base, so the pull request was not scanned. */
export const findCheckoutErrors = async (
  { request, change, checkout }: SourceContext,
  log: Log,
): Promise<readonly SourceError[]> => {
  const message =
    change.kind === 'pull-request' ? await findWrongCheckout(change.head, checkout.repository) : undefined;
  if (message === undefined) return [];
  log.warning(message);
  return request.sources.slice(0, 1).map(({ kind: source }) => ({ source, kind: 'unavailable', message }));
};
