import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { encodePath, getPathInside } from '../../src/util/path.js';

describe('getPathInside', () => {
  it.each([
    ['/checkout', '/checkout/src/app.js', 'src/app.js'],
    ['/checkout', '/checkout', ''],
    ['/checkout', '/checkout/..hidden', '..hidden'],
    ['/checkout', '/checkout-other', undefined],
    ['/checkout', '/checkout/../etc', undefined],
  ])('returns for %s and %s: %s', (directory, path, expected) => {
    expect(getPathInside(join(directory), join(path))).toBe(expected);
  });
});

it('encodes each segment of a path and keeps the slashes', () => {
  expect(encodePath('feature/a b#1')).toBe('feature/a%20b%231');
  const ascii = Array.from({ length: 0x80 }, (_, code) => String.fromCharCode(code)).filter((each) => each !== '/');
  expect(ascii.map((each) => encodePath(`a/${each}`))).toEqual(ascii.map((each) => `a/${encodeURIComponent(each)}`));
});
