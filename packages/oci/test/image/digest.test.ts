import { describe, expect, it } from '@jest/globals';
import { computeDigest, isDigest, parseDigest, verifyContent } from '../../src/image/digest.js';

const content = Buffer.from('the content of a layer');
const expected = { digest: computeDigest(content), size: content.length };

const splitChunks = async function* (bytes: Uint8Array, size = 5): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += size) yield bytes.subarray(offset, offset + size);
};

describe('verifyContent', () => {
  it.each([1, 5, content.length])('passes content with the expected digest through, in chunks of %d', async (size) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of verifyContent(splitChunks(content, size), expected, 'blob')) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(content);
  });

  it.each([
    ['has another digest', Buffer.from('The content of a layer'), 'its digest is sha256:'],
    ['is too short', content.subarray(0, 20), '20 of 22 bytes'],
    ['is empty', Buffer.alloc(0), '0 of 22 bytes'],
    ['is too long', Buffer.concat([content, Buffer.from('!')]), 'more than the expected 22 bytes'],
  ])('withholds the last chunk of content that %s', async (_label, bytes, message) => {
    const chunks: Uint8Array[] = [];
    const read = async () => {
      for await (const chunk of verifyContent(splitChunks(bytes), expected, 'blob')) chunks.push(chunk);
    };
    await expect(read()).rejects.toMatchObject({ code: 'rejected', message: expect.stringContaining(message) });
    expect(Buffer.concat(chunks).length).toBeLessThan(content.length);
  });
});

it('verifyContent passes no byte of wrong content in one chunk', async () => {
  const stream = verifyContent(splitChunks(Buffer.from('The content of a layer'), content.length), expected, 'blob');
  await expect(stream.next()).rejects.toThrow('its digest is sha256:');
});

it('verifyContent passes no byte of valid content that is followed by more', async () => {
  const stream = verifyContent(splitChunks(Buffer.concat([content, content]), content.length), expected, 'blob');
  await expect(stream.next()).rejects.toThrow('more than the expected 22 bytes');
});

describe('parseDigest', () => {
  it('accepts sha256: and 64 lower-case hexadecimal digits', () => {
    expect(isDigest(expected.digest)).toBe(true);
    expect(parseDigest(expected.digest, 'the manifest')).toBe(expected.digest);
  });

  it.each([
    'sha512:00',
    'sha256:../../../../etc/passwd',
    `sha256:${'A'.repeat(64)}`,
    `${expected.digest}0`,
    expected.digest.slice(0, -1),
    ` ${expected.digest}`,
    '',
    undefined,
  ])('rejects %j', (value) => {
    expect(() => parseDigest(value, 'the manifest')).toThrow(`the manifest: '${value}' is not a SHA-256 digest`);
    expect(isDigest(String(value))).toBe(false);
  });
});
