import { execFileSync } from 'node:child_process';
import { chmod } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { digestTree } from '../src/digest.js';
import { fileEntry, readTree } from '../src/tree.js';
import { Folder } from './folder.js';

const namesIn = async (folder: Folder): Promise<readonly string[]> =>
  (await readTree(folder.path)).map(({ name }) => name);

describe('readTree', () => {
  it('lists files by name, folders implied, whatever the order on disk', async () => {
    using folder = await new Folder().plant({ 'b/z.js': 'z', 'a.js': 'a', 'b.js': 'b', 'B.js': 'B', 'ä.js': 'ä' });
    expect(await namesIn(folder)).toEqual(['B.js', 'a.js', 'b.js', 'b/z.js', 'ä.js']);
  });

  it('leaves out .git at any depth, and what the caller skips', async () => {
    using folder = await new Folder().plant({ '.git/config': 'x', 'sub/.git': 'x', 'a.js': 'a', 'test/a.js': 't' });
    const entries = await readTree(folder.path, { skip: (name) => name === 'test' });
    expect(entries.map(({ name }) => name)).toEqual(['a.js']);
  });

  it('keeps links that stay inside, as links', async () => {
    using folder = await new Folder().plant({
      'lib/a.so.1': 'a',
      'lib/a.so': { link: 'a.so.1' },
      all: { link: './lib' },
    });
    expect(await readTree(folder.path)).toMatchObject([
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
    using folder = await new Folder().plant({ loop: { link } });
    await expect(readTree(folder.path)).rejects.toMatchObject({
      code: 'refused',
      message: expect.stringContaining(rule),
    });
  });

  it('refuses a way out through a link to a folder', async () => {
    using outside = await new Folder().plant({ secret: 's' });
    using folder = await new Folder().plant({ 'a/b': 'b' });
    await folder.plant({ 'a/up': { link: `../../${outside.path.split('/').at(-1)}/secret` } });
    await expect(readTree(folder.path)).rejects.toThrow(/leads out of the folder: replace it by a file/);
  });

  it('refuses a link that leaves the folder and comes back by its name, which an archive does not know', async () => {
    using folder = await new Folder().plant({ b: 'b' });
    await folder.plant({ up: { link: `../${folder.path.split('/').at(-1)}/b` } });
    await expect(readTree(folder.path)).rejects.toThrow(/leads out of the folder/);
  });

  it('refuses a named pipe', async () => {
    using folder = new Folder();
    execFileSync('mkfifo', [folder.at('pipe')]);
    await expect(readTree(folder.path)).rejects.toThrow(/pipe' is neither file, folder nor link/);
  });

  it('holds the limits of count and size', async () => {
    using folder = await new Folder().plant({ a: '12345', b: '12345' });
    await expect(readTree(folder.path, { limits: { files: 1, bytes: 100 } })).rejects.toThrow(
      /holds more than 1 files/,
    );
    await expect(readTree(folder.path, { limits: { files: 9, bytes: 9 } })).rejects.toThrow(/holds more than 9 bytes/);
    await expect(readTree(folder.path, { limits: { files: 2, bytes: 10 } })).resolves.toHaveLength(2);
  });

  it('says that a folder is absent, or is a file', async () => {
    using folder = await new Folder().plant({ file: 'x' });
    await expect(readTree(folder.at('absent'))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/absent' does not exist: correct the path/),
    });
    await expect(readTree(folder.at('file'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('digestTree', () => {
  const digestIn = async (folder: Folder): Promise<string> => (await digestTree(await readTree(folder.path))).digest;
  const base = { 'a.js': 'a', 'run.sh': { run: 'x' }, 'lib/b': 'b', link: { link: 'a.js' } };

  it('is the same for the same content in another folder', async () => {
    using one = await new Folder().plant(base);
    using other = await new Folder().plant(base);
    expect(await digestIn(one)).toBe(await digestIn(other));
  });

  it.each([
    ['a content', { ...base, 'a.js': 'b' }],
    ['a name', { 'c.js': 'a', 'run.sh': { run: 'x' }, 'lib/b': 'b', link: { link: 'c.js' } }],
    ['an executable bit', { ...base, 'run.sh': 'x' }],
    ['the target of a link', { ...base, link: { link: 'run.sh' } }],
    ['a link into a file that has its target as text', { ...base, link: 'a.js' }],
    ['the border between two files', { ...base, 'a.js': 'aa', 'lib/b': '' }],
  ])('changes with %s', async (_, changed) => {
    using one = await new Folder().plant(base);
    using other = await new Folder().plant(changed);
    expect(await digestIn(one)).not.toBe(await digestIn(other));
  });

  it('does not change with bits of the mode that come from a umask', async () => {
    using folder = await new Folder().plant(base);
    const before = await digestIn(folder);
    await chmod(folder.at('a.js'), 0o600);
    await chmod(folder.at('run.sh'), 0o755);
    expect(await digestIn(folder)).toBe(before);
  });

  it('says which file vanished', async () => {
    using folder = new Folder();
    const entry = { kind: 'file', name: 'gone', path: folder.at('gone'), executable: false, size: 1 } as const;
    await expect(digestTree([entry])).rejects.toThrow(`'${folder.at('gone')}' does not exist`);
  });
});

describe('fileEntry', () => {
  it('follows a link to the file that is meant', async () => {
    using folder = await new Folder().plant({ 'real.js': 'abc', 'link.js': { link: 'real.js' } });
    expect(await fileEntry(folder.at('link.js'), 'index.js')).toMatchObject({
      kind: 'file',
      name: 'index.js',
      size: 3,
    });
  });
});
