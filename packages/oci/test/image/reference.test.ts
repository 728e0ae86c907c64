import { describe, expect, it } from '@jest/globals';
import { parseReference } from '../../src/image/reference.js';

describe('parseReference', () => {
  it.each([
    ['alpine', { registry: 'registry-1.docker.io', repository: 'library/alpine', tag: 'latest' }],
    ['octocat/shop:2', { registry: 'registry-1.docker.io', repository: 'octocat/shop', tag: '2' }],
    ['docker.io/octocat/shop', { registry: 'registry-1.docker.io', repository: 'octocat/shop', tag: 'latest' }],
    ['localhost:5000/shop', { registry: 'localhost:5000', repository: 'shop', tag: 'latest' }],
    ['LOCALHOST:5000/shop', { registry: 'LOCALHOST:5000' }],
    ['[::1]:5000/shop:1', { registry: '[::1]:5000', repository: 'shop', tag: '1' }],
    ['ghcr.io:443/shop', { registry: 'ghcr.io:443', repository: 'shop' }],
    [`ghcr.io/a/b@sha256:${'0'.repeat(64)}`, { registry: 'ghcr.io', repository: 'a/b', tag: undefined }],
  ])('parses %s', (raw, expected) => {
    expect(parseReference(raw)).toMatchObject(expected);
  });

  it.each(['', 'UPPER', 'a//b', 'a:b:c/', 'x@sha256:12'])("rejects '%s'", (raw) => {
    expect(() => parseReference(raw)).toThrow();
  });

  it.each([
    'example.com?x=.amazonaws.com/shop',
    'example.com#.amazonaws.com/shop',
    String.raw`example.com\.amazonaws.com/shop`,
    'example.com:/shop',
    'example.com:99999/shop',
    // Loopback addresses in other forms.
    '127.1:5000/shop',
    '0x7f.0.0.1/shop',
    'münchen.example/shop',
    `ghcr.io/shop@sha256:${'0'.repeat(64)}@sha256:${'1'.repeat(64)}`,
    'user:secret@ghcr.io/shop',
  ])('rejects a host or digest that a URL would read in another way: %s', (raw) => {
    expect(() => parseReference(raw)).toThrow(`'${raw}'`);
  });
});
