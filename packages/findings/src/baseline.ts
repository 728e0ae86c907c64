import type { Finding } from './finding.js';
import { FINGERPRINT_NAME } from './fingerprint.js';

/** A finding with its fingerprint, which does not change when lines move. */
export interface FingerprintedFinding {
  readonly finding: Finding;
  readonly fingerprint: string | undefined;
}

/** Without a login, Semgrep writes the text 'requires login' as the fingerprint of every finding. */
const isUsableFingerprint = (value: string): boolean => /^\S+$/u.test(value);

/** Keys that identify a finding, strongest first: our fingerprint, the scanner's fingerprints, and message and file. */
const getMatchKeys = ({ finding, fingerprint }: FingerprintedFinding): readonly (readonly string[])[] => {
  const { source, rule, location, message, fingerprints } = finding;
  const ownFingerprint = fingerprint ?? fingerprints[FINGERPRINT_NAME];
  const scannerKeys = Object.entries(fingerprints)
    .filter(([name, value]) => name !== FINGERPRINT_NAME && isUsableFingerprint(value))
    .map(([name, value]) => JSON.stringify([source, rule.id, location?.file, name, value]));
  const messageKey = JSON.stringify([source, rule.id, location?.file, message]);
  return [ownFingerprint === undefined ? [] : [JSON.stringify([source, ownFingerprint])], scannerKeys, [messageKey]];
};

/** Baseline findings by their keys of one priority. */
const indexByKey = (baseline: readonly FingerprintedFinding[], priority: number): ReadonlyMap<string, Finding[]> => {
  const byKey = new Map<string, Finding[]>();
  for (const entry of baseline) {
    for (const key of getMatchKeys(entry)[priority] ?? []) {
      const group = byKey.get(key) ?? [];
      byKey.set(key, group);
      group.push(entry.finding);
    }
  }
  return byKey;
};

/** Finds the first unused candidate; removes used ones from the lists, to be fast with thousands of equal findings. */
const findUnused = (candidates: readonly Finding[][], used: ReadonlySet<Finding>): Finding | undefined => {
  for (const list of candidates) {
    for (let [head] = list; head !== undefined; [head] = list) {
      if (!used.has(head)) return head;
      list.shift();
    }
  }
  return undefined;
};

/** With our fingerprint the code was compared, so an equal message elsewhere in the file is not a match. */
const hasOwnFingerprint = ({ fingerprints }: Finding): boolean => fingerprints[FINGERPRINT_NAME] !== undefined;

/**
 * Maps each finding to its match in the baseline, if there is one. A baseline finding matches once: of two equal
 * findings where the baseline has one, the second is new. Messages are compared only if code was not.
 */
export const matchBaseline = (
  findings: readonly FingerprintedFinding[],
  baseline: readonly Finding[],
): ReadonlyMap<Finding, Finding> => {
  if (baseline.length === 0) return new Map();
  const baselineEntries = baseline.map((finding) => ({ finding, fingerprint: undefined }));
  const matches = new Map<Finding, Finding>();
  const used = new Set<Finding>();
  for (const priority of [0, 1, 2]) {
    const entriesByKey = indexByKey(baselineEntries, priority);
    for (const candidate of findings) {
      if (matches.has(candidate.finding)) continue;
      const match = findUnused(
        (getMatchKeys(candidate)[priority] ?? []).map((key) => entriesByKey.get(key) ?? []),
        used,
      );
      if (match === undefined || (priority === 2 && hasOwnFingerprint(match))) continue;
      used.add(match);
      matches.set(candidate.finding, match);
    }
  }
  return matches;
};
