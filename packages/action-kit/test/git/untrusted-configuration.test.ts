import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { GitRepository } from '../../src/git/repository.js';
import { createGit, DIFF_OPTIONS } from '../../src/git/run-git.js';

describe('git in a checkout whose configuration names programs', () => {
  let directory: string;
  const env = { PATH: process.env['PATH'] };
  const runTestGit = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=Test', '-c', 'user.email=t@example.com', ...args], {
      cwd: directory,
      encoding: 'utf8',
      stdio: 'pipe',
    }).trim();

  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'untrusted-')));
    runTestGit('init', '--quiet');
    writeFileSync(join(directory, 'a.txt'), 'one\n');
    writeFileSync(join(directory, '.gitattributes'), '*.txt filter=evil diff=evil merge=evil\n');
    runTestGit('add', '.');
    runTestGit('commit', '--quiet', '-m', 'first');
    writeFileSync(join(directory, 'a.txt'), 'two\n');
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  const configure = (settings: Readonly<Record<string, string>>): void => {
    for (const [name, command] of Object.entries(settings))
      runTestGit('config', name, command.replace('RUN', `touch '${join(directory, 'executed')}'`));
    const hooks = join(directory, 'hooks');
    mkdirSync(hooks, { recursive: true });
    for (const hook of ['post-index-change', 'reference-transaction', 'post-checkout']) {
      writeFileSync(join(hooks, hook), `#!/bin/sh\ntouch '${join(directory, 'executed')}'\n`);
      chmodSync(join(hooks, hook), 0o755);
    }
    runTestGit('config', 'core.hooksPath', hooks);
    rmSync(join(directory, 'executed'), { force: true });
  };

  const useRepository = async (): Promise<void> => {
    const repository = new GitRepository({ directory, env });
    await repository.getChangesSince('HEAD');
    await repository.listTracked('checkout');
    await repository.readBlob('HEAD', 'a.txt');
    await repository.includesCommit('HEAD');
    await repository.getRemoteBranchHead('main');
    const copy = join(directory, 'copy');
    await repository.copyHistory(copy);
    rmSync(copy, { recursive: true });
  };

  it.each([
    ['filters', { 'filter.evil.clean': 'RUN; cat', 'filter.evil.required': 'true' }],
    ['long-running filters', { 'filter.evil.process': 'RUN' }],
    ['diff drivers', { 'diff.evil.textconv': 'RUN; cat', 'diff.evil.command': 'RUN', 'diff.external': 'RUN' }],
    ['a file system monitor', { 'core.fsmonitor': 'RUN; true' }],
    ['an ssh program', { 'remote.origin.url': 'ssh://host.invalid/x', 'core.sshCommand': 'RUN; false' }],
    ['an ext:: remote', { 'remote.origin.url': 'ext::sh -c "RUN"', 'protocol.ext.allow': 'always' }],
    ['an upload-pack program', { 'remote.origin.url': '.', 'remote.origin.uploadpack': 'RUN; git-upload-pack' }],
    ['a credential helper', { 'remote.origin.url': 'http://127.0.0.1:9/x', 'credential.helper': '!RUN' }],
  ])('runs no %s', async (_, settings) => {
    configure({ 'remote.origin.url': '.', ...settings });
    await useRepository();
    expect(existsSync(join(directory, 'executed'))).toBe(false);
  });

  it('still compares content without the filter', async () => {
    configure({ 'filter.evil.clean': "tr 'a-z' 'A-Z'" });
    const runGit = createGit({ directory, env });
    expect(await runGit('diff', ...DIFF_OPTIONS, 'HEAD', '--', 'a.txt')).toContain('+two\n');
  });

  it('names only the checkout as a safe directory, also from a directory in it', async () => {
    const [bin, log] = [join(directory, 'bin'), join(directory, 'log')];
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), `#!/bin/sh\necho "$@" >> '${log}'\n`);
    chmodSync(join(bin, 'git'), 0o755);
    const runGit = createGit({ directory: bin, env: { PATH: `${bin}${delimiter}${process.env['PATH']}` } });
    await runGit('status');
    const directories = [...readFileSync(log, 'utf8').matchAll(/safe\.directory=(\S+)/gu)].map(([, path]) => path);
    expect(new Set(directories)).toEqual(new Set([directory, `${directory}/.git`]));
  });
});
