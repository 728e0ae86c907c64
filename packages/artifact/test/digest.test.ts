import { chmod } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { hashTree } from '../src/digest.js';
import { TempDirectory } from '../src/testing/temp-directory.js';
import { readTree } from '../src/tree.js';

describe('hashTree', () => {
  const hashDirectory = async (directory: TempDirectory): Promise<string> =>
    (await hashTree(await readTree(directory.path))).digest;
  const base = { 'a.js': 'a', 'run.sh': { run: 'x' }, 'lib/b': 'b', link: { link: 'a.js' } };

  it('is equal for equal content in another directory', async () => {
    using one = await new TempDirectory().write(base);
    using other = await new TempDirectory().write(base);
    expect(await hashDirectory(one)).toBe(await hashDirectory(other));
  });

  it.each([
    ['content', { ...base, 'a.js': 'b' }],
    ['a name', { 'c.js': 'a', 'run.sh': { run: 'x' }, 'lib/b': 'b', link: { link: 'c.js' } }],
    ['an executable bit', { ...base, 'run.sh': 'x' }],
    ['the target of a link', { ...base, link: { link: 'run.sh' } }],
    ['a link replaced by a file with its target as content', { ...base, link: 'a.js' }],
    ['content moved between two files', { ...base, 'a.js': 'aa', 'lib/b': '' }],
  ])('changes with %s', async (_, changed) => {
    using one = await new TempDirectory().write(base);
    using other = await new TempDirectory().write(changed);
    expect(await hashDirectory(one)).not.toBe(await hashDirectory(other));
  });

  it('ignores mode bits of the umask', async () => {
    using directory = await new TempDirectory().write(base);
    const before = await hashDirectory(directory);
    await chmod(directory.resolvePath('a.js'), 0o600);
    await chmod(directory.resolvePath('run.sh'), 0o755);
    expect(await hashDirectory(directory)).toBe(before);
  });

  it('names a file that disappeared', async () => {
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
