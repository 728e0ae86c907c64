import { describe, expect, it } from '@jest/globals';
import { parseDocuments } from '../../../src/desired/documents/document.js';
import { MergeKeyResolver, mergeTokens } from '../../../src/desired/documents/merge-tokens.js';
import { Canonicalizer, formatKeyIdentity, type Token } from '../../../src/desired/documents/token.js';
import { formatJsonKey, writeJson, writeYaml } from '../../../src/desired/documents/write-tokens.js';

type Format = 'json' | 'yaml';

const read = (text: string, format: Format): Token => {
  const [document] = parseDocuments(text, format);
  if (document === undefined) throw new Error('no document');
  return new MergeKeyResolver().resolve(document.root);
};

const detect = (text: string): Format => (text.startsWith('{') ? 'json' : 'yaml');

const merge = (base: string, override: string, format: Format = detect(override)): string => {
  const canonicalizer = new Canonicalizer();
  const getKeyName = format === 'json' ? formatJsonKey : (key: Token) => formatKeyIdentity(key, canonicalizer);
  const merged = mergeTokens(read(base, detect(base)), read(override, detect(override)), { getKeyName });
  return format === 'json' ? writeJson(merged) : writeYaml(merged);
};

describe('a deep merge of YAML', () => {
  it.each([
    ['maps are merged', 'a: {b: 1}\n', 'a: {c: 2}\n', 'a:\n  b: 1\n  c: 2\n'],
    ['lists are replaced', 'a: [1, 2]\n', 'a: [3]\n', 'a:\n  - 3\n'],
    ['null removes a key', 'a: 1\nb: 2\n', 'a: null\n', 'b: 2\n'],
    ['an empty value removes a key', 'a: 1\nb: 2\n', 'a:\n', 'b: 2\n'],
    ['a map replaces a scalar', 'a: 1\n', 'a: {b: 1}\n', 'a:\n  b: 1\n'],
    ['null in a new map is left out', 'x: 1\n', 'a: {b: ~, c: 1}\n', 'x: 1\na:\n  c: 1\n'],
    [
      'null removes a key that came from a merge key',
      'd: &d {x: 1, y: 2}\na:\n  <<: *d\n',
      'd: null\na: {x: null}\n',
      'a:\n  y: 2\n',
    ],
    ['a null from a merge key removes a key', 'a: {x: 1}\n', 'n: &n {x: null}\na:\n  <<: *n\n', 'a: {}\nn: {}\n'],
    ['null in a list is kept', 'a: 1\n', 'a: [~, ]\n', 'a:\n  - ~\n'],
    [
      'quotes are kept',
      'country: "NO"\nat: "12:30:00"\nday: \'2024-01-01\'\n',
      'x: on\n',
      'country: "NO"\nat: "12:30:00"\nday: \'2024-01-01\'\nx: on\n',
    ],
    [
      'digits are kept',
      'a: 1.0\nb: 0644\nc: 1_000\nd: 12345678901234567890\n',
      'x: 1e3\n',
      'a: 1.0\nb: 0644\nc: 1_000\nd: 12345678901234567890\nx: 1e3\n',
    ],
    [
      'tags are kept',
      'a: !!binary aGVsbG8=\nb: !secret {c: d}\n',
      'x: !!str 1\n',
      'a: !!binary aGVsbG8=\nb: !secret\n  c: d\nx: !!str 1\n',
    ],
    ['literal blocks are kept', 'a: |\n    one\n     two\n', 'x: |-\n  y\n', 'a: |\n  one\n   two\nx: |-\n  y\n'],
    ['certain keys are the same in quotes', 'name: 1\n', '"name": 2\n', 'name: 2\n'],
    ['uncertain keys differ in quotes', '404: a\n', '"404": b\n', '404: a\n"404": b\n'],
    ['aliases are expanded', 'd: &d {x: 1}\n', 'e: &d {y: 1}\na: *d\n', 'd:\n  x: 1\ne:\n  y: 1\na:\n  y: 1\n'],
    [
      'own keys win over merge keys',
      'x: 1\n',
      'd: &d {p: 1, q: 1}\na: {p: 2, <<: *d}\n',
      'x: 1\nd:\n  p: 1\n  q: 1\na:\n  p: 2\n  q: 1\n',
    ],
    [
      'the first of several merge keys wins',
      'x: 1\n',
      'a: {<<: [{p: 1}, {p: 2, q: 2}]}\n',
      'x: 1\na:\n  p: 1\n  q: 2\n',
    ],
    [
      'strings of JSON stay quoted',
      '{"a": "on", "b": 1.0, "u": "\\ud83d\\ude00/"}',
      'x: 1\n',
      '"a": "on"\n"b": 1.0\n"u": "😀/"\nx: 1\n',
    ],
  ])('%s', (_label, base, override, merged) => {
    expect(merge(base, override, 'yaml')).toBe(merged);
    // The result is read as the merge is.
    expect(writeYaml(read(merged, 'yaml'))).toBe(merged);
  });

  it('rejects a merge key that merges no map', () => {
    expect(() => merge('a: 1\n', '<<: x\n')).toThrow("a merge key '<<' whose value is not a map");
  });

  it('keeps the folded text of a block', () => {
    const merged = merge('a: >-\n  one\n  two\n\n    three\n', 'x: 1\n');
    const [before, after] = ['a: >-\n  one\n  two\n\n    three\nx: 1\n', merged].map((text) => read(text, 'yaml'));
    const getText = (token: Token | undefined) =>
      token?.kind === 'map' ? token.entries.map(([, value]) => (value.kind === 'scalar' ? value.text : '')) : [];
    expect(getText(after)).toEqual(getText(before));
  });
});

describe('a deep merge into JSON', () => {
  it.each([
    [
      'digits are kept',
      '{"a": 1.0, "b": 12345678901234567890}',
      '{"c": 1e400}',
      '{"a":1.0,"b":12345678901234567890,"c":1e400}',
    ],
    [
      'YAML is resolved',
      'd: &d {x: 1}\na:\n  <<: *d\nb: yes\nc: 0x1F\ne: .5\nf: ~\n',
      '{"g": true}',
      '{"d":{"x":1},"a":{"x":1},"b":"yes","c":31,"e":0.5,"f":null,"g":true}',
    ],
    ['keys are the same text', '404: a\n', '{"404": "b"}', '{"404":"b"}'],
    ['core tags are dropped', 'a: !!str 1\nb: !!int 2\n', '{}', '{"a":"1","b":2}'],
    [
      'no prototype is changed',
      '{"a": 1}',
      '{"__proto__": {"polluted": true}}',
      '{"a":1,"__proto__":{"polluted":true}}',
    ],
  ])('%s', (_label, base, override, merged) => {
    expect(merge(base, override, 'json').replace(/\n */g, '').replaceAll('": ', '":')).toBe(merged);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it.each([
    ['a: !secret x\n', '!secret'],
    ['a: !!binary aGVsbG8=\n', '!!binary'],
    ['a: !!set {b, c}\n', '!!set'],
    ['a: .inf\n', '.inf'],
    ['a: 0644\n', '0644'],
  ])('rejects %j', (base, source) => {
    expect(() => merge(base, '{}', 'json')).toThrow(`contains '${source}', which cannot be written in JSON`);
  });

  it('rejects a map as a key', () => {
    expect(() => merge('? {a: 1}\n: b\n', '{}', 'json')).toThrow('contains a map or list as a key');
  });
});
