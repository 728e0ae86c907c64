import { describe, expect, it } from '@jest/globals';
import { compareLines, compareValues, formatDifference } from '../../src/plan/difference.js';

describe('a difference', () => {
  it('is found key by key', () => {
    const before = { a: 1, b: { c: [1], d: 'x' }, e: null };
    const after = { a: 2, b: { c: [1, 2] }, e: null, 'f g': true };
    expect(compareValues(before, after).map(formatDifference)).toEqual([
      '! a: 1 → 2',
      '! b.c: [1] → [1,2]',
      '- b.d: "x"',
      '+ "f g": true',
    ]);
  });

  it('exists between a null key and a missing one', () => {
    expect(compareValues({ a: null }, {}).map(formatDifference)).toEqual(['- a: null']);
  });

  it('between texts is found line by line', () => {
    expect(compareLines('a\nb\nc', 'a\nx\ny\nc').map(formatDifference)).toEqual([
      '- line 2: "b"',
      '+ line 2: "x"',
      '+ line 3: "y"',
    ]);
    expect(compareLines('a\na', 'a')).toHaveLength(1);
  });
});
