import { describe, expect, it } from '@jest/globals';
import { readPairs, readPaths } from '../../src/commands/environment-file.js';

describe('an environment file', () => {
  it.each([
    ['nothing', '', {}],
    ['blank lines', '\n\n', {}],
    ['a line', 'a=1\n', { a: '1' }],
    ['a line without an end', 'a=1', { a: '1' }],
    ['an empty value', 'a=\n', { a: '' }],
    ['an equals sign in a value', 'a=b=c\n', { a: 'b=c' }],
    ['a heredoc sign in a value', 'a=b<<c\n', { a: 'b<<c' }],
    ['the later of two equal names', 'a=1\na=2\n', { a: '2' }],
    ['a block', 'a<<END\none\ntwo\nEND\n', { a: 'one\ntwo' }],
    ['an empty block', 'a<<END\nEND\n', { a: '' }],
    ['a block of one blank line', 'a<<END\n\nEND\n', { a: '' }],
    ['a blank line at the end of a block', 'a<<END\none\n\nEND\n', { a: 'one\n' }],
    ['a blank line at the start of a block, which act drops', 'a<<END\n\none\nEND\n', { a: '\none' }],
    ['a delimiter inside a line', 'a<<END\nthe END\n END\nEND\n', { a: 'the END\n END' }],
    ['a delimiter with an equals sign', 'a<<E=F\none\nE=F\n', { a: 'one' }],
    ['name=value inside a block', 'a<<END\nb=2\nEND\nc=3\n', { a: 'b=2', c: '3' }],
    ['a last delimiter without an end', 'a<<END\none\nEND', { a: 'one' }],
    ['a carriage return', 'a=1\r\n', { a: '1\r' }],
  ])('parses %s', (_, content, pairs) => {
    expect(readPairs(content, false)).toEqual(pairs);
  });

  it('accepts CR LF as line end on Windows', () => {
    expect(readPairs('a=1\r\nb<<END\r\none\r\ntwo\r\nEND\r\n', true)).toEqual({ a: '1', b: 'one\ntwo' });
  });

  it.each([
    ['a line of neither form', 'a\n', "'a' must be name=value or name<<delimiter"],
    ['a block without an end', 'a<<END\none\n', "the value of 'a' has no end: expected a line with 'END'"],
    ['a block without a name', '<<END\nEND\n', "'<<END' requires a name before '<<' and a delimiter after it"],
    ['a block without a delimiter', 'a<<\n\n', "'a<<' requires a name before '<<' and a delimiter after it"],
  ])('rejects %s', (_, content, message) => {
    expect(() => readPairs(content, false)).toThrow(expect.objectContaining({ code: 'file-command-invalid', message }));
  });

  it('lists one path per line', () => {
    expect(readPaths('/a\n\n/b c\r\n')).toEqual(['/a', '/b c']);
  });
});
