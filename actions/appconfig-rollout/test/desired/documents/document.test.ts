import { describe, expect, it } from '@jest/globals';
import {
  detectFormat,
  LIMITS,
  LineFinder,
  parseDocuments,
  parseValue,
  stringifyCanonical,
  toValue,
} from '../../../src/desired/documents/document.js';

describe('a document', () => {
  it.each([
    ['a.json', 'json'],
    ['a.YAML', 'yaml'],
    ['a.yml', 'yaml'],
    ['a.b.txt', 'text'],
    ['README', 'text'],
  ])('in %s has the format %s', (file, format) => expect(detectFormat(file)).toBe(format));

  it('rejects aliases that expand without bound', () => {
    const bomb = [
      'a: &a [1,1,1,1,1,1,1,1,1]',
      ...'bcdefghi'.split('').map((key, index) => {
        const before = 'abcdefghi'[index];
        return `${key}: &${key} [${Array(9).fill(`*${before}`).join(',')}]`;
      }),
    ].join('\n');
    expect(() => parseValue(bomb, 'yaml')).toThrow('expands to more than 4194304 characters through aliases');
  });

  it('takes an anchor that is used a thousand times', () => {
    const text = `d: &d {rps: 10}\n${Array.from({ length: 1000 }, (_, index) => `r${index}:\n  <<: *d\n`).join('')}`;
    expect(parseValue(text, 'yaml')).toMatchObject({ d: { rps: 10 }, r0: { rps: 10 }, r999: { rps: 10 } });
  });

  it.each([
    ['a: *b\n', "unresolved alias '*b' at line 1, column 4"],
    ['a: &a [*a]\n', "alias '*a' contains itself at line 1, column 8"],
    ['a: *b\nb: &b 1\n', "unresolved alias '*b'"],
  ])('rejects %j', (text, message) => expect(() => parseDocuments(text, 'yaml')).toThrow(message));

  it('in YAML has several documents', () => {
    expect(parseDocuments('a: 1\n---\nb: 2\n---\n', 'yaml').map(({ root }) => toValue(root))).toEqual([
      { a: 1 },
      { b: 2 },
      null,
    ]);
    expect(() => parseValue('a: 1\n---\nb: 2\n', 'yaml')).toThrow('contains 2 YAML documents');
  });

  it.each(['json', 'yaml'] as const)('in %s is parsed once if its text is read again', (format) => {
    const text = `{"parsed": "once as ${format}"}`;
    expect(parseDocuments(text, format)).toBe(parseDocuments(text, format));
  });

  it('is not retained after two million characters of other texts', () => {
    const documents = parseDocuments('["first"]', 'json');
    const fill = (length: number) => JSON.stringify(['x'.repeat(length)]);
    parseDocuments(fill(1024 * 1024), 'json');
    expect(parseDocuments('["first"]', 'json')).toBe(documents);
    parseDocuments(fill(1024 * 1024 + 1), 'json');
    const again = parseDocuments('["first"]', 'json');
    expect(again).not.toBe(documents);
    expect(again).toEqual(documents);
  });

  it('resolves merge keys in its value', () => {
    expect(parseValue('d: &d {x: 1, y: 1}\na:\n  y: 2\n  <<: *d\n', 'yaml')).toEqual({
      d: { x: 1, y: 1 },
      a: { x: 1, y: 2 },
    });
  });

  it.each(['json', 'yaml'] as const)('rejects too deep nesting in %s', (format) => {
    const createNested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => parseValue(createNested(LIMITS.depth + 1), format)).toThrow('nested deeper than 64 levels');
    expect(() => parseValue(createNested(200_000), format)).toThrow('nested deeper than 64 levels');
    expect(parseValue(createNested(LIMITS.depth), format)).toBeInstanceOf(Array);
  });

  it('rejects too deep indentation before the parser overflows', () => {
    const createNested = (depth: number) =>
      Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:\n`).join('');
    expect(() => parseValue(createNested(LIMITS.depth + 2), 'yaml')).toThrow('nested deeper than 64 levels');
    expect(() => parseValue(createNested(2000), 'yaml')).toThrow('nested deeper than 64 levels');
    expect(() => parseValue(`${'- '.repeat(20_000)}a\n`, 'yaml')).toThrow('nested deeper than 64 levels');
    expect(parseValue('a:\n  - - b\n  # c\n\n  -\n    - d\n', 'yaml')).toEqual({ a: [['b'], ['d']] });
  });

  it('in JSON is rejected with a byte order mark', () => {
    expect(() => parseValue('\uFEFF{}', 'json')).toThrow('starts with a byte order mark');
  });

  it('rejects text that is too large', () => {
    expect(() => parseValue(`"${'x'.repeat(LIMITS.bytes)}"`, 'json')).toThrow('is larger than');
  });

  it('rejects duplicate keys with their line', () => {
    expect(() => parseValue('a: 1\na: 2\n', 'yaml')).toThrow(/is not valid YAML: Map keys must be unique at line 2/);
    expect(() => parseValue('{"a": 1, "a": 2}', 'json')).toThrow(/is not valid JSON: Duplicate key 'a'/);
  });

  it.each([
    [['a', 'b'], 3],
    [['a', 'missing', 'deep'], 2],
    [['list', 1], 6],
  ])('has the line of %j', (path, line) => {
    const lines = new LineFinder('# c\na:\n  b: 1\nlist:\n  - x\n  - y\n');
    expect(lines.find(path)).toBe(path[1] === 'missing' ? line + 1 : line);
  });

  it('has one canonical form', () => {
    expect(stringifyCanonical({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });
});
