import { createHash } from 'node:crypto';
import type { Finding } from './finding.js';

/** The name our fingerprint has among a SARIF result's `partialFingerprints`. */
export const FINGERPRINT = 'awsDelivery/v1';

/** Code as it counts: indentation, spacing and empty lines may change without making another finding. */
const essence = (code: string): string =>
  code
    .split('\n')
    .map((line) => line.trim().replace(/\s+/gu, ' '))
    .filter((line) => line !== '')
    .join('\n');

/** A message without what moves with the lines: scanners like to name them. */
const withoutNumbers = (message: string): string => message.replace(/\d+/gu, '#').replace(/\s+/gu, ' ');

const digestOf = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/**
 * Names for findings that stay the same when lines move: rule, file and the code itself, not its place; where the code
 * cannot be had, the message. Equal ones are told apart by their order in the file.
 * @param codeOf the lines a finding is about
 */
export const fingerprintsOf = (
  findings: readonly Finding[],
  codeOf: (finding: Finding) => string | undefined,
): readonly string[] => {
  const seen = new Map<string, number>();
  const inOrder = findings
    .map((finding, index) => ({ finding, index }))
    .sort((left, right) => (left.finding.location?.startLine ?? 0) - (right.finding.location?.startLine ?? 0));
  const names: string[] = [];
  for (const { finding, index } of inOrder) {
    const { source, rule, location, artifact = '', message } = finding;
    const code = essence(codeOf(finding) ?? '');
    const subject = code === '' ? ['message', withoutNumbers(message)] : ['code', code];
    const digest = digestOf([source, rule.id, location?.file ?? artifact, ...subject]);
    const ordinal = (seen.get(digest) ?? 0) + 1;
    seen.set(digest, ordinal);
    names[index] = `${digest}:${ordinal}`;
  }
  return names;
};
