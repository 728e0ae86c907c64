import { describe, expect, it } from '@jest/globals';
import { isLike } from '../../src/util/wildcard.js';

describe('isLike', () => {
  it.each([
    ['repo:a/b:ref:refs/heads/x', 'repo:a/b:*', true],
    ['repo:a/b:pull_request', 'repo:a/?:pull_request', true],
    ['repo:A/b:x', 'repo:a/b:*', false],
    ['repoXa/b', 'repo.a/b', false],
    ['a+b', 'a+b', true],
    ['aXbXc', 'a*X?', true],
    ['aXbX', 'a*X?', false],
    ['', '**', true],
  ])('%s matches %s: %s', (value, pattern, expected) => {
    expect(isLike(value, pattern)).toBe(expected);
  });

  it('takes bounded time for patterns of many stars', () => {
    expect(isLike(`${'a'.repeat(5000)}!`, `${'*a'.repeat(30)}?b`)).toBe(false);
  });
});
