import type { Finding } from './finding.js';
import { FINGERPRINT } from './fingerprint.js';

/** A finding with the name that survives moved lines. */
export interface Named {
  readonly finding: Finding;
  readonly fingerprint: string | undefined;
}

/** Semgrep says 'requires login' where its fingerprint belongs: for every finding the same, and no name of any. */
const isName = (value: string): boolean => /^\S+$/u.test(value);

/** The names by which a finding can be known again, strongest first: ours, the scanner's own, and what it says where. */
const namesOf = ({ finding, fingerprint }: Named): readonly (readonly string[])[] => {
  const { source, rule, location, message, fingerprints } = finding;
  const ours = fingerprint ?? fingerprints[FINGERPRINT];
  const theirs = Object.entries(fingerprints)
    .filter(([name, value]) => name !== FINGERPRINT && isName(value))
    .map(([name, value]) => JSON.stringify([source, rule.id, location?.file, name, value]));
  const said = JSON.stringify([source, rule.id, location?.file, message]);
  return [ours === undefined ? [] : [JSON.stringify([source, ours])], theirs, [said]];
};

const index = (baseline: readonly Named[], strength: number): ReadonlyMap<string, Named[]> => {
  const found = new Map<string, Named[]>();
  for (const entry of baseline) {
    for (const name of namesOf(entry)[strength] ?? []) {
      const same = found.get(name);
      if (same === undefined) found.set(name, [entry]);
      else same.push(entry);
    }
  }
  return found;
};

/** The first that is still free; what is used up leaves its list, so that thousands of equal ones stay quick. */
const takeFrom = (lists: readonly Named[][], used: ReadonlySet<Finding>): Finding | undefined => {
  for (const list of lists) {
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
  findings: readonly Named[],
  baseline: readonly Finding[],
): ReadonlyMap<Finding, Finding> => {
  const known = baseline.map((finding) => ({ finding, fingerprint: undefined }));
  const matches = new Map<Finding, Finding>();
  const used = new Set<Finding>();
  for (const strength of [0, 1, 2]) {
    const entries = index(known, strength);
    for (const named of findings) {
      if (matches.has(named.finding)) continue;
      const free = takeFrom(
        (namesOf(named)[strength] ?? []).map((name) => entries.get(name) ?? []),
        used,
      );
      if (free === undefined || (strength === 2 && isOurs(free))) continue;
      used.add(free);
      matches.set(named.finding, free);
    }
  }
  return matches;
};

/** A baseline of ours knows the code: that its message is the same elsewhere in the file proves nothing. */
const isOurs = ({ fingerprints }: Finding): boolean => fingerprints[FINGERPRINT] !== undefined;
