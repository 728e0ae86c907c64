import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changedFilesIn, gitIn } from '../src/git.js';

describe('git', () => {
  const variables = { PATH: process.env['PATH'] };
  let folder: string;
  let first: string;

  const git = (...args: readonly string[]): string => {
    const who = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    return execFileSync('git', [...who, ...args], { cwd: folder, encoding: 'utf8' }).trim();
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'git-'));
    await mkdir(join(folder, 'images', 'ä b'), { recursive: true });
    for (const name of ['README.md', 'images/kept', 'images/gone', 'images/ä b/Dockerfile']) {
      await writeFile(join(folder, name), 'one\n');
    }
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '-m', 'first');
    first = git('rev-parse', 'HEAD');
    await writeFile(join(folder, 'images/ä b/Dockerfile'), 'two\n');
    await writeFile(join(folder, 'README.md'), 'two\n');
    git('rm', '--quiet', 'images/gone');
    git('commit', '--quiet', '--all', '-m', 'second');
  });
  afterAll(() => rm(folder, { recursive: true }));

  const changed = (since: string, inside = '.') => changedFilesIn({ folder: join(folder, inside), variables })(since);

  it('lists what changed since a commit, deleted files too, by names as they are', async () => {
    expect(await changed(first)).toEqual(['README.md', 'images/gone', 'images/ä b/Dockerfile']);
    expect(await changed('HEAD')).toEqual([]);
  });

  it('lists what changed below a folder, relative to it', async () => {
    expect(await changed(first, 'images')).toEqual(['gone', 'ä b/Dockerfile']);
  });

  it('takes everything for new where there was no commit before', async () => {
    expect(await changed('0'.repeat(40))).toBeUndefined();
  });

  it.each(['nowhere', '--output=x'])("says how to get a commit that is not there: '%s'", async (since) => {
    const error = { code: 'not-found', message: expect.stringContaining("check out with 'fetch-depth: 0'") };
    await expect(changed(since)).rejects.toMatchObject(error);
  });

  it('is not run with what a repository has as its own programs, nor with credentials', async () => {
    git('config', 'core.fsmonitor', 'touch fsmonitor-ran; true');
    git('config', 'alias.show-env', '!env');
    const ask = gitIn({ folder, variables: { ...variables, AWS_SECRET_ACCESS_KEY: 'x', INPUT_TAGS: 'x' } });
    expect(await ask('status', '--porcelain')).toBe('');
    expect(await ask('show-env')).not.toMatch(/AWS_|INPUT_/u);
  });

  it('says what to do where git is missing', async () => {
    const ask = gitIn({ folder, variables: { PATH: join(folder, 'images') } });
    await expect(ask('status')).rejects.toThrow('install git on the runner');
  });
});
