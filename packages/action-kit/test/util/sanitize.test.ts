import { describe, expect, it } from '@jest/globals';
import { sanitize, toLogLines, toSingleLine, truncate } from '../../src/util/sanitize.js';

/** Whether GitHub's runner (ActionCommand.TryParseV2 and TryParse) or Azure's agent reads a command in the line. */
const isCommand = (line: string): boolean => /^\s*::/u.test(line) || /##(?:\[|vso\[|teamcity\[)/u.test(line);

describe('sanitize', () => {
  it.each([
    ['colours', '\u001b[31mred\u001b[0m', 'red'],
    ['8-bit colours', '\u009b31mred\u009b0m', 'red'],
    ['a cursor that wipes the line', 'safe\u001b[2K\u001b[1Gfake', 'safefake'],
    ['a window title', '\u001b]0;owned\u0007text', 'text'],
    ['a hyperlink', '\u001b]8;;https://evil.example\u001b\\click\u001b]8;;\u001b\\', 'click'],
    ['an unfinished sequence, up to the end of its line', 'a\u001b]0;x\nb', 'a\nb'],
    ['a lone escape', 'a\u001b', 'a'],
    ['backspaces and bells', 'a\b\u0007b', 'ab'],
    ['bidirectional overrides', 'a\u202eb\u2066c\u200fd', 'abcd'],
    ['zero-width characters and byte order marks', 'a\u200b\u2060\ufeffb', 'ab'],
    ['tag characters', 'a\u{e0041}b', 'ab'],
    ['lone surrogates', 'a\ud83db', 'ab'],
  ])('removes %s', (_, text, expected) => {
    expect(sanitize(text)).toBe(expected);
  });

  it.each(['\r\n', '\r', '\v', '\f', '\u0085', '\u2028', '\u2029'])('replaces %j with a line feed', (end) => {
    expect(sanitize(`a${end}b`)).toBe('a\nb');
  });

  it('removes all control characters of ASCII except tab and line feed', () => {
    const ascii = Array.from({ length: 0x80 }, (_, code) => code);
    const isVisible = (code: number) => (code >= 0x20 && code < 0x7f) || code === 0x09 || code === 0x0a;
    // Line breaks are replaced, and an escape takes what follows it.
    const tested = ascii.filter((code) => ![0x0b, 0x0c, 0x0d, 0x1b].includes(code));
    const preserved = tested.filter((code) => sanitize(`a${String.fromCharCode(code)}b`).length === 3);
    expect(preserved).toEqual(ascii.filter(isVisible));
  });

  it('preserves ordinary text', () => {
    const text = 'Grüße, 東京 👍🏽\n\tAWS::S3::Bucket <b>';
    expect(sanitize(text)).toBe(text);
  });
});

describe('toLogLines', () => {
  it.each([
    '::set-env name=PATH::/tmp/evil',
    '  ::add-mask::x',
    '\t::stop-commands::token',
    '\u00a0::error::x',
    '\ufeff::error::x',
    '\u200b::error::x',
    '\u001b[0m::error::x',
    ':\u200b:error::x',
    'harmless\r::error::x',
    'harmless\n::error::x',
    'harmless\u2028::error::x',
    'harmless\u0085::error::x',
    '##[error]x',
    'text before ##[add-path]/tmp/evil',
    '###[error]x',
    '##vso[task.setvariable variable=PATH]/tmp/evil',
    'text ##vso[task.logissue type=error]x',
    '#\u200b#vso[task.setvariable]x',
    '#\u00ad#[error]x',
    '##\ufe0f[error]x',
    '#\u034f#[error]x',
    "##teamcity[message text='x']",
    '::::error::x',
    '##[##[error]x',
  ])('neutralises workflow commands: %j', (text) => {
    const lines = toLogLines(text);
    expect(lines.filter(isCommand)).toEqual([]);
  });

  it.each(['AWS::S3::Bucket', 'a :: b', '# heading', '## section', 'arn:aws:iam::123456789012:role/x', '[x] ## y'])(
    'does not change %j',
    (text) => {
      expect(toLogLines(text)).toEqual([text]);
    },
  );

  it('keeps the neutralised command readable', () => {
    expect(toLogLines('::error::x\n##[error]y')).toEqual([': :error::x', '# #[error]y']);
  });
});

describe('toSingleLine', () => {
  it('collapses lines and white space', () => {
    expect(toSingleLine(' a\r\n\tb   c\n')).toBe('a b c');
  });

  it('truncates with an ellipsis to the limit', () => {
    expect(toSingleLine('abcdef', 4)).toBe('abc…');
    expect(toSingleLine('abcd', 4)).toBe('abcd');
  });

  it('does not split a surrogate pair', () => {
    expect(truncate('a👍', 2)).toBe('a');
    expect(truncate('a👍', 3)).toBe('a👍');
  });
});
