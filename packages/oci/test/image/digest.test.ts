import { describe, expect, it } from '@jest/globals';
import { computeDigest, isDigest, parseDigest, verifyContent } from '../../src/image/digest.js';

const content = Buffer.from('the content of a layer');
const expected = { digest: computeDigest(content), size: content.length };

const splitChunks = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let offset = 0; offset < bytes.length; offset += 5) yield bytes.subarray(offset, offset + 5);
};

describe('verifyContent', () => {
  it('passes content with the expected digest through', async () => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of verifyContent(splitChunks(content), expected, 'blob')) chunks.push(chunk);
    expect(Buffer.concat(chunks)).toEqual(content);
  });

  it.each([
    ['has another digest', Buffer.from('The content of a layer'), 'has the digest sha256:'],
    ['is too short', content.subarray(0, 20), 'has 20 of its 22 bytes'],
    ['is too long', Buffer.concat([content, Buffer.from('!')]), 'has more than its 22 bytes'],
  ])('withholds the last chunk of content that %s', async (_label, bytes, message) => {
    const chunks: Uint8Array[] = [];
    const read = async () => {
      for await (const chunk of verifyContent(splitChunks(bytes), expected, 'blob')) chunks.push(chunk);
    };
    await expect(read()).rejects.toMatchObject({ code: 'rejected', message: expect.stringContaining(message) });
    expect(Buffer.concat(chunks).length).toBeLessThan(content.length);
  });
});

describe('parseDigest', () => {
  it.each(['sha512:00', 'sha256:../../../../etc/passwd', `sha256:${'A'.repeat(64)}`, '', undefined])(
    'rejects %j',
    (value) => {
      expect(() => parseDigest(value, 'the manifest')).toThrow('the manifest: ');
      expect(isDigest(String(value))).toBe(false);
    },
  );
});
