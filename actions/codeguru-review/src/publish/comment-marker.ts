import { createHash } from 'node:crypto';

const PREFIX = '<!-- aws-delivery-actions: codeguru-review ';
const SCOPE_PREFIX = '<!-- aws-delivery-actions: scope ';

/** An HTML comment, invisible when rendered, that a comment begins with. */
export const buildMarker = (subject: string): string => `${PREFIX}${subject} -->`;

/** Scope of a run's comments, from the key of its report. */
export const buildScope = (reportKey: string): string =>
  createHash('sha256').update(reportKey).digest('hex').slice(0, 16);

/** Marks the comment on a finding; the scope keeps the threads of several runs apart. */
export const buildFindingMarker = (fingerprint: string, scope: string): string =>
  `${buildMarker(fingerprint)}${SCOPE_PREFIX}${scope} -->`;

/** The fingerprint of the finding that a comment of this scope is about; undefined for other comments. */
export const readFingerprint = (body: string, scope: string): string | undefined => {
  const [line = ''] = body.split('\n', 1);
  const end = ` -->${SCOPE_PREFIX}${scope} -->`;
  if (!line.startsWith(PREFIX) || !line.trimEnd().endsWith(end)) return undefined;
  return line.trimEnd().slice(PREFIX.length, -end.length);
};
