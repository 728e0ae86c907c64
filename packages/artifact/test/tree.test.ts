import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { TempDirectory } from '../src/testing/temp-directory.js';
import { readFileEntry, readTree } from '../src/tree.js';

const listNames = async (directory: TempDirectory): Promise<readonly string[]> =>
  (await readTree(directory.path)).map(({ name }) => name);

describe('readTree', () => {
  it('lists files sorted by name without directory entries', async () => {
    using directory = await new TempDirectory().write({
      'b/z.js': 'z',
      'a.js': 'a',
      'b.js': 'b',
      'B.js': 'B',
      'ä.js': 'ä',
    });
    expect(await listNames(directory)).toEqual(['B.js', 'a.js', 'b.js', 'b/z.js', 'ä.js']);
  });

  describe('with a directory to follow links in', () => {
    it('packs what a link to a sibling points to, in place of the link', async () => {
      using workspace = await new TempDirectory().write({
        'fn/index.js': 'x',
        'fn/own': { link: 'index.js' },
        'fn/node_modules/shared': { link: '../../shared' },
        'shared/index.js': 'y',
        'shared/lib/main.js': { link: '../index.js' },
        'fn/single.js': { link: '../shared/index.js' },
      });
      const entries = await readTree(workspace.resolvePath('fn'), { followInside: workspace.path });
      expect(entries.map(({ kind, name }) => [kind, name])).toEqual([
        ['file', 'index.js'],
        ['file', 'node_modules/shared/index.js'],
        ['file', 'node_modules/shared/lib/main.js'],
        ['link', 'own'],
        ['file', 'single.js'],
      ]);
    });

    it.each([
      ['out of it', { 'fn/up': { link: '/etc' } }, 'points outside of the workspace'],
      ['back to the tree', { 'fn/a': { link: '../b' }, 'b/fn': { link: '../fn' } }, 'leads back to a directory'],
      ['back to themselves', { 'fn/a': { link: '../b' }, 'b/c/d': { link: '../../b' } }, 'leads back to a directory'],
      ['to the directory above', { 'fn/a': { link: '..' } }, 'leads back to a directory'],
    ])('rejects links that lead %s', async (_, files, reason) => {
      using workspace = await new TempDirectory().write({ 'fn/index.js': 'x', ...files });
      const tree = readTree(workspace.resolvePath('fn'), { followInside: workspace.path });
      await expect(tree).rejects.toThrow(reason);
    });
  });

  it('excludes .git at any depth and skipped names', async () => {
    using directory = await new TempDirectory().write({
      '.git/config': 'x',
      'sub/.git': 'x',
      'a.js': 'a',
      'test/a.js': 't',
    });
    const entries = await readTree(directory.path, { skip: (name) => name === 'test' });
    expect(entries.map(({ name }) => name)).toEqual(['a.js']);
  });

  it('preserves links inside the directory', async () => {
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
    ['a path outside the directory', '../../etc/passwd', 'points outside'],
    ['an absolute path', '/etc/hostname', 'points outside'],
    ['a missing file', './absent', 'has no target'],
    ['itself', './loop', 'has no target'],
  ])('rejects a link to %s', async (_, link, rule) => {
    using directory = await new TempDirectory().write({ loop: { link } });
    await expect(readTree(directory.path)).rejects.toMatchObject({
      code: 'rejected',
      message: expect.stringContaining(rule),
    });
  });

  it('rejects a link that leads out through a linked directory', async () => {
    using outside = await new TempDirectory().write({ secret: 's' });
    using directory = await new TempDirectory().write({ 'a/b': 'b' });
    await directory.write({ 'a/up': { link: `../../${outside.path.split('/').at(-1)}/secret` } });
    await expect(readTree(directory.path)).rejects.toThrow(/points outside of the directory: replace it with a file/);
  });

  it('rejects a link that leaves the directory and returns by its name', async () => {
    using directory = await new TempDirectory().write({ b: 'b' });
    await directory.write({ up: { link: `../${directory.path.split('/').at(-1)}/b` } });
    await expect(readTree(directory.path)).rejects.toThrow(/points outside of the directory/);
  });

  it('rejects a named pipe', async () => {
    using directory = new TempDirectory();
    execFileSync('mkfifo', [directory.resolvePath('pipe')]);
    await expect(readTree(directory.path)).rejects.toThrow(/pipe' is not a file, directory or symbolic link/);
  });

  it('enforces the limits of count and size', async () => {
    using directory = await new TempDirectory().write({ a: '12345', b: '12345' });
    await expect(readTree(directory.path, { limits: { files: 1, bytes: 100 } })).rejects.toThrow(
      /contains more than 1 files/,
    );
    await expect(readTree(directory.path, { limits: { files: 9, bytes: 9 } })).rejects.toThrow(
      /contains more than 9 bytes/,
    );
    await expect(readTree(directory.path, { limits: { files: 2, bytes: 10 } })).resolves.toHaveLength(2);
  });

  it('reports a missing directory, and a file in its place', async () => {
    using directory = await new TempDirectory().write({ file: 'x' });
    await expect(readTree(directory.resolvePath('absent'))).rejects.toMatchObject({
      code: 'not-found',
      message: expect.stringMatching(/absent' does not exist: correct the path/),
    });
    await expect(readTree(directory.resolvePath('file'))).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('readFileEntry', () => {
  it('follows a link to a file', async () => {
    using directory = await new TempDirectory().write({ 'real.js': 'abc', 'link.js': { link: 'real.js' } });
    expect(await readFileEntry(directory.resolvePath('link.js'), 'index.js')).toMatchObject({
      kind: 'file',
      name: 'index.js',
      size: 3,
    });
  });
});
