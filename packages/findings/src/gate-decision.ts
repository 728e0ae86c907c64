import { pluralize } from '@aws-delivery/action-kit/util/format';
import { groupBy } from '@aws-delivery/action-kit/util/group-by';
import { countSeverities, formatSeverity, SEVERITIES, type Severity } from './severity.js';

/** Policies for a source that is unavailable or gives an incomplete result. */
export const UNAVAILABLE_POLICIES = ['fail', 'warn', 'proceed'] as const;

export type UnavailablePolicy = (typeof UNAVAILABLE_POLICIES)[number];

/** The part of an evaluated finding that the decision needs. */
export interface GateFinding {
  readonly finding: { readonly severity: Severity };
  /** `fails`, or the reason why it does not fail. */
  readonly status: { readonly kind: string };
}

/** A source that is unavailable or gave an incomplete result. */
export interface SourceError<K extends string> {
  readonly source: string;
  readonly kind: K;
  readonly message: string;
}

export type Verdict = 'passed' | 'blocked' | 'unknown';

export interface Decision {
  readonly verdict: Verdict;
  /** Result of the step. */
  readonly step: 'pass' | 'warn' | 'fail';
  /** One sentence. */
  readonly reason: string;
}

/** How many failing findings to tolerate: in all, or of each severity; none of a severity that is not named. */
export type MaxFindings = number | Readonly<Partial<Record<Severity, number>>>;

export interface DecisionOptions<K extends string> {
  readonly maxFindings: MaxFindings;
  readonly policies: Readonly<Record<K, UnavailablePolicy>>;
}

/** Formats counts as `2 critical, 1 high`; empty for no findings. */
export const formatSeverityCounts = (severities: readonly Severity[]): string => {
  const counts = countSeverities(severities);
  return SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${formatSeverity(severity)}`)
    .join(', ');
};

const formatFindingCounts = (findings: readonly GateFinding[], noun = 'finding'): string => {
  const counts = formatSeverityCounts(findings.map(({ finding }) => finding.severity));
  return `${pluralize(findings.length, noun)} (${counts})`;
};

const STATUS_LABELS: Readonly<Record<string, string>> = {
  below: 'below the threshold',
  'no-fix': 'without a fix',
};

/** `2 ignored, 1 below the threshold` */
const formatStatusCounts = (findings: readonly GateFinding[]): string =>
  [...groupBy(findings, ({ status }) => status.kind)]
    .map(([kind, group]) => `${group.length} ${STATUS_LABELS[kind] ?? kind}`)
    .join(', ');

/** `'max-findings' (2)` or `'max-findings' (medium=20, low=50)` */
const formatMaxFindings = (maxFindings: MaxFindings): string => {
  if (typeof maxFindings === 'number') return `'max-findings' (${maxFindings})`;
  const limits = SEVERITIES.flatMap((severity) =>
    maxFindings[severity] === undefined ? [] : [`${severity}=${maxFindings[severity]}`],
  );
  return `'max-findings' (${limits.join(', ')})`;
};

const formatAllowance = (maxFindings: MaxFindings): string =>
  maxFindings === 0 ? '' : `, more than ${formatMaxFindings(maxFindings)}`;

const isWithin = (failing: readonly GateFinding[], maxFindings: MaxFindings): boolean => {
  if (typeof maxFindings === 'number') return failing.length <= maxFindings;
  const counts = countSeverities(failing.map(({ finding }) => finding.severity));
  return SEVERITIES.every((severity) => counts[severity] <= (maxFindings[severity] ?? 0));
};

const formatSourceErrors = (errors: readonly SourceError<string>[]): string =>
  errors.map(({ source, message }) => `${source}: ${message.replace(/\.$/u, '')}`).join('; ');

const formatPassedReason = (
  findings: readonly GateFinding[],
  failing: readonly GateFinding[],
  maxFindings: MaxFindings,
): string => {
  if (failing.length > 0)
    return `${formatFindingCounts(failing, 'failing finding')}, within ${formatMaxFindings(maxFindings)}`;
  if (findings.length === 0) return 'no findings';
  return findings.every(({ status }) => status.kind === 'below')
    ? `${formatFindingCounts(findings)}, none at or above the 'fail-on' threshold`
    : `${formatFindingCounts(findings)}, none failing: ${formatStatusCounts(findings)}`;
};

/** Decides on the verdict. `passed` requires complete results of all sources, or a policy that `reason` then names. */
export const decide = <K extends string>(
  findings: readonly GateFinding[],
  errors: readonly SourceError<K>[],
  { maxFindings, policies }: DecisionOptions<K>,
): Decision => {
  const failing = findings.filter(({ status }) => status.kind === 'fails');
  const incompleteReason = `incomplete results from ${formatSourceErrors(errors)}`;
  if (!isWithin(failing, maxFindings)) {
    const suffix = errors.length === 0 ? '' : `; ${incompleteReason}`;
    const reason = `${formatFindingCounts(failing, 'failing finding')}${formatAllowance(maxFindings)}${suffix}`;
    return { verdict: 'blocked', step: 'fail', reason };
  }
  const passedReason = formatPassedReason(findings, failing, maxFindings);
  if (errors.length === 0) return { verdict: 'passed', step: 'pass', reason: passedReason };
  const appliedPolicies = errors.map(({ kind }) => policies[kind]);
  if (appliedPolicies.includes('fail')) return { verdict: 'unknown', step: 'fail', reason: incompleteReason };
  if (appliedPolicies.includes('warn')) return { verdict: 'unknown', step: 'warn', reason: incompleteReason };
  return {
    verdict: 'passed',
    step: 'pass',
    reason: `${passedReason}; passed by policy despite ${incompleteReason}`,
  };
};
