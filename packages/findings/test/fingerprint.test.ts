import { describe, expect, it } from '@jest/globals';
import type { Finding } from '../src/finding.js';
import { computeFingerprints } from '../src/fingerprint.js';
import { buildLocation, buildLog, createArtifactFinding, type Json, readFinding } from './sarif/sarif-log.js';

describe('a fingerprint', () => {
  const createFinding = (line: number, more: Json = {}) =>
    readFinding(buildLog({ ruleId: 'r', ...buildLocation('a.ts', {}, { startLine: line }), ...more }));
  const getFingerprint = (finding: Finding, code?: string) => computeFingerprints([finding], () => code)[0];

  it('stays the same when lines move and indentation changes', () => {
    expect(getFingerprint(createFinding(3), 'run(x);')).toBe(getFingerprint(createFinding(9), '   run(x);  '));
  });

  it.each<[string, Finding, string]>([
    ['the code', createFinding(3), 'run(y);'],
    ['the rule', createFinding(3, { ruleId: 'q' }), 'run(x);'],
    ['the file', createFinding(3, buildLocation('b.ts')), 'run(x);'],
  ])('changes with %s', (_, changed, code) => {
    expect(getFingerprint(changed, code)).not.toBe(getFingerprint(createFinding(3), 'run(x);'));
  });

  it('numbers findings with equal code in the order of the file', () => {
    const [first, second] = [createFinding(3), createFinding(9)];
    const [a, b] = computeFingerprints([second, first], () => 'run(x);');
    expect([a?.endsWith(':2'), b?.endsWith(':1')]).toEqual([true, true]);
  });

  it('hashes the message without numbers if there is no code', () => {
    const [left, right] = ['line 3 is long', 'line 9 is long'].map((text) => createFinding(1, { message: { text } }));
    expect(left && getFingerprint(left)).toBe(right && getFingerprint(right));
  });

  it('is the same for the next build of an image, and differs between images', () => {
    const first = getFingerprint(createArtifactFinding('host/app'));
    expect(getFingerprint(createArtifactFinding('host/app', 'CVE-2026-1 in openssl 1.0.1'))).toBe(first);
    expect(getFingerprint(createArtifactFinding('host/web'))).not.toBe(first);
  });
});
