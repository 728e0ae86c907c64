import type { ExceptionUsage } from '@aws-delivery/action-kit/host/unused-exceptions';
import { compareFindings } from '@aws-delivery/findings/finding';
import { computeFingerprints } from '@aws-delivery/findings/fingerprint';
import { findIgnoreEntry, type IgnoreEntry, matchesIgnoreEntry } from '@aws-delivery/findings/ignore/ignore-entry';
import { matchesWord } from '@aws-delivery/findings/ignore/pattern';
import { shouldFail } from '@aws-delivery/findings/severity';
import type { ImageFinding, ScanObservation } from './scan-image.js';
import type { ScanOptions } from './scan-options.js';

/** Effect of a finding on the gate's verdict. */
export type FindingStatus =
  | { readonly kind: 'fails' }
  | { readonly kind: 'below' }
  /** It has no fix, and `only-fixable` is set. */
  | { readonly kind: 'no-fix' }
  | { readonly kind: 'ignored'; readonly reason: string };

/** A finding in an image, with its status. */
export interface EvaluatedFinding extends ImageFinding {
  readonly image: ScanObservation;
  readonly fingerprint: string;
  readonly status: FindingStatus;
}

export interface EvaluateOptions {
  readonly scanOptions: ScanOptions;
  readonly ignoreEntries: readonly IgnoreEntry[];
  readonly ignoreUsage: ExceptionUsage<IgnoreEntry>;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** What ignore entries are matched against: identifiers, severity and tags. */
const buildIgnoreSubject = (
  { finding, packages }: ImageFinding,
  { imageRef }: ScanObservation,
  fingerprint: string,
) => ({
  ids: [finding.rule.id, fingerprint, ...(finding.id === undefined ? [] : [finding.id])],
  severity: finding.severity,
  tags: [`repository:${imageRef.repository}`, ...packages.map(({ name }) => `package:${name}`)],
});

const evaluateFinding = (
  found: ImageFinding,
  image: ScanObservation,
  fingerprint: string,
  options: EvaluateOptions,
): FindingStatus => {
  const { scanOptions, ignoreEntries, now } = options;
  const entry = findIgnoreEntry(ignoreEntries, buildIgnoreSubject(found, image, fingerprint), now);
  if (entry !== undefined) return { kind: 'ignored', reason: `${entry.reason} (${entry.name})` };
  if (!shouldFail(found.finding.severity, scanOptions.failOn)) return { kind: 'below' };
  return scanOptions.onlyFixable && found.fixable === 'no' ? { kind: 'no-fix' } : { kind: 'fails' };
};

const REPOSITORY_TAG = 'repository:';

/** Whether an entry applies to an image of this run: other steps may use the same file for other repositories. */
export const appliesToImages = ({ tags }: IgnoreEntry, observations: readonly ScanObservation[]): boolean =>
  tags.length === 0 ||
  tags.some(
    (tag) =>
      !tag.toLowerCase().startsWith(REPOSITORY_TAG) ||
      observations.some(({ imageRef }) => matchesWord(tag, `${REPOSITORY_TAG}${imageRef.repository}`)),
  );

/** Evaluates the findings of all images; sorted by severity, highest first. */
export const evaluateFindings = (
  observations: readonly ScanObservation[],
  options: EvaluateOptions,
): readonly EvaluatedFinding[] => {
  const all = observations
    .flatMap((image) => image.findings.map((found) => ({ image, found })))
    .sort((a, b) => compareFindings(a.found.finding, b.found.finding));
  const fingerprints = computeFingerprints(
    all.map(({ found }) => found.finding),
    () => undefined,
  );
  return all.map(({ image, found }, index) => {
    const fingerprint = fingerprints[index] ?? '';
    const subject = buildIgnoreSubject(found, image, fingerprint);
    options.ignoreUsage.recordMatches((entry) => matchesIgnoreEntry(entry, subject));
    return { ...found, image, fingerprint, status: evaluateFinding(found, image, fingerprint, options) };
  });
};
