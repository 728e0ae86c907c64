import { describe, expect, it } from '@jest/globals';
import { matchesPath, matchesWord } from '../../src/ignore/pattern.js';

describe('a path pattern', () => {
  it.each([
    ['a.ts', 'a.ts', true],
    ['a.ts', 'a-ts', false],
    ['./a.ts', 'a.ts', true],
    ['*.ts', 'a.ts', true],
    ['*.ts', 'lib/a.ts', false],
    ['**.ts', 'lib/a.ts', true],
    ['**/a.ts', 'a.ts', true],
    ['**/a.ts', 'lib/deep/a.ts', true],
    ['**/a.ts', 'lib/ba.ts', false],
    ['src/**/a.ts', 'src/a.ts', true],
    ['src/**/a.ts', 'src/x/y/a.ts', true],
    ['src/**', 'src/x/y/a.ts', true],
    ['src/**', 'other/a.ts', false],
    ['src/**/', 'src/x/', true],
    ['?.ts', 'é.ts', true],
    ['?.ts', '😀.ts', true],
    ['src?a.ts', 'src/a.ts', false],
    ['**/*.{ts}', 'a.{ts}', true],
    ['**', 'line\nend', true],
    ['*', '', true],
    ['?', '', false],
  ])('%j matched against %j: %p', (pattern, path, expected) => {
    expect(matchesPath(pattern, path)).toBe(expected);
  });
});

describe('a word pattern', () => {
  it.each([
    ['java/*', 'Java/SQL-Injection@v1.0', true],
    ['*SQL*', 'java/sql-injection', true],
    ['sql', 'java/sql', false],
    ['*', '', true],
    ['a?c', 'a/c', true],
  ])('%j matched against %j: %p', (pattern, word, expected) => {
    expect(matchesWord(pattern, word)).toBe(expected);
  });
});

it.each([
  [matchesWord, '*a'.repeat(30)],
  [matchesPath, '**/a'.repeat(30)],
  [matchesPath, '**a*'.repeat(30)],
])('matches a long text against many wildcards in less than 2 s', (matches, pattern) => {
  const start = performance.now();
  expect(matches(`${pattern}!`, `${'a/'.repeat(5000)}`)).toBe(false);
  expect(performance.now() - start).toBeLessThan(2000);
});
