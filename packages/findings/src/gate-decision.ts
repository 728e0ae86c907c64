import { countSeverities, formatSeverity, SEVERITIES, type Severity } from './severity.js';

/** What to do where a source gives no complete answer. */
export const UNAVAILABLE_POLICIES = ['fail', 'warn', 'proceed'] as const;

export type UnavailablePolicy = (typeof UNAVAILABLE_POLICIES)[number];

/** What a gate knows of a finding when it decides. */
export interface GateFinding {
  readonly finding: { readonly severity: Severity };
  /** `fails`, or why it does not. */
  readonly status: { readonly kind: string };
}

/** Why a source has not answered, or not completely. */
export interface SourceError<K extends string> {
  readonly source: string;
  readonly kind: K;
  readonly message: string;
}

/** What the gate decided. */
export type Verdict = 'passed' | 'blocked' | 'unknown';

export interface Decision {
  readonly verdict: Verdict;
  /** What becomes of the step. */
  readonly step: 'pass' | 'warn' | 'fail';
  /** One sentence, for the step's result. */
  readonly reason: string;
}

export interface DecisionOptions<K extends string> {
  readonly maxFindings: number;
  readonly policies: Readonly<Record<K, UnavailablePolicy>>;
}

/** `2 critical, 1 high`; empty for none. */
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

/** What follows. `passed` needs a complete answer of every source, or a policy that says so in `reason`. */
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
