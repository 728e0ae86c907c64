import { createHash } from 'node:crypto';
import type { Finding } from './finding.js';

/** The name our fingerprint has among a SARIF result's `partialFingerprints`. */
export const FINGERPRINT_NAME = 'awsDelivery/v1';

/** Code as it counts: indentation, spacing and empty lines may change without making another finding. */
const normalizeCode = (code: string): string =>
  code
    .split('\n')
    .map((line) => line.trim().replace(/\s+/gu, ' '))
    .filter((line) => line !== '')
    .join('\n');

/** A message without what moves with the lines: scanners like to name them. */
const maskNumbers = (message: string): string => message.replace(/\d+/gu, '#').replace(/\s+/gu, ' ');

const hashParts = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/**
 * Names for findings that stay the same when lines move: rule, file and the code itself, not its place; where the code
 * cannot be had, the message. Equal ones are told apart by their order in the file.
 * @param codeOf the lines a finding is about
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
