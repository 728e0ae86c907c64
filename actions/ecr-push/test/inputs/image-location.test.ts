import { describe, expect, it } from '@jest/globals';
import { parseImageLocation } from '../../src/inputs/image-location.js';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const named = (name: string) => ({ by: 'name', name });
const byDigest = { by: 'digest', digest: DIGEST };

describe('parseImageLocation', () => {
  it.each([
    ['oci:build/image', { kind: 'layout', path: 'build/image', selector: undefined }],
    ['oci:build/image:1.0', { kind: 'layout', path: 'build/image', selector: named('1.0') }],
    ['oci:C:\\build:1.0', { kind: 'layout', path: 'C:\\build', selector: named('1.0') }],
    [`oci:C:\\build@${DIGEST}`, { kind: 'layout', path: 'C:\\build', selector: byDigest }],
    [`oci:build@${DIGEST}`, { kind: 'layout', path: 'build', selector: byDigest }],
    [`oci:build:@${DIGEST}`, { kind: 'layout', path: 'build', selector: byDigest }],
    ['oci:build:@1', { kind: 'layout', path: 'build', selector: { by: 'index', index: 1 } }],
    ['oci-archive:a.tar', { kind: 'oci-archive', path: 'a.tar', selector: undefined }],
    [`oci-archive:a.tar@${DIGEST}`, { kind: 'oci-archive', path: 'a.tar', selector: byDigest }],
    ['docker-archive:a.tar:shop:1.0', { kind: 'docker-archive', path: 'a.tar', selector: named('shop:1.0') }],
    ['docker-archive:a.tar:@0', { kind: 'docker-archive', path: 'a.tar', selector: { by: 'index', index: 0 } }],
    ['docker-daemon:shop:1.0', { kind: 'engine', engine: 'docker', image: 'shop:1.0' }],
    ['shop:1.0', { kind: 'engine', engine: undefined, image: 'shop:1.0' }],
  ])('parses %s', (raw, expected) => {
    expect(parseImageLocation(raw)).toMatchObject(expected);
  });

  it('rejects a name that an engine would take for an option', () => {
    expect(() => parseImageLocation('--privileged')).toThrow();
    expect(() => parseImageLocation('docker-daemon:-x')).toThrow();
  });

  it.each([
    ['dir:build', "'dir:build': the transport dir: is not supported: convert it with skopeo copy dir:build oci:image"],
    ['containers-storage:localhost/shop:1.0', 'set engine: podman or engine: buildah, and source: localhost/shop:1.0'],
    ['containers-storage:[vfs@/tmp/g]localhost/shop', 'and source: localhost/shop'],
    ['oci:build:@one', "'@one' is not an image selector"],
    [`oci:build:1.0@${DIGEST}`, 'has a name and a digest: use one of them'],
    ['oci:', "'oci:' has no path"],
  ])('rejects %s', (raw, message) => {
    expect(() => parseImageLocation(raw)).toThrow(message);
  });
});
