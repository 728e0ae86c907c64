import { describe, expect, it } from '@jest/globals';
import { decodeFileContent } from '../../src/template/source-reader.js';

describe('decodeFileContent', () => {
  const text = '{"Name": "Grüße 🙂"}\r\n';
  const utf16 = Buffer.from(`\u{feff}${text}`, 'utf16le');

  it.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a mark', Buffer.from(`\u{feff}${text}`)],
    ['UTF-16, as PowerShell writes it', utf16],
    ['UTF-16 with the other order of bytes', Buffer.from(utf16).swap16()],
  ])('decodes %s', (_, bytes) => {
    expect(decodeFileContent(bytes)).toBe(text);
  });

  it('decodes an empty file', () => {
    expect(decodeFileContent(new Uint8Array(0))).toBe('');
  });
});
