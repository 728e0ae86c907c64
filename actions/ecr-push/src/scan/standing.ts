import { compareFindings } from '@aws-delivery/findings/finding';
import { fingerprintsOf } from '@aws-delivery/findings/fingerprint';
import { type IgnoreEntry, ignoredBy } from '@aws-delivery/findings/ignore';
import { failsAt } from '@aws-delivery/findings/severity';
import type { Found, ImageLook } from './image-look.js';
import type { ScanRequest } from './scan-request.js';

/** What a finding means to the gate. */
export type Standing =
  | { readonly kind: 'fails' }
  | { readonly kind: 'below' }
  /** There is no fix, and that is let pass. */
  | { readonly kind: 'no-fix' }
  | { readonly kind: 'ignored'; readonly reason: string };

/** A finding in an image, with what it means. */
export interface Judged extends Found {
  readonly image: ImageLook;
  readonly fingerprint: string;
  readonly standing: Standing;
}

export interface JudgeOptions {
  readonly asked: ScanRequest;
  readonly exceptions: readonly IgnoreEntry[];
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Everything a finding goes by in an ignore file. */
const subjectOf = ({ finding, packages }: Found, { place }: ImageLook, fingerprint: string) => ({
  ids: [finding.rule.id, fingerprint, ...(finding.id === undefined ? [] : [finding.id])],
  severity: finding.severity,
  tags: [`repository:${place.repository}`, ...packages.map(({ name }) => `package:${name}`)],
});

const standingOf = (found: Found, image: ImageLook, fingerprint: string, options: JudgeOptions): Standing => {
  const { asked, exceptions, now } = options;
  const entry = ignoredBy(exceptions, subjectOf(found, image, fingerprint), now);
  if (entry !== undefined) return { kind: 'ignored', reason: `${entry.reason} (${entry.name})` };
  if (!failsAt(found.finding.severity, asked.failOn)) return { kind: 'below' };
  return asked.onlyFixable && found.fixable === 'no' ? { kind: 'no-fix' } : { kind: 'fails' };
};

/** What is found in the images and what it means, worst first. */
export const judge = (looks: readonly ImageLook[], options: JudgeOptions): readonly Judged[] => {
  const all = looks
    .flatMap((image) => image.found.map((found) => ({ image, found })))
    .sort((one, other) => compareFindings(one.found.finding, other.found.finding));
  const fingerprints = fingerprintsOf(
    all.map(({ found }) => found.finding),
    () => undefined,
  );
  return all.map(({ image, found }, index) => {
    const fingerprint = fingerprints[index] ?? '';
    return { ...found, image, fingerprint, standing: standingOf(found, image, fingerprint, options) };
  });
};
