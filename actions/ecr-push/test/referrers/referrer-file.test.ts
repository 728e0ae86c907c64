import { describe, expect, it } from '@jest/globals';
import { parseReferrer } from '../../src/referrers/referrer-file.js';

describe('parseReferrer', () => {
  it.each([
    ['sbom.json', { path: 'sbom.json', artifactType: undefined }],
    ['a=b.pdf=application/pdf', { path: 'a=b.pdf', artifactType: 'application/pdf' }],
    ['x.bin=application/vnd.mine.v1+json', { path: 'x.bin', artifactType: 'application/vnd.mine.v1+json' }],
  ])('parses %s', (raw, spec) => {
    expect(parseReferrer(raw)).toEqual(spec);
  });

  it.each(['x=', '=application/pdf', 'x=pdf', 'x=a/b c'])('rejects %j', (raw) => {
    expect(() => parseReferrer(raw)).toThrow(`referrer '${raw}' is invalid`);
  });
});
