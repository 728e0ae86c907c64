import { describe, expect, it } from '@jest/globals';
import { isSelected } from '../../src/inputs/name-pattern.js';

describe('name patterns', () => {
  it.each([
    ['acme', [], true],
    ['acme', ['acme'], true],
    ['acme', ['globex', 'a*'], true],
    ['a.me', ['a*.*e'], true],
    ['one\ntwo', ['one*'], true],
    ['acme', ['acm'], false],
    ['acme', ['cme'], false],
    ['acme', ['a.me'], false],
    ['acme', ['a?me'], false],
  ])('for %j with %j select: %s', (name, patterns, isMatch) => expect(isSelected(name, patterns)).toBe(isMatch));
});
