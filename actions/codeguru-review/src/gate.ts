import type { Finding } from '@aws-delivery/findings/finding';
import { type IgnoreEntry, ignoredBy, type Location, type Subject } from '@aws-delivery/findings/ignore';
import { matchesWord } from '@aws-delivery/findings/pattern';
import { failsAt, type Severity } from '@aws-delivery/findings/severity';
import type { Code } from './code.js';
import type { Comparison } from './comparison.js';

/** From which severity findings fail, in general and for some rules and categories. */
export interface Threshold {
  readonly general: Severity;
  /** Patterns of rule ids and categories; the first that fits holds. */
  readonly special: readonly (readonly [pattern: string, from: Severity])[];
}

/** What a finding means to the gate. */
export type Standing =
  | { readonly kind: 'fails' }
  | { readonly kind: 'below' }
  | { readonly kind: 'known' }
  | { readonly kind: 'ignored'; readonly reason: string };

/** A finding with everything that is known of it. */
export interface Judged {
  readonly finding: Finding;
  readonly fingerprint: string;
  readonly code: Code | undefined;
  /** Undefined where nothing was compared. */
  readonly isNew: boolean | undefined;
  readonly standing: Standing;
}

export interface GateOptions {
  readonly threshold: Threshold;
  readonly compare: 'all' | 'new';
  readonly ignore: readonly IgnoreEntry[];
  readonly comparison: Comparison;
  /** Where exceptions look for findings; undefined for their own places. */
  readonly places: ReadonlyMap<Finding, Location> | undefined;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

const fails = ({ severity, rule, category }: Finding, { general, special }: Threshold): boolean => {
  const names = [rule.id, category].filter((name) => name !== '');
  const from = special.find(([pattern]) => names.some((name) => matchesWord(pattern, name)))?.[1] ?? general;
  return failsAt(severity, from);
};

/** Everything a finding goes by in an ignore file. */
const subjectOf = (finding: Finding, fingerprint: string, places: GateOptions['places']): Subject => {
  const { id, rule, severity, category } = finding;
  const location = places?.get(finding) ?? finding.location;
  return {
    ids: [rule.id, rule.name, fingerprint, ...(id === undefined ? [] : [id])],
    severity,
    tags: [...rule.tags, ...(category === '' ? [] : [category])],
    ...(location === undefined ? {} : { location }),
  };
};

const SUPPRESSED = 'suppressed in the scanner’s output';

/** What a finding means under a policy. */
export const standingOf = (finding: Finding, fingerprint: string, options: GateOptions): Standing => {
  const { threshold, compare, ignore, comparison, places, now } = options;
  const entry = ignoredBy(ignore, subjectOf(finding, fingerprint, places), now);
  if (entry !== undefined) return { kind: 'ignored', reason: `${entry.reason} (${entry.name})` };
  if (comparison.suppressed.has(finding)) {
    return { kind: 'ignored', reason: finding.suppression?.reason || SUPPRESSED };
  }
  if (!fails(finding, threshold)) return { kind: 'below' };
  return compare === 'new' && comparison.known?.has(finding) ? { kind: 'known' } : { kind: 'fails' };
};
