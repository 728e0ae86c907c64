import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
