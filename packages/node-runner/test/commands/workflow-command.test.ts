import { describe, expect, it } from '@jest/globals';
import { parseCommand } from '../../src/commands/workflow-command.js';

describe('parseCommand', () => {
  it.each([
    ['::debug::text', { name: 'debug', properties: {}, data: 'text' }],
    ['  ::debug::after spaces', { name: 'debug', properties: {}, data: 'after spaces' }],
    ['::ADD-MASK::secret', { name: 'add-mask', properties: {}, data: 'secret' }],
    ['::endgroup::', { name: 'endgroup', properties: {}, data: '' }],
    ['::error file=a.yml,line=3::no', { name: 'error', properties: { file: 'a.yml', line: '3' }, data: 'no' }],
    ['::error title=a%3Ab%2Cc%25::x', { name: 'error', properties: { title: 'a:b,c%' }, data: 'x' }],
    ['::error title=a=b::x', { name: 'error', properties: { title: 'a=b' }, data: 'x' }],
    ['::error file=,line=3::x', { name: 'error', properties: { line: '3' }, data: 'x' }],
    ['::warning::two%0Alines%0D', { name: 'warning', properties: {}, data: 'two\nlines\r' }],
    ['::warning::a%250Ab', { name: 'warning', properties: {}, data: 'a%0Ab' }],
    ['::warning::a::b::c', { name: 'warning', properties: {}, data: 'a::b::c' }],
    ['##[group]Title', { name: 'group', properties: {}, data: 'Title' }],
    ['in the middle ##[error]of a line', { name: 'error', properties: {}, data: 'of a line' }],
    ['##[error file=a%5D;line=3]x%3B', { name: 'error', properties: { file: 'a]', line: '3' }, data: 'x;' }],
  ])('parses %s', (line, command) => {
    expect(parseCommand(line)).toEqual(command);
  });

  it.each([
    'plain text',
    '',
    '::',
    '::error',
    '::unknown::text',
    'before ::error::text',
    '::error text: a single colon ends nothing',
    '##[unknown]text',
    ':: error::a space before the name',
  ])('returns undefined for %j', (line) => {
    expect(parseCommand(line)).toBeUndefined();
  });

  it('accepts one extra name, in any case', () => {
    expect(parseCommand('::Token-1::', 'token-1')?.name).toBe('token-1');
    expect(parseCommand('::Token-1::')).toBeUndefined();
  });
});
