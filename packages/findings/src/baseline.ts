import type { Finding } from './finding.js';
import { FINGERPRINT_NAME } from './fingerprint.js';

/** A finding with the name that survives moved lines. */
export interface FingerprintedFinding {
  readonly finding: Finding;
  readonly fingerprint: string | undefined;
}

/** Semgrep says 'requires login' where its fingerprint belongs: for every finding the same, and no name of any. */
const isUsableFingerprint = (value: string): boolean => /^\S+$/u.test(value);

/** The names by which a finding can be known again, strongest first: ours, the scanner's own, and what it says where. */
const getMatchKeys = ({ finding, fingerprint }: FingerprintedFinding): readonly (readonly string[])[] => {
  const { source, rule, location, message, fingerprints } = finding;
  const ownFingerprint = fingerprint ?? fingerprints[FINGERPRINT_NAME];
  const scannerKeys = Object.entries(fingerprints)
    .filter(([name, value]) => name !== FINGERPRINT_NAME && isUsableFingerprint(value))
    .map(([name, value]) => JSON.stringify([source, rule.id, location?.file, name, value]));
  const messageKey = JSON.stringify([source, rule.id, location?.file, message]);
  return [ownFingerprint === undefined ? [] : [JSON.stringify([source, ownFingerprint])], scannerKeys, [messageKey]];
};

const indexByKey = (
  baseline: readonly FingerprintedFinding[],
  priority: number,
): ReadonlyMap<string, FingerprintedFinding[]> => {
  const byKey = new Map<string, FingerprintedFinding[]>();
  for (const entry of baseline) {
    for (const key of getMatchKeys(entry)[priority] ?? []) {
      const group = byKey.get(key);
      if (group === undefined) byKey.set(key, [entry]);
      else group.push(entry);
    }
  }
  return byKey;
};

/** The first that is still free; what is used up leaves its list, so that thousands of equal ones stay quick. */
const takeFrom = (candidates: readonly FingerprintedFinding[][], used: ReadonlySet<Finding>): Finding | undefined => {
  for (const list of candidates) {
    for (let [head] = list; head !== undefined; [head] = list) {
      if (!used.has(head.finding)) return head.finding;
      list.shift();
    }
  }
  return undefined;
};

/**
 * For each finding the one of the baseline that it is, if it is there. Each of the baseline stands for one finding: of
 * two equal ones where there was one, the second is new. What a message says counts only where code was not compared.
 */
export const matchBaseline = (
  findings: readonly FingerprintedFinding[],
  baseline: readonly Finding[],
): ReadonlyMap<Finding, Finding> => {
  const baselineEntries = baseline.map((finding) => ({ finding, fingerprint: undefined }));
  const matches = new Map<Finding, Finding>();
  const used = new Set<Finding>();
  for (const priority of [0, 1, 2]) {
    const entriesByKey = indexByKey(baselineEntries, priority);
    for (const candidate of findings) {
      if (matches.has(candidate.finding)) continue;
      const match = takeFrom(
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

/** A baseline of ours knows the code: that its message is the same elsewhere in the file proves nothing. */
const hasOwnFingerprint = ({ fingerprints }: Finding): boolean => fingerprints[FINGERPRINT_NAME] !== undefined;
