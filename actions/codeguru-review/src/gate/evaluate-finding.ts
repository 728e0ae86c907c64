import type { Finding } from '@aws-delivery/findings/finding';
import {
  type FileLocation,
  findIgnoreEntry,
  type IgnoreEntry,
  type IgnoreSubject,
} from '@aws-delivery/findings/ignore/ignore-entry';
import { matchesWord } from '@aws-delivery/findings/ignore/pattern';
import { type Severity, shouldFail } from '@aws-delivery/findings/severity';
import type { FindingCode } from './code-excerpt.js';
import type { Comparison } from './comparison.js';

/** From which severity findings fail, in general and for some rules and categories. */
export interface Threshold {
  readonly failOn: Severity;
  /** Patterns of rule ids and categories; the first that fits holds. */
  readonly failOnFor: readonly (readonly [pattern: string, from: Severity])[];
}

/** What a finding means to the gate. */
export type FindingStatus =
  | { readonly kind: 'fails' }
  | { readonly kind: 'below' }
  | { readonly kind: 'known' }
  | { readonly kind: 'ignored'; readonly reason: string };

/** A finding with everything that is known of it. */
export interface EvaluatedFinding {
  readonly finding: Finding;
  readonly fingerprint: string;
  readonly code: FindingCode | undefined;
  /** Undefined where nothing was compared. */
  readonly isNew: boolean | undefined;
  readonly status: FindingStatus;
}

export interface GateOptions {
  readonly threshold: Threshold;
  readonly compare: 'all' | 'new';
  readonly ignoreEntries: readonly IgnoreEntry[];
  readonly comparison: Comparison;
  /** Where exceptions look for findings; undefined for their own places. */
  readonly baseLocations: ReadonlyMap<Finding, FileLocation> | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const shouldFailFinding = ({ severity, rule, category }: Finding, { failOn, failOnFor }: Threshold): boolean => {
  const names = [rule.id, category].filter((name) => name !== '');
  const severityToFail = failOnFor.find(([pattern]) => names.some((name) => matchesWord(pattern, name)))?.[1] ?? failOn;
  return shouldFail(severity, severityToFail);
};

/** Everything a finding goes by in an ignore file. */
const toIgnoreSubject = (
  finding: Finding,
  fingerprint: string,
  baseLocations: GateOptions['baseLocations'],
): IgnoreSubject => {
  const { id, rule, severity, category } = finding;
  const location = baseLocations?.get(finding) ?? finding.location;
  return {
    ids: [rule.id, rule.name, fingerprint, ...(id === undefined ? [] : [id])],
    severity,
    tags: [...rule.tags, ...(category === '' ? [] : [category])],
    ...(location === undefined ? {} : { location }),
  };
};

const DEFAULT_SUPPRESSION_REASON = 'suppressed in the scanner’s output';

/** What a finding means under a policy. */
export const evaluateFinding = (finding: Finding, fingerprint: string, options: GateOptions): FindingStatus => {
  const { threshold, compare, ignoreEntries, comparison, baseLocations, now } = options;
  const entry = findIgnoreEntry(ignoreEntries, toIgnoreSubject(finding, fingerprint, baseLocations), now);
  if (entry !== undefined) return { kind: 'ignored', reason: `${entry.reason} (${entry.name})` };
  if (comparison.suppressed.has(finding)) {
    return { kind: 'ignored', reason: finding.suppression?.reason || DEFAULT_SUPPRESSION_REASON };
  }
  if (!shouldFailFinding(finding, threshold)) return { kind: 'below' };
  return compare === 'new' && comparison.known?.has(finding) ? { kind: 'known' } : { kind: 'fails' };
};
