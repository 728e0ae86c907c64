import { describe, expect, it } from '@jest/globals';
import { Masks } from '../../src/commands/masks.js';

const createMasks = (...values: string[]): Masks => {
  const masks = new Masks();
  for (const value of values) masks.add(value);
  return masks;
};

describe('Masks', () => {
  it.each([
    ['in plain text', 'key=s3cr&t!', 'key=***'],
    ['at every occurrence', 's3cr&t!, s3cr&t!', '***, ***'],
    ['in a URL', 'q=s3cr%26t!', 'q=***'],
    ['in XML', '<a>s3cr&amp;t!</a>', '<a>***</a>'],
    ['in base64', Buffer.from('s3cr&t!').toString('base64'), '***'],
  ])('masks a secret %s', (_, text, masked) => {
    expect(createMasks('s3cr&t!').apply(text)).toBe(masked);
  });

  it('masks a secret in JSON', () => {
    const secret = 'a"quote\\and\nline';
    expect(createMasks(secret).apply(JSON.stringify({ secret }))).toBe('{"secret":"***"}');
  });

  it.each([0, 1, 2])('masks the base64 form after %i other bytes', (before) => {
    const secret = 'correct-horse-battery';
    const encoded = Buffer.from(`${'u'.repeat(before)}${secret}`).toString('base64');
    const masked = createMasks(secret).apply(encoded);
    expect(masked).toContain('***');
    expect(Buffer.from(masked.replace('***', ''), 'base64').toString()).not.toContain('horse');
  });

  it('masks each line of a secret of several lines', () => {
    const masks = createMasks('-----BEGIN-----\n  inner line  \n-----END-----');
    expect(masks.apply('the inner line alone')).toBe('the *** alone');
    expect(masks.apply('a\n-----BEGIN-----\n  inner line  \n-----END-----\nb')).toBe('a\n***\nb');
  });

  it('replaces overlapping and adjacent secrets by one ***', () => {
    expect(createMasks('abcd', 'cdef').apply('<abcdef>')).toBe('<***>');
    expect(createMasks('abcd', 'efgh').apply('<abcdefgh>')).toBe('<***>');
  });

  it('masks a secret with a lone surrogate', () => {
    expect(createMasks('half\ud83d').apply('<half\ud83d>')).toBe('<***>');
  });

  it.each(['', ' ', '\n'])('ignores the blank value %j', (blank) => {
    const masks = new Masks();
    expect(masks.add(blank)).toBe(false);
    expect(masks.apply('a b\nc')).toBe('a b\nc');
  });

  it('lists the added values', () => {
    expect(createMasks('one', 'two\nlines', 'one').values).toEqual(['one', 'two\nlines']);
  });
});
