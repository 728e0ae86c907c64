import { describe, expect, it } from '@jest/globals';
import { mapToBaseLines, overlapsChange, parseDiff } from '../../src/git/diff.js';

const buildDiff = (name: string, ...lines: readonly string[]): string =>
  [`diff --git a/${name} b/${name}`, `--- a/${name}`, `+++ b/${name}`, ...lines, ''].join('\n');

describe('a diff', () => {
  it('maps unchanged lines to the base and changed lines to undefined', () => {
    const changes = parseDiff(
      buildDiff(
        'a.js',
        '@@ -2,2 +2 @@',
        '-two',
        '-three',
        '+both',
        '@@ -9,0 +9,3 @@',
        '+a',
        '+b',
        '+c',
        '@@ -20 +21,0 @@',
        '-gone',
      ),
    );
    expect([1, 2, 3, 8, 9, 11, 12, 21, 22].map((line) => mapToBaseLines(changes, 'a.js', [line, line])?.[0])).toEqual([
      1,
      undefined,
      4,
      9,
      undefined,
      undefined,
      10,
      19,
      21,
    ]);
  });

  it('treats a range as changed if lines were removed inside it', () => {
    const changes = parseDiff(buildDiff('a.js', '@@ -5 +4,0 @@', '-check(x);'));
    expect([overlapsChange(changes, 'a.js', [4, 4]), overlapsChange(changes, 'a.js', [5, 5])]).toEqual([false, false]);
    expect(overlapsChange(changes, 'a.js', [4, 5])).toBe(true);
  });

  it('ignores code that looks like a diff header', () => {
    const changes = parseDiff(buildDiff('a.js', '@@ -1 +1,2 @@', '--- a/b.js', '+++ b/b.js', '+@@ -1 +1 @@'));
    expect([...changes.keys()]).toEqual(['a.js']);
  });

  it.each([
    ['"b/quo\\"te\\n\\303\\274.js"', 'quo"te\nü.js'],
    ['b/with space.js\t', 'with space.js'],
  ])('unquotes the path %s', (quoted, name) => {
    expect([...parseDiff(`--- /dev/null\n+++ ${quoted}\n@@ -0,0 +1 @@\n+x\n`).keys()]).toEqual([name]);
  });

  it('treats all lines as changed in binary files and LFS pointers', () => {
    const pointer = buildDiff(
      'large.js',
      '@@ -2 +2 @@',
      `-oid sha256:${'a'.repeat(64)}`,
      `+oid sha256:${'b'.repeat(64)}`,
    );
    const changes = parseDiff(pointer, ['hidden.js']);
    expect(overlapsChange(changes, 'hidden.js', [99, 99])).toBe(true);
    expect(overlapsChange(changes, 'large.js', [99, 99])).toBe(true);
    expect(overlapsChange(changes, 'other.js', [1, 1])).toBe(false);
  });
});
