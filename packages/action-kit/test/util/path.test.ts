import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { encodePath, getPathInside } from '../../src/util/path.js';

describe('getPathInside', () => {
  it.each([
    ['/work', '/work/src/app.js', 'src/app.js'],
    ['/work', '/work', ''],
    ['/work', '/work/..hidden', '..hidden'],
    ['/work', '/workspace', undefined],
    ['/work', '/work/../etc', undefined],
  ])('returns for %s and %s: %s', (directory, path, expected) => {
    expect(getPathInside(join(directory), join(path))).toBe(expected);
  });
});

it('encodes each segment of a path and keeps the slashes', () => {
  expect(encodePath('feature/a b#1')).toBe('feature/a%20b%231');
});
