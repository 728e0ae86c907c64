import { createHash } from 'node:crypto';
import type { Finding } from '@aws-delivery/findings/finding';
import { FINGERPRINT } from '@aws-delivery/findings/fingerprint';

/** A name for a finding that survives moved lines: the review gate's own, else one of rule, file and message. */
export const fingerprintOf = ({ fingerprints, source, rule, location, message }: Finding): string => {
  const own = fingerprints[FINGERPRINT];
  const parts = own === undefined ? [source, rule.id, location?.file ?? '', message] : [own];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
};
