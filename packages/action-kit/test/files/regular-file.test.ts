import { statSync } from 'node:fs';
import { lstat, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { assertRegularFile, readRegularFile, readRegularFileSync } from '../../src/files/regular-file.js';
import { createSpecialFiles, type SpecialFiles } from '../../src/testing/special-files.js';

describe('a regular file', () => {
  let directory: string;
  let special: SpecialFiles;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'regular-file-'));
    special = await createSpecialFiles(directory);
  });
  afterEach(async () => {
    await special.close();
    await rm(directory, { recursive: true });
  });

  it('is read, also through a link', async () => {
    await writeFile(join(directory, 'file'), 'é');
    await symlink('file', join(directory, 'link'));
    for (const name of ['file', 'link']) {
      expect((await readRegularFile(join(directory, name))).toString()).toBe('é');
      expect(readRegularFileSync(join(directory, name)).toString()).toBe('é');
    }
  });

  it('is the only type that is read', async () => {
    for (const { path, type } of special.files) {
      const link = `${path}-link`;
      await symlink(path, link);
      for (const name of [path, link]) {
        const message = `'${name}' is ${type}: use a regular file`;
        await expect(readRegularFile(name)).rejects.toThrow(message);
        expect(() => readRegularFileSync(name)).toThrow(message);
      }
      expect((await lstat(path)).isFile()).toBe(false);
    }
  });

  const itOnPosix = process.platform === 'win32' ? it.skip : it;

  itOnPosix('is not the null device', () => {
    expect(() => assertRegularFile('X', statSync(devNull))).toThrow('X is a device: use a regular file');
  });

  it('that is missing is an error of the file system', async () => {
    await expect(readRegularFile(join(directory, 'absent'))).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
