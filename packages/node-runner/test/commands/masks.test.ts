import { describe, expect, it } from '@jest/globals';
import { Masks } from '../../src/commands/masks.js';

const createMasks = (...values: string[]): Masks => {
  const masks = new Masks();
  for (const value of values) masks.add(value);
  return masks;
};

describe('a masked secret', () => {
  it.each([
    ['as it is', 'key=s3cr&t!', 'key=***'],
    ['every time', 's3cr&t!, s3cr&t!', '***, ***'],
    ['in a URL', 'q=s3cr%26t!', 'q=***'],
    ['in XML', '<a>s3cr&amp;t!</a>', '<a>***</a>'],
    ['in base64', Buffer.from('s3cr&t!').toString('base64'), '***'],
  ])('is hidden %s', (_, text, masked) => {
    expect(createMasks('s3cr&t!').apply(text)).toBe(masked);
  });

  it('is hidden in JSON', () => {
    const secret = 'a"quote\\and\nline';
    expect(createMasks(secret).apply(JSON.stringify({ secret }))).toBe('{"secret":"***"}');
  });

  it.each([0, 1, 2])('leaves no whole base64 of it after %i bytes of something else', (before) => {
    const secret = 'correct-horse-battery';
    const encoded = Buffer.from(`${'u'.repeat(before)}${secret}`).toString('base64');
    const masked = createMasks(secret).apply(encoded);
    expect(masked).toContain('***');
    expect(Buffer.from(masked.replace('***', ''), 'base64').toString()).not.toContain('horse');
  });

  it('is hidden line by line where it has several', () => {
    const masks = createMasks('-----BEGIN-----\n  inner line  \n-----END-----');
    expect(masks.apply('the inner line alone')).toBe('the *** alone');
    expect(masks.apply('a\n-----BEGIN-----\n  inner line  \n-----END-----\nb')).toBe('a\n***\nb');
  });

  it('leaves one mark where two overlap or touch', () => {
    expect(createMasks('abcd', 'cdef').apply('<abcdef>')).toBe('<***>');
    expect(createMasks('abcd', 'efgh').apply('<abcdefgh>')).toBe('<***>');
  });

  it('is hidden with half a surrogate pair in it', () => {
    expect(createMasks('half\ud83d').apply('<half\ud83d>')).toBe('<***>');
  });

  it.each(['', ' ', '\n'])('is never the blank %j', (blank) => {
    const masks = new Masks();
    expect(masks.add(blank)).toBe(false);
    expect(masks.apply('a b\nc')).toBe('a b\nc');
  });

  it('is remembered as it was given', () => {
    expect(createMasks('one', 'two\nlines', 'one').values).toEqual(['one', 'two\nlines']);
  });
});
