import { createHash } from 'node:crypto';
import type { Finding } from '@aws-delivery/findings/finding';
import { FINGERPRINT_NAME } from '@aws-delivery/findings/fingerprint';

/** A hash that is stable when lines move: of the finding's own fingerprint, else of source, rule, file and message. */
export const computeFingerprint = ({ fingerprints, source, rule, location, message }: Finding): string => {
  const existing = fingerprints[FINGERPRINT_NAME];
  const parts = existing === undefined ? [source, rule.id, location?.file ?? '', message] : [existing];
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
};
