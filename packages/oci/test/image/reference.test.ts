import { describe, expect, it } from '@jest/globals';
import { parseReference } from '../../src/image/reference.js';

describe('parseReference', () => {
  it.each([
    ['alpine', { registry: 'registry-1.docker.io', repository: 'library/alpine', tag: 'latest' }],
    ['octocat/shop:2', { registry: 'registry-1.docker.io', repository: 'octocat/shop', tag: '2' }],
    ['docker.io/octocat/shop', { registry: 'registry-1.docker.io', repository: 'octocat/shop', tag: 'latest' }],
    ['localhost:5000/shop', { registry: 'localhost:5000', repository: 'shop', tag: 'latest' }],
    [`ghcr.io/a/b@sha256:${'0'.repeat(64)}`, { registry: 'ghcr.io', repository: 'a/b', tag: undefined }],
  ])('parses %s', (raw, expected) => {
    expect(parseReference(raw)).toMatchObject(expected);
  });

  it.each(['', 'UPPER', 'a//b', 'a:b:c/', 'x@sha256:12'])("rejects '%s'", (raw) => {
    expect(() => parseReference(raw)).toThrow();
  });
});
