import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import draft04 from 'ajv-draft-04';
import type { Finding } from '../../src/finding.js';
import { computeFingerprints } from '../../src/fingerprint.js';
import { writeSarif } from '../../src/sarif/write-sarif.js';

const createFinding = (artifact: string, message = 'CVE-2026-1 in openssl 1.0.0'): Finding => ({
  source: 'Amazon Inspector',
  id: undefined,
  rule: { id: 'CVE-2026-1', name: 'CVE-2026-1', description: '', help: undefined, tags: ['security'] },
  severity: 'high',
  category: 'VulnerablePackages',
  message,
  location: undefined,
  artifact,
  fingerprints: {},
  suppression: undefined,
});

const computeFingerprint = (finding: Finding) => computeFingerprints([finding], () => undefined)[0];

describe('a finding in an artifact', () => {
  it('is written with a place, which code scanning demands of every result', () => {
    const finding = createFinding('123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app');
    const reportedFinding = { finding, fingerprint: 'f:1', state: undefined, ignored: undefined };
    const log = writeSarif([reportedFinding], [], { category: 'ecr-push', commit: undefined });
    const schema = createRequire(import.meta.url)('@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json');
    const validate = new draft04.default({ strict: false, validateFormats: false, unicodeRegExp: false }).compile(
      schema,
    );
    expect(validate(JSON.parse(JSON.stringify(log))) ? [] : validate.errors).toEqual([]);
    expect(log.runs[0]?.results?.[0]?.locations).toEqual([
      {
        physicalLocation: {
          artifactLocation: { uri: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app' },
          region: { startLine: 1 },
        },
        logicalLocations: [
          { fullyQualifiedName: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/app', kind: 'module' },
        ],
      },
    ]);
  });

  it('has no colon in its address, which would make a scheme of the host', () => {
    const written = {
      finding: createFinding('localhost:5000/app'),
      fingerprint: 'f:1',
      state: undefined,
      ignored: undefined,
    };
    const [run] = writeSarif([written], [], { category: 'ecr-push', commit: undefined }).runs;
    expect(run?.results?.[0]?.locations?.[0]?.physicalLocation?.artifactLocation?.uri).toBe('localhost%3A5000/app');
  });

  it('is known again in the next build, and told apart from one in another artifact', () => {
    const first = computeFingerprint(createFinding('host/app'));
    expect(computeFingerprint(createFinding('host/app', 'CVE-2026-1 in openssl 1.0.1'))).toBe(first);
    expect(computeFingerprint(createFinding('host/web'))).not.toBe(first);
  });
});
