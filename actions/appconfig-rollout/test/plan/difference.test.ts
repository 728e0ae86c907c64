import { describe, expect, it } from '@jest/globals';
import { parseDocuments } from '../../src/desired/documents/document.js';
import { compareLines, compareTokens, formatDifference } from '../../src/plan/difference.js';

const compare = (before: string, after: string, format: 'json' | 'yaml' = 'yaml'): readonly string[] => {
  const [old, fresh] = [before, after].map((text) => parseDocuments(text, format)[0]?.root);
  return compareTokens(old, fresh).map(formatDifference);
};

describe('a difference', () => {
  it('is found key by key', () => {
    const before = '{"a": 1, "b": {"c": [1], "d": "x"}, "e": null}';
    const after = '{"a": 2, "b": {"c": [1, 2]}, "e": null, "f g": true}';
    expect(compare(before, after, 'json')).toEqual([
      '! a: 1 → 2',
      '! b.c: [1] → [1, 2]',
      '- b.d: "x"',
      '+ "f g": true',
    ]);
  });

  it.each([
    ['a null key and a missing one', 'a: ~\nb: 1\n', 'b: 1\n', ['- a: ~']],
    ['quotes that change the meaning', 'country: NO\n', 'country: "NO"\n', ['! country: NO → "NO"']],
    ['digits', 'a: 1\n', 'a: 1.0\n', ['! a: 1 → 1.0']],
    ['keys', '404: x\n', '"404": x\n', ['- 404: x', '+ "404": x']],
    ['quotes of a key alone', 'name: 1\n', '"name": 1\n', ['! (document): {name: 1} → {"name": 1}']],
    ['tags', 'a: !x {b: 1}\n', 'a: !y {b: 1}\n', ['! a: {b: 1} → {b: 1}']],
    ['no content', '# a\n', 'a: 1\n', ['! (document): null → {a: 1}']],
    ['layout only', 'a: {b: 1, c: 2}\n', 'a:\n  c: 2\n  b: 1\n', []],
  ])('between %s is shown', (_label, before, after, differences) => {
    expect(compare(before, after)).toEqual(differences);
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
