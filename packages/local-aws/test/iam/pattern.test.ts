import { describe, expect, it } from '@jest/globals';
import { matchesArn, matchesPattern } from '../../src/iam/pattern.js';

describe('pattern matching', () => {
  it.each([
    ['a.c', 'abc', false],
    ['a*c', 'a/b/c', true],
    ['a?c', 'abc', true],
    ['(a|b)', 'a', false],
    ['*', '', true],
  ])('matches %s with %s: %s', (pattern, value, expected) => {
    expect(matchesPattern(pattern, value)).toBe(expected);
  });

  it.each([
    ['arn:aws:s3:::b/*', 'arn:aws:s3:::b/a/b', true],
    ['arn:aws:*:1:t', 'arn:aws:sns:eu:1:t', true],
    ['arn:aws:sns:*:t:t', 'arn:aws:sns:eu:1:t:t', false],
    ['arn:aws:sns:*:1:t', 'arn:aws:sns:eu:1:t', true],
    ['*', 'arn:aws:sns:eu:1:t', true],
    ['arn:*', '*', false],
  ])('matches %s with the ARN %s: %s', (pattern, arn, expected) => {
    expect(matchesArn(pattern, arn)).toBe(expected);
  });
});
