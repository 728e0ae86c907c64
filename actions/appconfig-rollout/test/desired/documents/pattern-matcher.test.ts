import { afterAll, describe, expect, it } from '@jest/globals';
import { PatternMatcher } from '../../../src/desired/documents/pattern-matcher.js';

const patterns = new PatternMatcher();
afterAll(() => patterns.close());

describe('a pattern', () => {
  it.each([
    ['^[a-z]+$', 'abc', 'match'],
    ['^[a-z]+$', 'a1', 'no-match'],
    ['^(?:[a-z]+-)*[a-z]+$', 'a-b', 'match'],
    ['^(?:[a-z]+-)*[a-z]+$', 'a--b', 'no-match'],
    ['^[a-z]+$', 'a'.repeat(5000), 'match'],
    ['^\\p{L}+$', 'é', 'match', 'u'],
  ])('%s with %j: %s', (pattern, text, result, flags = '') => {
    expect(patterns.match(pattern, text, flags)).toBe(result);
  });

  it.each(['^(a+)+$', '^(a|a)*$', '^(a|aa)+$', '^a*a*a*a*a*a*a*b$', '(x+x+)+y'])(
    '%s that takes too long is unknown, once',
    (pattern) => {
      const matcher = new PatternMatcher(50);
      const text = `${'a'.repeat(400)}${'x'.repeat(400)}!`;
      expect(matcher.match(pattern, pattern.includes('x') ? 'x'.repeat(60) : text.slice(0, 400).concat('!'))).toBe(
        'unknown',
      );
      expect(matcher.match(pattern, 'a')).toBe('unknown');
      expect(matcher.unknownPatterns).toEqual([pattern]);
      expect(matcher.match('^(?:b+)+$', 'bb')).toBe('match');
      matcher.close();
    },
  );

  it.each([
    [`^${'a?'.repeat(40)}[bc]`, 'a'.repeat(80)],
    [`^${'(a|a)'.repeat(28)}$`, `${'a'.repeat(28)}!`],
  ])('%s is matched with a time limit', (pattern, text) => {
    const matcher = new PatternMatcher(50);
    expect(matcher.match(pattern, text)).toBe('unknown');
    matcher.close();
  });

  it('that is invalid throws', () => {
    expect(() => patterns.match('[', 'a')).toThrow(SyntaxError);
  });
});
