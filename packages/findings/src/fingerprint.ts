import { createHash } from 'node:crypto';
import type { Finding } from './finding.js';

/** Key of our fingerprint in a SARIF result's `partialFingerprints`. */
export const FINGERPRINT_NAME = 'awsDelivery/v1';

/** Normalizes indentation, spacing and empty lines, so that they do not change the fingerprint. */
const normalizeCode = (code: string): string =>
  code
    .split('\n')
    .map((line) => line.trim().replace(/\s+/gu, ' '))
    .filter((line) => line !== '')
    .join('\n');

/** Masks numbers in a message: many are line numbers. */
const maskNumbers = (message: string): string => message.replace(/\d+/gu, '#').replace(/\s+/gu, ' ');

const hashParts = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/**
 * Computes fingerprints that do not change when lines move. They hash rule, file and code, or the message if the code
 * cannot be read. Equal ones are numbered in the order of the file.
 * @param getCode the text of a finding's lines
 */
export const computeFingerprints = (
  findings: readonly Finding[],
  getCode: (finding: Finding) => string | undefined,
): readonly string[] => {
  const ordinals = new Map<string, number>();
  const sortedFindings = findings
    .map((finding, index) => ({ finding, index }))
    .sort((left, right) => (left.finding.location?.startLine ?? 0) - (right.finding.location?.startLine ?? 0));
  const fingerprints: string[] = [];
  for (const { finding, index } of sortedFindings) {
    const { source, rule, location, artifact = '', message } = finding;
    const code = normalizeCode(getCode(finding) ?? '');
    const subject = code === '' ? ['message', maskNumbers(message)] : ['code', code];
    const digest = hashParts([source, rule.id, location?.file ?? artifact, ...subject]);
    const ordinal = (ordinals.get(digest) ?? 0) + 1;
    ordinals.set(digest, ordinal);
    fingerprints[index] = `${digest}:${ordinal}`;
  }
  return fingerprints;
};
