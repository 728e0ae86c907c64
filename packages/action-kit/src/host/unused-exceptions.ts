import { joinBlocks, list, md, raw } from '../report/markdown.js';
import { pluralize } from '../util/format.js';

export const UNUSED_EXCEPTION_POLICIES = ['ignore', 'warn', 'fail'] as const;

/** Exceptions that match nothing, as far as this run could judge. */
export interface UnusedExceptions {
  /** Positions in files or inputs: `entry 3 of .delivery/ignore.yml`, `allow-replacement: Table`. */
  readonly names: readonly string[];
  /** Whether `fail` is a warning, since this run cannot change the exceptions. */
  readonly isWarningOnly?: boolean;
}

/** Tracks which exceptions have matched anything. */
export class ExceptionUsage<E extends { readonly name: string }> {
  private readonly unmatched: Set<E>;

  constructor(exceptions: readonly E[]) {
    this.unmatched = new Set(exceptions);
  }

  /** Records all exceptions that match something, also those without an effect behind an earlier one. */
  recordMatches(matches: (exception: E) => boolean): void {
    for (const exception of this.unmatched) if (matches(exception)) this.unmatched.delete(exception);
  }

  /** The exceptions that matched nothing; `isEvaluated` excludes those whose source was not read. */
  listUnused(isEvaluated: (exception: E) => boolean = () => true): readonly E[] {
    return [...this.unmatched].filter(isEvaluated);
  }
}

/** More are counted, since a file may have hundreds. */
const MAX_NAMES = 20;

/** Says which exceptions match nothing, and what to do. */
export const formatUnusedExceptions = (names: readonly string[]): string => {
  const shown = names.slice(0, MAX_NAMES).join(', ');
  const more = names.length > MAX_NAMES ? ` (${names.length - MAX_NAMES} more)` : '';
  const rule = names.length === 1 ? 'matches nothing: remove it' : 'match nothing: remove them';
  return `${pluralize(names.length, 'unused exception')}: ${shown}${more} ${rule}, or set on-unused-exception: ignore`;
};

interface Warning {
  readonly level: 'notice' | 'warning' | 'error';
  readonly message: string;
  readonly title?: string;
}

/** What a report says of a run; declared here, since reports contain `UnusedExceptions`. */
interface Reported {
  readonly verdict: { readonly kind: 'passed' } | { readonly kind: 'failed'; readonly reason: string };
  readonly summary: string;
  readonly annotations?: readonly Warning[];
  readonly unusedExceptions?: UnusedExceptions | undefined;
}

/** Applies `on-unused-exception` to a report: a warning, or a failure unless the step has failed already. */
export const applyUnusedExceptions = <R extends Reported>(report: R, policy: unknown): R => {
  const { names, isWarningOnly = false } = report.unusedExceptions ?? { names: [] };
  if (names.length === 0 || (policy !== 'warn' && policy !== 'fail')) return report;
  const message = formatUnusedExceptions(names);
  const section = joinBlocks(md`Unused exceptions:`, list(names.slice(0, MAX_NAMES)));
  const summary = report.summary === '' ? '' : joinBlocks(raw(report.summary), section).markdown;
  if (policy === 'fail' && !isWarningOnly && report.verdict.kind === 'passed') {
    return { ...report, summary, verdict: { kind: 'failed', reason: message } };
  }
  const warning = { level: 'warning', title: 'Unused exceptions', message } as const;
  return { ...report, summary, annotations: [...(report.annotations ?? []), warning] };
};
