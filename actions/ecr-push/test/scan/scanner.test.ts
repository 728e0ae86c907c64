import { describe, expect, it } from '@jest/globals';
import { formatPackages, requireList } from '../../src/scan/scanner.js';

describe('requireList', () => {
  it('rejects a response without a list', () => {
    expect(requireList([], 'ListFindings')).toEqual([]);
    expect(() => requireList(undefined, 'ListFindings')).toThrow(
      'the response of ListFindings contains no list of findings, although the scan is complete',
    );
  });
});

describe('formatPackages', () => {
  it.each([
    [[{ name: 'openssl', version: '1.0', fixedIn: '1.1' }], 'openssl 1.0 (fixed in 1.1)'],
    [
      [
        { name: 'zlib', version: '', fixedIn: undefined },
        { name: 'curl', version: '8', fixedIn: undefined },
      ],
      'zlib, curl 8',
    ],
  ])('formats %j', (packages, text) => {
    expect(formatPackages(packages)).toBe(text);
  });
});
