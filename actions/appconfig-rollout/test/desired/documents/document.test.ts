import { describe, expect, it } from '@jest/globals';
import {
  detectFormat,
  findLine,
  findLossyValue,
  LIMITS,
  mergeDeep,
  parseValue,
  stringifyCanonical,
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
      ...'bcdefg'.split('').map((key, index) => {
        const before = 'abcdefg'[index];
        return `${key}: &${key} [${Array(9).fill(`*${before}`).join(',')}]`;
      }),
    ].join('\n');
    expect(() => parseValue(bomb, 'yaml')).toThrow(/at most 100 aliases/);
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

  it.each([
    ['{"a": 12345678901234567890}', '12345678901234567890'],
    ['{"a": 0.12345678901234567}', '0.12345678901234567'],
    ['{"a": 1e400}', '1e400'],
    ['{"a": 1e-400}', '1e-400'],
    ['a: .inf\n', '.inf'],
    ['a: !secret x\n', 'x'],
    ['a: 0x1fffffffffffffff\n', '0x1fffffffffffffff'],
  ])('%j loses %s when parsed', (text, lossy) =>
    expect(findLossyValue(text, text.startsWith('{') ? 'json' : 'yaml')).toBe(lossy),
  );

  it.each(['{"a": "12345678901234567890"}', '{"a": 9007199254740992, "b": 0.1, "c": 1e3}', 'a: b!\nc: !!str 1\n'])(
    '%j loses nothing when parsed',
    (text) => expect(findLossyValue(text, 'yaml')).toBeUndefined(),
  );

  it('rejects text that is too large', () => {
    expect(() => parseValue(`"${'x'.repeat(LIMITS.bytes)}"`, 'json')).toThrow('is larger than');
  });

  it('rejects duplicate keys with their line', () => {
    expect(() => parseValue('a: 1\na: 2\n', 'yaml')).toThrow(/is not valid YAML: Map keys must be unique at line 2/);
  });

  it.each([
    [['a', 'b'], 3],
    [['a', 'missing', 'deep'], 2],
    [['list', 1], 6],
  ])('has the line of %j', (path, line) => {
    expect(findLine('# c\na:\n  b: 1\nlist:\n  - x\n  - y\n', path)).toBe(path[1] === 'missing' ? line + 1 : line);
  });

  it('has one canonical form', () => {
    expect(stringifyCanonical({ b: [{ d: 1, c: 2 }], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1}]}');
  });
});

describe('a merge', () => {
  it.each([
    ['maps are merged', { a: { b: 1 } }, { a: { c: 2 } }, { a: { b: 1, c: 2 } }],
    ['lists are replaced', { a: [1, 2] }, { a: [3] }, { a: [3] }],
    ['null removes a key', { a: 1, b: 2 }, { a: null }, { b: 2 }],
    ['a map replaces a scalar', { a: 1 }, { a: { b: 1 } }, { a: { b: 1 } }],
    ['null in a new map is left out', {}, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
  ])('%s', (_label, below, above, merged) => expect(mergeDeep(below, above)).toEqual(merged));

  it('does not change prototypes', () => {
    const merged = mergeDeep({}, JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(merged).toEqual({});
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });
});
