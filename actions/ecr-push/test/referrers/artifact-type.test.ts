import { describe, expect, it } from '@jest/globals';
import { detectArtifactType } from '../../src/referrers/artifact-type.js';

describe('detectArtifactType', () => {
  it.each([
    ['SPDX 2', { spdxVersion: 'SPDX-2.3' }, 'application/spdx+json'],
    ['SPDX 3', { '@context': 'https://spdx.org/rdf/3.0.1/spdx-context.jsonld' }, 'application/spdx+json'],
    ['CycloneDX', { bomFormat: 'CycloneDX', specVersion: '1.6' }, 'application/vnd.cyclonedx+json'],
    ['an in-toto statement', { _type: 'https://in-toto.io/Statement/v1' }, 'application/vnd.in-toto+json'],
    [
      'a DSSE envelope',
      { payloadType: 'application/vnd.in-toto+json', payload: 'e30=', signatures: [] },
      'application/vnd.dsse.envelope.v1+json',
    ],
    [
      'a Sigstore bundle',
      { mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json', dsseEnvelope: {} },
      'application/vnd.dev.sigstore.bundle.v0.3+json',
    ],
    [
      'an old Sigstore bundle',
      { mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2' },
      'application/vnd.dev.sigstore.bundle+json',
    ],
    ['SARIF', { version: '2.1.0', runs: [] }, 'application/sarif+json'],
    ['something with a media type of its own', { mediaType: 'text/html' }, undefined],
    ['any other object', { name: 'shop' }, undefined],
    ['a list', [], undefined],
  ])('detects %s', (_label, document, type) => {
    expect(detectArtifactType(Buffer.from(JSON.stringify(document)))).toBe(type);
  });

  it('skips a byte order mark, and detects JSON only', () => {
    expect(detectArtifactType(Buffer.from('\uFEFF{"bomFormat":"CycloneDX"}'))).toBe('application/vnd.cyclonedx+json');
    expect(detectArtifactType(Buffer.from('bomFormat: CycloneDX'))).toBeUndefined();
  });
});
