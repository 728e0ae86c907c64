import { describe, expect, it } from '@jest/globals';
import { findTrackedEntry, type TrackedEntry } from '../../src/git/tracked-entry.js';

const entries: readonly TrackedEntry[] = [
  { path: '.Ignore.yml', kind: 'file', object: '1' },
  { path: 'link', kind: 'link', object: '2' },
  { path: 'sub/module', kind: 'submodule', object: '3' },
  { path: 'cafe\u0301/a', kind: 'file', object: '4' },
];

describe('findTrackedEntry', () => {
  it.each([
    ['.Ignore.yml', '1'],
    ['.ignore.yml', '1'],
    ['link/deep/file', '2'],
    ['sub/module/file', '3'],
    ['sub/modules/file', undefined],
    ['.Ignore.yml/file', undefined],
    ['CAF\u00c9/a', '4'],
    ['other', undefined],
  ])('finds for %s the object %s', (path, object) => {
    expect(findTrackedEntry(entries, path)?.object).toBe(object);
  });
});
