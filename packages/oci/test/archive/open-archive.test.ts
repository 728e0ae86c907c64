import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import zlib from 'node:zlib';
import type { RunProgram } from '@aws-delivery/action-kit/host/run-program';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openArchive } from '../../src/archive/open-archive.js';
import { createTar } from '../image-fixtures.js';

const XZ = Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]);

describe('an archive that a program of the machine decompresses', () => {
  let directory: string;
  let path: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'open-archive-test-'));
    path = join(directory, 'image.tar.xz');
    await writeFile(path, XZ);
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  const open = (runProgram: RunProgram) =>
    openArchive(path, {
      createTempPath: async (name) => join(directory, name),
      runProgram,
      env: { PATH: '/bin', AWS_SECRET_ACCESS_KEY: 'key' },
      signal: new AbortController().signal,
    });

  it('is read from the program, which gets no credentials', async () => {
    const runs: object[] = [];
    const archive = await open(async (program, args, { env, output }) => {
      runs.push({ program, args, env });
      output?.end(createTar({ file: Buffer.from('content') }));
      return { exitCode: 0, stdout: '', lastLines: [] };
    });
    expect(String(await archive.read('file', 100))).toBe('content');
    await archive.close();
    expect(runs).toEqual([{ program: 'xz', args: ['-d', '-c', path], env: { PATH: '/bin' } }]);
  });

  it.each([
    [
      { exitCode: 127, lastLines: ['ENOENT'] },
      'missing',
      "image.tar.xz' is compressed with xz, and the program xz is not",
    ],
    [
      { exitCode: 1, lastLines: ['xz: Compressed data is corrupt'] },
      'rejected',
      'is damaged (xz: Compressed data is corrupt)',
    ],
  ])('is rejected after %j, and leaves no temporary file', async (result, code, message) => {
    const opened = open(async () => ({ stdout: '', ...result }));
    await expect(opened).rejects.toMatchObject({ code, message: expect.stringContaining(message) });
    expect(await readdir(directory)).toEqual(['image.tar.xz']);
  });
});

const hasNodeZstd = 'createZstdDecompress' in zlib;

describe('a zstd archive', () => {
  const tar = createTar({ file: Buffer.from('content') });
  /** A frame with one raw block and no checksum (RFC 8878), so that the test needs no zstd. */
  const createFrame = (content: Buffer): Buffer => {
    const header = Buffer.alloc(12);
    header.writeUInt32LE(0xfd2fb528, 0);
    header.writeUInt8(0xa0, 4);
    header.writeUInt32LE(content.length, 5);
    header.writeUIntLE((content.length << 3) | 1, 9, 3);
    return Buffer.concat([header, content]);
  };
  const SKIPPABLE = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 4, 0, 0, 0, 1, 2, 3, 4]);

  it.each([
    ['of several frames', Buffer.concat([createFrame(tar.subarray(0, 700)), createFrame(tar.subarray(700))])],
    ['of pzstd, which starts with a frame without content', Buffer.concat([SKIPPABLE, createFrame(tar)])],
  ])('%s is decompressed completely', async (_label, bytes) => {
    const directory = await mkdtemp(join(tmpdir(), 'open-archive-test-'));
    try {
      const path = join(directory, 'image.tar.zst');
      await writeFile(path, bytes);
      const archive = await openArchive(path, {
        createTempPath: async (name) => join(directory, name),
        runProgram: async (program, _args, { output }) => {
          output?.end(program === 'zstd' ? tar : '');
          return { exitCode: 0, stdout: '', lastLines: [] };
        },
        env: {},
        signal: new AbortController().signal,
      });
      expect(String(await archive.read('file', 100))).toBe('content');
      await archive.close();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('is decompressed by Node or reported where the program is not installed', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'open-archive-test-'));
    try {
      const path = join(directory, 'image.tar.zst');
      await writeFile(path, createFrame(tar));
      const opened = openArchive(path, {
        createTempPath: async (name) => join(directory, name),
        runProgram: async () => ({ exitCode: 127, stdout: '', lastLines: [] }),
        env: {},
        signal: new AbortController().signal,
      });
      if (hasNodeZstd) await (await opened).close();
      else await expect(opened).rejects.toMatchObject({ code: 'missing' });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
