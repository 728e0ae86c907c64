import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { hashTree } from '../src/digest.js';
import { TempDirectory } from '../src/testing/temp-directory.js';
import { readFileEntry, readTree } from '../src/tree.js';

const listNames = async (directory: TempDirectory): Promise<readonly string[]> =>
  (await readTree(directory.path)).map(({ name }) => name);

describe('readTree', () => {
  it('lists files by name, folders implied, whatever the order on disk', async () => {
    using directory = await new TempDirectory().write({
      'b/z.js': 'z',
      'a.js': 'a',
      'b.js': 'b',
      'B.js': 'B',
      'ä.js': 'ä',
    });
    expect(await listNames(directory)).toEqual(['B.js', 'a.js', 'b.js', 'b/z.js', 'ä.js']);
  });

  it('leaves out .git at any depth, and what the caller skips', async () => {
    using directory = await new TempDirectory().write({
      '.git/config': 'x',
      'sub/.git': 'x',
      'a.js': 'a',
      'test/a.js': 't',
    });
    const entries = await readTree(directory.path, { skip: (name) => name === 'test' });
    expect(entries.map(({ name }) => name)).toEqual(['a.js']);
  });

  it('keeps links that stay inside, as links', async () => {
    using directory = await new TempDirectory().write({
      'lib/a.so.1': 'a',
      'lib/a.so': { link: 'a.so.1' },
      all: { link: './lib' },
    });
    expect(await readTree(directory.path)).toMatchObject([
      { kind: 'link', name: 'all', target: './lib' },
      { kind: 'link', name: 'lib/a.so', target: 'a.so.1' },
      { kind: 'file', name: 'lib/a.so.1' },
    ]);
  });

  it.each([
    ['a relative way out', '../../etc/passwd', 'leads'],
    ['an absolute path', '/etc/hostname', 'leads'],
    ['nothing', './absent', 'leads nowhere'],
    ['itself', './loop', 'leads nowhere'],
  ])('refuses a link to %s', async (_, link, rule) => {
    using directory = await new TempDirectory().write({ loop: { link } });
    await expect(readTree(directory.path)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining(rule),
    });
  });

  it('refuses a way out through a link to a folder', async () => {
    using outside = await new TempDirectory().write({ secret: 's' });
    using directory = await new TempDirectory().write({ 'a/b': 'b' });
    await directory.write({ 'a/up': { link: `../../${outside.path.split('/').at(-1)}/secret` } });
    await expect(readTree(directory.path)).rejects.toThrow(/leads out of the folder: replace it by a file/);
  });

  it('refuses a link that leaves the folder and comes back by its name, which an archive does not know', async () => {
    using directory = await new TempDirectory().write({ b: 'b' });
    await directory.write({ up: { link: `../${directory.path.split('/').at(-1)}/b` } });
    await expect(readTree(directory.path)).rejects.toThrow(/leads out of the folder/);
  });

  it('refuses a named pipe', async () => {
    using directory = new TempDirectory();
    execFileSync('mkfifo', [directory.resolvePath('pipe')]);
    await expect(readTree(directory.path)).rejects.toThrow(/pipe' is neither file, folder nor link/);
  });

  it('holds the limits of count and size', async () => {
    using directory = await new TempDirectory().write({ a: '12345', b: '12345' });
    await expect(readTree(directory.path, { limits: { files: 1, bytes: 100 } })).rejects.toThrow(
      /holds more than 1 files/,
    );
    await expect(readTree(directory.path, { limits: { files: 9, bytes: 9 } })).rejects.toThrow(
      /holds more than 9 bytes/,
    );
    await expect(readTree(directory.path, { limits: { files: 2, bytes: 10 } })).resolves.toHaveLength(2);
  });

  it('says that a folder is absent, or is a file', async () => {
    using directory = await new TempDirectory().write({ file: 'x' });
    await expect(readTree(directory.resolvePath('absent'))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/absent' does not exist: correct the path/),
    });
    await expect(readTree(directory.resolvePath('file'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('digestTree', () => {
  const hashDirectory = async (directory: TempDirectory): Promise<string> =>
    (await hashTree(await readTree(directory.path))).digest;
  const base = { 'a.js': 'a', 'run.sh': { run: 'x' }, 'lib/b': 'b', link: { link: 'a.js' } };

  it('is the same for the same content in another folder', async () => {
    using one = await new TempDirectory().write(base);
    using other = await new TempDirectory().write(base);
    expect(await hashDirectory(one)).toBe(await hashDirectory(other));
  });

  it.each([
    ['a content', { ...base, 'a.js': 'b' }],
    ['a name', { 'c.js': 'a', 'run.sh': { run: 'x' }, 'lib/b': 'b', link: { link: 'c.js' } }],
    ['an executable bit', { ...base, 'run.sh': 'x' }],
    ['the target of a link', { ...base, link: { link: 'run.sh' } }],
    ['a link into a file that has its target as text', { ...base, link: 'a.js' }],
    ['the border between two files', { ...base, 'a.js': 'aa', 'lib/b': '' }],
  ])('changes with %s', async (_, changed) => {
    using one = await new TempDirectory().write(base);
    using other = await new TempDirectory().write(changed);
    expect(await hashDirectory(one)).not.toBe(await hashDirectory(other));
  });

  it('does not change with bits of the mode that come from a umask', async () => {
    using directory = await new TempDirectory().write(base);
    const before = await hashDirectory(directory);
    await chmod(directory.resolvePath('a.js'), 0o600);
    await chmod(directory.resolvePath('run.sh'), 0o755);
    expect(await hashDirectory(directory)).toBe(before);
  });

  it('says which file vanished', async () => {
    using directory = new TempDirectory();
    const entry = {
      kind: 'file',
      name: 'gone',
      path: directory.resolvePath('gone'),
      executable: false,
      size: 1,
    } as const;
    await expect(hashTree([entry])).rejects.toThrow(`'${directory.resolvePath('gone')}' does not exist`);
  });
});

describe('fileEntry', () => {
  it('follows a link to the file that is meant', async () => {
    using directory = await new TempDirectory().write({ 'real.js': 'abc', 'link.js': { link: 'real.js' } });
    expect(await readFileEntry(directory.resolvePath('link.js'), 'index.js')).toMatchObject({
      kind: 'file',
      name: 'index.js',
      size: 3,
    });
  });
});
