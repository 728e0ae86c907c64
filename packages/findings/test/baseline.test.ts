import { describe, expect, it } from '@jest/globals';
import { matchBaseline } from '../src/baseline.js';
import type { Finding } from '../src/finding.js';
import { FINGERPRINT_NAME } from '../src/fingerprint.js';
import { buildLog, readFinding, readScan } from './sarif/sarif-log.js';

describe('a baseline', () => {
  const withFingerprint = (finding: Finding, fingerprint?: string) => ({ finding, fingerprint });

  it('matches a finding by our fingerprint', () => {
    const [old, now] = [
      readFinding(buildLog({ partialFingerprints: { [FINGERPRINT_NAME]: 'x:1' } })),
      readFinding(buildLog()),
    ];
    expect(matchBaseline([withFingerprint(now, 'x:1')], [old]).get(now)).toBe(old);
    expect(matchBaseline([withFingerprint(now, 'y:1')], [old]).size).toBe(0);
  });

  it("matches a finding by the scanner's own fingerprint", () => {
    const [old, now] = ['a', 'b'].map((text) =>
      readFinding(buildLog({ message: { text }, fingerprints: { v1: 'same' } })),
    );
    if (old === undefined || now === undefined) throw new RangeError('no findings');
    expect(matchBaseline([withFingerprint(now, 'z')], [old]).size).toBe(1);
  });

  it('does not match by the placeholder that Semgrep writes as its fingerprint', () => {
    const [first, second] = readScan('semgrep').findings;
    if (first === undefined || second === undefined) throw new RangeError('no findings');
    const changed = { ...second, message: 'something else' };
    expect(matchBaseline([withFingerprint(changed, 'z')], [first]).size).toBe(0);
  });

  it('matches only one of two equal findings if the baseline has one', () => {
    const [a, b, old] = [readFinding(buildLog()), readFinding(buildLog()), readFinding(buildLog())];
    expect(matchBaseline([withFingerprint(a), withFingerprint(b)], [old]).size).toBe(1);
  });
});
