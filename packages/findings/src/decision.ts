import { countSeverities, SEVERITIES, type Severity, severityText } from './severity.js';

/** What to do where a source gives no complete answer. */
export const LENIENCIES = ['fail', 'warn', 'proceed'] as const;

export type Leniency = (typeof LENIENCIES)[number];

/** What a gate knows of a finding when it decides. */
export interface Weighed {
  readonly finding: { readonly severity: Severity };
  /** `fails`, or why it does not. */
  readonly standing: { readonly kind: string };
}

/** Why a source has not answered, or not completely. */
export interface Silence<K extends string> {
  readonly source: string;
  readonly kind: K;
  readonly text: string;
}

/** What the gate decided. */
export type Gate = 'passed' | 'blocked' | 'unknown';

export interface Decision {
  readonly gate: Gate;
  /** What becomes of the step. */
  readonly step: 'pass' | 'warn' | 'fail';
  /** One sentence, for the step's result. */
  readonly reason: string;
}

export interface DecisionOptions<K extends string> {
  readonly maxFindings: number;
  readonly policies: Readonly<Record<K, Leniency>>;
}

/** `2 critical, 1 high`; empty for none. */
export const countsText = (severities: readonly Severity[]): string => {
  const counts = countSeverities(severities);
  return SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${severityText(severity)}`)
    .join(', ');
};

const findingsText = (judged: readonly Weighed[]): string => {
  const noun = judged.length === 1 ? 'finding' : 'findings';
  return `${judged.length} ${noun} (${countsText(judged.map(({ finding }) => finding.severity))})`;
};

const allowedText = (maxFindings: number): string =>
  maxFindings === 0 ? '' : `, more than the ${maxFindings} allowed`;

const troublesText = (troubles: readonly Silence<string>[]): string =>
  troubles.map(({ source, text }) => `${source}: ${text}`).join('; ');

const passedReason = (judged: readonly Weighed[], failing: readonly Weighed[], maxFindings: number): string => {
  if (failing.length > 0) return `${findingsText(failing)} fail, and 'max-findings' allows ${maxFindings}`;
  return judged.length === 0 ? 'nothing was found' : `none of ${findingsText(judged)} fails`;
};

/** What follows. `passed` needs a complete answer of every source, or a policy that says so in `reason`. */
export const decide = <K extends string>(
  judged: readonly Weighed[],
  troubles: readonly Silence<K>[],
  { maxFindings, policies }: DecisionOptions<K>,
): Decision => {
  const failing = judged.filter(({ standing }) => standing.kind === 'fails');
  const text = `no complete answer from ${troublesText(troubles)}`;
  if (failing.length > maxFindings) {
    const verb = failing.length === 1 ? 'fails' : 'fail';
    const besides = troubles.length === 0 ? '' : `, and ${text}`;
    const reason = `${findingsText(failing)} ${verb}${allowedText(maxFindings)}${besides}`;
    return { gate: 'blocked', step: 'fail', reason };
  }
  const passed = passedReason(judged, failing, maxFindings);
  if (troubles.length === 0) return { gate: 'passed', step: 'pass', reason: passed };
  const leniencies = troubles.map(({ kind }) => policies[kind]);
  if (leniencies.includes('fail')) return { gate: 'unknown', step: 'fail', reason: text };
  if (leniencies.includes('warn')) return { gate: 'unknown', step: 'warn', reason: text };
  return { gate: 'passed', step: 'pass', reason: `passed by policy, not by an answer (${text}): ${passed}` };
};
