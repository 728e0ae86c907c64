import { describe, expect, it } from '@jest/globals';
import {
  createContent,
  formatLabel,
  isLabelFor,
  parseDeployedContent,
} from '../../../src/desired/documents/content.js';
import {
  detectFormat,
  findLine,
  findLossyValue,
  LIMITS,
  mergeDeep,
  parseValue,
  stringifyCanonical,
} from '../../../src/desired/documents/document.js';
import { compareLines, compareValues, formatDifference } from '../../../src/plan/difference.js';

describe('content', () => {
  it.each([
    ['the order of keys', '{"a":1,"b":2}', '{"b":2,"a":1}', 'json'],
    ['white space', '{"a":1}', '{\n  "a": 1\n}\n', 'json'],
    ['comments and styles of YAML', 'a: [1, 2]\n', '# why\na:\n  - 1\n  - 2\n', 'yaml'],
  ] as const)('is the same whatever %s', (_label, a, b, format) => {
    expect(createContent(a, format, 'AWS.Freeform').digest).toBe(createContent(b, format, 'AWS.Freeform').digest);
  });

  it.each([
    ['the order of lists', '[1,2]', '[2,1]', 'json'],
    ['types', '{"a":"1"}', '{"a":1}', 'json'],
    ['white space of texts', 'a\n', 'a', 'text'],
    ['ends of lines of texts', 'a\n', 'a\r\n', 'text'],
    ['digits that no double holds', '{"a":12345678901234567890}', '{"a":12345678901234567891}', 'json'],
    ['tags', 'a: !one x\n', 'a: !two x\n', 'yaml'],
    ['what is no number in JSON', 'a: .inf\n', 'a: null\n', 'yaml'],
  ] as const)('differs by %s', (_label, a, b, format) => {
    expect(createContent(a, format, 'AWS.Freeform').digest).not.toBe(createContent(b, format, 'AWS.Freeform').digest);
  });

  it('of feature flags does not change by the stamps of the service', () => {
    const type = 'AWS.AppConfig.FeatureFlags';
    const stamped = '{"version":"1","flags":{"a":{"name":"A","_createdAt":"2026"}}}';
    const plain = '{"version":"1","flags":{"a":{"name":"A"}}}';
    expect(createContent(stamped, 'json', type).digest).toBe(createContent(plain, 'json', type).digest);
    expect(createContent(stamped, 'json', 'AWS.Freeform').digest).not.toBe(
      createContent(plain, 'json', 'AWS.Freeform').digest,
    );
  });

  it('that is deployed and is not what it says is no content', () => {
    expect(parseDeployedContent('{', 'application/json', 'AWS.Freeform')).toBeUndefined();
    expect(parseDeployedContent('{', 'text/plain', 'AWS.Freeform')?.text).toBe('{');
  });

  it('has a label of at most 64 characters that names environment, content and commit', () => {
    const content = createContent('{}', 'json', 'AWS.Freeform');
    const label = formatLabel('a-very-long-environment-name/with things', content, 'f'.repeat(40));
    expect(label).toMatch(/^a-very-long-environm-[0-9a-f]{24}-f{12}$/);
    expect(label.length).toBeLessThanOrEqual(64);
    expect(isLabelFor(label, 'a-very-long-environment-name/with things', content)).toBe(true);
    expect(isLabelFor(label, 'a-very-long-environment-name/with other', content)).toBe(false);
    expect(isLabelFor(undefined, 'dev', content)).toBe(false);
  });
});

