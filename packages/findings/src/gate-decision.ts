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

export interface DecisionOptions<K extends string> {
  readonly maxFindings: number;
  readonly policies: Readonly<Record<K, UnavailablePolicy>>;
}

/** Formats counts as `2 critical, 1 high`; empty for no findings. */
export const formatSeverityCounts = (severities: readonly Severity[]): string => {
  const counts = countSeverities(severities);
  return SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${formatSeverity(severity)}`)
    .join(', ');
};

const formatFindingCounts = (findings: readonly GateFinding[]): string => {
  const noun = findings.length === 1 ? 'finding' : 'findings';
  return `${findings.length} ${noun} (${formatSeverityCounts(findings.map(({ finding }) => finding.severity))})`;
};

const formatAllowance = (maxFindings: number): string =>
  maxFindings === 0 ? '' : `, more than the ${maxFindings} allowed`;

const formatSourceErrors = (errors: readonly SourceError<string>[]): string =>
  errors.map(({ source, message }) => `${source}: ${message}`).join('; ');

const formatPassedReason = (
  findings: readonly GateFinding[],
  failing: readonly GateFinding[],
  maxFindings: number,
): string => {
  if (failing.length > 0) return `${formatFindingCounts(failing)} fail, and 'max-findings' allows ${maxFindings}`;
  return findings.length === 0 ? 'nothing was found' : `none of ${formatFindingCounts(findings)} fails`;
};

/** Decides on the verdict. `passed` requires complete results of all sources, or a policy that `reason` then names. */
export const decide = <K extends string>(
  findings: readonly GateFinding[],
  errors: readonly SourceError<K>[],
  { maxFindings, policies }: DecisionOptions<K>,
): Decision => {
  const failing = findings.filter(({ status }) => status.kind === 'fails');
  const incompleteReason = `no complete answer from ${formatSourceErrors(errors)}`;
  if (failing.length > maxFindings) {
    const verb = failing.length === 1 ? 'fails' : 'fail';
    const suffix = errors.length === 0 ? '' : `, and ${incompleteReason}`;
    const reason = `${formatFindingCounts(failing)} ${verb}${formatAllowance(maxFindings)}${suffix}`;
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
    reason: `passed by policy, not by an answer (${incompleteReason}): ${passedReason}`,
  };
};
