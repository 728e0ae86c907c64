import { describe, expect, it } from '@jest/globals';
import { parseImageLocation } from '../../src/inputs/image-location.js';

describe('parseImageLocation', () => {
  it.each([
    ['oci:build/image:1.0', { kind: 'layout', path: 'build/image', tag: '1.0' }],
    ['oci:C:\\build:1.0', { kind: 'layout', path: 'C:\\build', tag: '1.0' }],
    ['oci-archive:a.tar', { kind: 'oci-archive', path: 'a.tar', tag: undefined }],
    ['docker-archive:a.tar:shop:1.0', { kind: 'docker-archive', path: 'a.tar', image: 'shop:1.0' }],
    ['docker-daemon:shop:1.0', { kind: 'engine', engine: 'docker', image: 'shop:1.0' }],
    ['shop:1.0', { kind: 'engine', engine: undefined, image: 'shop:1.0' }],
  ])('parses %s', (raw, expected) => {
    expect(parseImageLocation(raw)).toMatchObject(expected);
  });

  it('rejects a name that an engine would take for an option', () => {
    expect(() => parseImageLocation('--privileged')).toThrow();
    expect(() => parseImageLocation('docker-daemon:-x')).toThrow();
  });
});
