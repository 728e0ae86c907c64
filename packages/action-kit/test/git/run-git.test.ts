import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createChangedFilesLister, createGit } from '../../src/git/run-git.js';

describe('git', () => {
  const env = { PATH: process.env['PATH'] };
  let directory: string;
  let first: string;

  const runTestGit = (...args: readonly string[]): string => {
    const identity = ['-c', 'user.name=Test', '-c', 'user.email=test@example.com'];
    return execFileSync('git', [...identity, ...args], { cwd: directory, encoding: 'utf8' }).trim();
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'git-'));
    await mkdir(join(directory, 'images', 'ä b'), { recursive: true });
    for (const name of ['README.md', 'images/kept', 'images/gone', 'images/ä b/Dockerfile']) {
      await writeFile(join(directory, name), 'one\n');
    }
    runTestGit('init', '--quiet');
    runTestGit('add', '.');
    runTestGit('commit', '--quiet', '-m', 'first');
    first = runTestGit('rev-parse', 'HEAD');
    await writeFile(join(directory, 'images/ä b/Dockerfile'), 'two\n');
    await writeFile(join(directory, 'README.md'), 'two\n');
    runTestGit('rm', '--quiet', 'images/gone');
    runTestGit('commit', '--quiet', '--all', '-m', 'second');
  });
  afterAll(() => rm(directory, { recursive: true }));

  const listChanged = (since: string, inside = '.') =>
    createChangedFilesLister({ directory: join(directory, inside), env })(since);

  it('lists files changed since a commit, including deleted ones, with unquoted names', async () => {
    expect(await listChanged(first)).toEqual(['README.md', 'images/gone', 'images/ä b/Dockerfile']);
    expect(await listChanged('HEAD')).toEqual([]);
  });

  it('lists files changed below a directory, relative to it', async () => {
    expect(await listChanged(first, 'images')).toEqual(['gone', 'ä b/Dockerfile']);
  });

  it('treats everything as new for the zero hash', async () => {
    expect(await listChanged('0'.repeat(40))).toBeUndefined();
  });

  it.each(['nowhere', '--output=x'])("says how to fetch a missing commit: '%s'", async (since) => {
    const error = { code: 'not-found', message: expect.stringContaining("set 'fetch-depth: 0' in actions/checkout") };
    await expect(listChanged(since)).rejects.toMatchObject(error);
  });

  it('runs no programs from the repository configuration and gets no credentials', async () => {
    runTestGit('config', 'core.fsmonitor', 'touch fsmonitor-ran; true');
    runTestGit('config', 'alias.show-env', '!env');
    const runGit = createGit({ directory, env: { ...env, AWS_SECRET_ACCESS_KEY: 'x', INPUT_TAGS: 'x' } });
    expect(await runGit('status', '--porcelain')).toBe('');
    expect(await runGit('show-env')).not.toMatch(/AWS_|INPUT_/u);
  });

  it('says what to do if git is missing', async () => {
    const runGit = createGit({ directory, env: { PATH: join(directory, 'images') } });
    await expect(runGit('status')).rejects.toThrow('install git on the runner');
  });
});
