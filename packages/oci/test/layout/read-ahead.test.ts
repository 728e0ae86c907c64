import { randomBytes } from 'node:crypto';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readAhead, readFileAhead } from '../../src/layout/read-ahead.js';

const MEBIBYTE = 1024 * 1024;
const CHUNK_BYTES = MEBIBYTE / 2;
const content = randomBytes(7 * MEBIBYTE + 123);
let directory: string;
let path: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'read-ahead-'));
  path = join(directory, 'content');
  await writeFile(path, content);
});
afterAll(() => rm(directory, { recursive: true }));

/** Reads a part of the file, and copies each chunk after one more has been requested. */
const readLate = async (offset: number, size: number): Promise<Buffer> => {
  await using file = await open(path);
  const copies: Uint8Array[] = [];
  let previous: Uint8Array | undefined;
  for await (const chunk of readAhead(file, { offset, size })) {
    if (previous !== undefined) copies.push(Buffer.from(previous));
    previous = chunk;
  }
  return Buffer.concat(previous === undefined ? copies : [...copies, previous]);
};

describe('readAhead', () => {
  it.each([
    ['the whole file', 0, content.length],
    ['a part in the middle', 1000, 3 * MEBIBYTE],
    ['exactly one chunk', 5, CHUNK_BYTES],
    ['nothing', 0, 0],
  ])('keeps a chunk valid until two more are requested: %s', async (_, offset, size) => {
    expect((await readLate(offset, size)).equals(content.subarray(offset, offset + size))).toBe(true);
  });

  it('ends where the file ends', async () => {
    expect((await readLate(6 * MEBIBYTE, 4 * MEBIBYTE)).equals(content.subarray(6 * MEBIBYTE))).toBe(true);
  });

  it('has the memory of three chunks, however large the file is', async () => {
    const buffers = new Set<ArrayBufferLike>();
    for await (const chunk of readFileAhead(path)) buffers.add(chunk.buffer);
    expect(buffers.size).toBe(3);
  });

  it('closes the file when the consumer stops', async () => {
    await using file = await open(path);
    for await (const chunk of readAhead(file, { offset: 0, size: content.length })) {
      expect(chunk.length).toBe(CHUNK_BYTES);
      break;
    }
    for await (const _ of readFileAhead(path)) break;
    await expect(file.stat()).resolves.toMatchObject({ size: content.length });
  });

  it('throws the error of a missing file', async () => {
    await expect(readFileAhead(join(directory, 'missing')).next()).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
