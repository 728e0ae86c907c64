import { randomBytes } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from '@jest/globals';
import { compressBlocks } from '../../src/archive/block-gzip.js';

const BLOCK_BYTES = 512 * 1024;

/** Content in chunks of this size. */
const split = async function* (bytes: Buffer, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
};

const compress = async (bytes: Buffer, chunkSize = 64 * 1024): Promise<Buffer> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of compressBlocks(split(bytes, chunkSize))) chunks.push(chunk);
  return Buffer.concat(chunks);
};

const text = Buffer.from(Array.from({ length: 300_000 }, (_, index) => `line ${index * 7919}`).join('\n'));
const noise = randomBytes(3 * BLOCK_BYTES);

describe('compressBlocks', () => {
  it.each([
    ['text', text],
    ['noise', noise],
    ['both', Buffer.concat([noise, text, noise])],
    ['one byte', Buffer.from('x')],
    ['exactly one block', noise.subarray(0, BLOCK_BYTES)],
    ['one byte more than a block', noise.subarray(0, BLOCK_BYTES + 1)],
  ])('writes gzip that contains %s', async (_, bytes) => {
    expect(gunzipSync(await compress(bytes)).equals(bytes)).toBe(true);
  });

  it('compresses text and stores noise', async () => {
    expect((await compress(text)).length).toBeLessThan(0.4 * text.length);
    const stored = await compress(noise);
    expect(stored.length).toBeLessThan(noise.length + 1024);
    // A stored block contains its content unchanged.
    expect(stored.includes(noise.subarray(1000, 2000))).toBe(true);
  });

  it('writes the same bytes for every division into chunks', async () => {
    const expected = await compress(text);
    for (const size of [1000, 65_537, BLOCK_BYTES, text.length]) {
      expect((await compress(text, size)).equals(expected)).toBe(true);
    }
  });

  it('throws the error of the content after blocks that are still being compressed', async () => {
    const failing = async function* (): AsyncGenerator<Uint8Array> {
      yield text;
      throw new Error('no more');
    };
    const drain = async () => {
      for await (const _ of compressBlocks(failing()));
    };
    await expect(drain()).rejects.toThrow('no more');
  });
});
