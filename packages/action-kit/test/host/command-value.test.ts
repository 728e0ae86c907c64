import { describe, expect, it } from '@jest/globals';
import { assertWritable, listMaskedValues } from '../../src/host/command-value.js';

describe('a value for a command file', () => {
  it.each([
    ['output', 'stack-id'],
    ['output', '1Url.x'],
    ['state', 'restore'],
    ['environment variable', '_PROD_DB2'],
  ] as const)('is accepted as %s %s', (kind, name) => {
    expect(() => assertWritable(kind, name, 'a\nb\0'.slice(0, 3))).not.toThrow();
  });

  it.each(['', 'a b', 'a\nb', 'a\rb', 'a=b', 'a<<b', 'a\u2028', 'é', '-a', '::'])(
    'is rejected with the name %j',
    (name) => {
      for (const kind of ['output', 'state', 'environment variable'] as const) {
        expect(() => assertWritable(kind, name, '')).toThrow(`${kind} ${JSON.stringify(name)} has an invalid name`);
      }
    },
  );

  it.each(['1A', 'a-b', 'a.b'])('is rejected with the environment variable %s', (name) => {
    expect(() => assertWritable('environment variable', name, '')).toThrow('use letters, digits and _');
  });

  it('is rejected when an environment variable would end at a NUL character', () => {
    expect(() => assertWritable('environment variable', 'A', 'a\0b')).toThrow('contains a NUL character');
    expect(() => assertWritable('output', 'A', 'a\0b')).not.toThrow();
  });
});

describe('the masked values of a secret', () => {
  it.each([
    ['one line', ['one line']],
    [' padded ', [' padded ']],
    [
      '-----BEGIN KEY-----\r\nabc \n\n  def\n',
      ['-----BEGIN KEY-----\r\nabc \n\n  def\n', '-----BEGIN KEY-----', 'abc', 'def'],
    ],
    ['{\n  "a": 1\n}', ['{\n  "a": 1\n}', '"a": 1']],
    [' \n ', []],
  ])('of %j are %j', (secret, values) => {
    expect(listMaskedValues(secret)).toEqual(values);
  });
});
