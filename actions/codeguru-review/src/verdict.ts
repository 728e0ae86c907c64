import { countSeverities, SEVERITIES, type Severity } from '@aws-delivery/findings/severity';
import type { Judged } from './gate.js';
import type { Leniency, Silence, Trouble } from './look.js';

/** What the gate decided. */
export type Gate = 'passed' | 'blocked' | 'unknown';

export interface Decision {
  readonly gate: Gate;
  /** What becomes of the step. */
  readonly step: 'pass' | 'warn' | 'fail';
  /** One sentence, for the step's result. */
  readonly reason: string;
}

export interface DecisionOptions {
  readonly maxFindings: number;
  readonly policies: Readonly<Record<Silence, Leniency>>;
}

/** `2 critical, 1 high`; empty for none. */
export const countsText = (severities: readonly Severity[]): string => {
  const counts = countSeverities(severities);
  return SEVERITIES.filter((severity) => counts[severity] > 0)
    .map((severity) => `${counts[severity]} ${severity === 'none' ? 'unranked' : severity}`)
    .join(', ');
};

const findingsText = (judged: readonly Judged[]): string => {
  const noun = judged.length === 1 ? 'finding' : 'findings';
  return `${judged.length} ${noun} (${countsText(judged.map(({ finding }) => finding.severity))})`;
};

const allowedText = (maxFindings: number): string =>
  maxFindings === 0 ? '' : `, more than the ${maxFindings} allowed`;

const troublesText = (troubles: readonly Trouble[]): string =>
  troubles.map(({ source, text }) => `${source}: ${text}`).join('; ');

const passedReason = (judged: readonly Judged[], failing: readonly Judged[], maxFindings: number): string => {
  if (failing.length > 0) return `${findingsText(failing)} fail, and 'max-findings' allows ${maxFindings}`;
  return judged.length === 0 ? 'nothing was found' : `none of ${findingsText(judged)} fails`;
};

/** What follows. `passed` needs a complete answer of every source, or a policy that says so in `reason`. */
export const decide = (
  judged: readonly Judged[],
  troubles: readonly Trouble[],
  { maxFindings, policies }: DecisionOptions,
): Decision => {
  const failing = judged.filter(({ standing }) => standing.kind === 'fails');
  if (failing.length > maxFindings) {
    const verb = failing.length === 1 ? 'fails' : 'fail';
    return { gate: 'blocked', step: 'fail', reason: `${findingsText(failing)} ${verb}${allowedText(maxFindings)}` };
  }
  const passed = passedReason(judged, failing, maxFindings);
  if (troubles.length === 0) return { gate: 'passed', step: 'pass', reason: passed };
  const text = `no complete answer from ${troublesText(troubles)}`;
  const leniencies = troubles.map(({ kind }) => policies[kind]);
  if (leniencies.includes('fail')) return { gate: 'unknown', step: 'fail', reason: text };
  if (leniencies.includes('warn')) return { gate: 'unknown', step: 'warn', reason: text };
  return { gate: 'passed', step: 'pass', reason: `passed by policy, not by an answer (${text}): ${passed}` };
};
