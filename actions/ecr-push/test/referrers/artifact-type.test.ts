import { describe, expect, it } from '@jest/globals';
import { detectArtifactType } from '../../src/referrers/artifact-type.js';
import { parseReferrer } from '../../src/referrers/referrer-file.js';

describe('what a file is', () => {
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
      'a Sigstore bundle of old',
      { mediaType: 'application/vnd.dev.sigstore.bundle+json;version=0.2' },
      'application/vnd.dev.sigstore.bundle+json',
    ],
    ['SARIF', { version: '2.1.0', runs: [] }, 'application/sarif+json'],
    ['something with a media type of its own', { mediaType: 'text/html' }, undefined],
    ['any other object', { name: 'shop' }, undefined],
    ['a list', [], undefined],
  ])('is told by %s', (_what, document, type) => {
    expect(detectArtifactType(Buffer.from(JSON.stringify(document)))).toBe(type);
  });

  it('is told behind a byte order mark, and by nothing that is not JSON', () => {
    expect(detectArtifactType(Buffer.from('\uFEFF{"bomFormat":"CycloneDX"}'))).toBe('application/vnd.cyclonedx+json');
    expect(detectArtifactType(Buffer.from('bomFormat: CycloneDX'))).toBeUndefined();
  });
});

describe('the name of a referrer', () => {
  it.each([
    ['sbom.json', { path: 'sbom.json', artifactType: undefined }],
    ['a=b.pdf=application/pdf', { path: 'a=b.pdf', artifactType: 'application/pdf' }],
    ['x.bin=application/vnd.mine.v1+json', { path: 'x.bin', artifactType: 'application/vnd.mine.v1+json' }],
  ])('is read from %s', (text, name) => {
    expect(parseReferrer(text)).toEqual(name);
  });

  it.each(['x=', '=application/pdf', 'x=pdf', 'x=a/b c'])('is not %j', (text) => {
    expect(() => parseReferrer(text)).toThrow(`referrer '${text}' is not a file`);
  });
});
