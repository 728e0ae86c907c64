import { createHash } from 'node:crypto';
import type { Finding } from '@aws-delivery/findings/finding';
import { FINGERPRINT_NAME } from '@aws-delivery/findings/fingerprint';

/** A name for a finding that survives moved lines: the review gate's own, else one of rule, file and message. */
export const computeFingerprint = ({ fingerprints, source, rule, location, message }: Finding): string => {
  const existing = fingerprints[FINGERPRINT_NAME];
  const parts = existing === undefined ? [source, rule.id, location?.file ?? '', message] : [existing];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
};