describe('a document', () => {
  it.each([
    ['a.json', 'json'],
    ['a.YAML', 'yaml'],
    ['a.yml', 'yaml'],
    ['a.b.txt', 'text'],
    ['README', 'text'],
  ])('%s is %s', (file, format) => expect(detectFormat(file)).toBe(format));

  it('refuses aliases that grow without bound', () => {
    const bomb = [
      'a: &a [1,1,1,1,1,1,1,1,1]',
      ...'bcdefg'.split('').map((key, index) => {
        const before = 'abcdefg'[index];
        return `${key}: &${key} [${Array(9).fill(`*${before}`).join(',')}]`;
      }),
    ].join('\n');
    expect(() => parseValue(bomb, 'yaml')).toThrow(/at most 100 aliases/);
  });

  it.each(['json', 'yaml'] as const)('refuses what is nested too deep in %s', (format) => {
    const createNested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
    expect(() => parseValue(createNested(LIMITS.depth + 1), format)).toThrow('nested deeper than 64 levels');
    expect(() => parseValue(createNested(200_000), format)).toThrow('nested deeper than 64 levels');
    expect(parseValue(createNested(LIMITS.depth), format)).toBeInstanceOf(Array);
  });

  it('refuses what is nested too deep by indentation, before a reader overflows', () => {
    const createNested = (depth: number) =>
      Array.from({ length: depth }, (_, level) => `${' '.repeat(level)}a:\n`).join('');
    expect(() => parseValue(createNested(LIMITS.depth + 2), 'yaml')).toThrow('nested deeper than 64 levels');
    expect(() => parseValue(createNested(2000), 'yaml')).toThrow('nested deeper than 64 levels');
    expect(() => parseValue(`${'- '.repeat(20_000)}a\n`, 'yaml')).toThrow('nested deeper than 64 levels');
    expect(parseValue('a:\n  - - b\n  # c\n\n  -\n    - d\n', 'yaml')).toEqual({ a: [['b'], ['d']] });
  });

  it('of JSON has no byte order mark', () => {
    expect(() => parseValue('\uFEFF{}', 'json')).toThrow('begins with a byte order mark');
  });

  it.each([
    ['{"a": 12345678901234567890}', '12345678901234567890'],
    ['{"a": 0.12345678901234567}', '0.12345678901234567'],
    ['{"a": 1e400}', '1e400'],
    ['{"a": 1e-400}', '1e-400'],
    ['a: .inf\n', '.inf'],
    ['a: !secret x\n', 'x'],
    ['a: 0x1fffffffffffffff\n', '0x1fffffffffffffff'],
  ])('%j loses %s when it is read', (text, lossy) =>
    expect(findLossyValue(text, text.startsWith('{') ? 'json' : 'yaml')).toBe(lossy),
  );

  it.each(['{"a": "12345678901234567890"}', '{"a": 9007199254740992, "b": 0.1, "c": 1e3}', 'a: b!\nc: !!str 1\n'])(
    '%j loses nothing',
    (text) => expect(findLossyValue(text, 'yaml')).toBeUndefined(),
  );

  it('refuses what is too large', () => {
    expect(() => parseValue(`"${'x'.repeat(LIMITS.bytes)}"`, 'json')).toThrow('is larger than');
  });

  it('refuses keys that are there twice, and says where', () => {
    expect(() => parseValue('a: 1\na: 2\n', 'yaml')).toThrow(/is not valid YAML: Map keys must be unique at line 2/);
  });

  it.each([
    [['a', 'b'], 3],
    [['a', 'missing', 'deep'], 2],
    [['list', 1], 6],
  ])('knows the line of %j', (path, line) => {
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

  it('reaches no prototype', () => {
    const merged = mergeDeep({}, JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(merged).toEqual({});
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });
});

describe('differences', () => {
  it('are told key by key', () => {
    const before = { a: 1, b: { c: [1], d: 'x' }, e: null };
    const after = { a: 2, b: { c: [1, 2] }, e: null, 'f g': true };
    expect(compareValues(before, after).map(formatDifference)).toEqual([
      '! a: 1 → 2',
      '! b.c: [1] → [1,2]',
      '- b.d: "x"',
      '+ "f g": true',
    ]);
  });

  it('of a key that is null and one that is not there are differences', () => {
    expect(compareValues({ a: null }, {}).map(formatDifference)).toEqual(['- a: null']);
  });

  it('of texts are told line by line', () => {
    expect(compareLines('a\nb\nc', 'a\nx\ny\nc').map(formatDifference)).toEqual([
      '- line 2: "b"',
      '+ line 2: "x"',
      '+ line 3: "y"',
    ]);
    expect(compareLines('a\na', 'a')).toHaveLength(1);
  });
});
