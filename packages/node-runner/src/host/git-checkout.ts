import { execFileSync } from 'node:child_process';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { buildRef } from './host.js';
import { parseRepositoryName } from './run-variables.js';

/** The github context of a checkout: commit, branch or tag, repository; empty outside of a checkout or without git. */
export const readCheckout = (directory: string, env: Env): Readonly<Record<string, string>> => {
  const runGit = (...args: readonly string[]): string => {
    try {
      const safeOptions = ['-c', 'core.fsmonitor=false', '-c', `safe.directory=${directory}`];
      return execFileSync('git', [...safeOptions, ...args], {
        cwd: directory,
        env: { PATH: env['PATH'], HOME: env['HOME'], SystemRoot: env['SystemRoot'], GIT_TERMINAL_PROMPT: '0' },
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 10_000,
      }).trim();
    } catch {
      return '';
    }
  };
  const commit = runGit('rev-parse', '--verify', '--quiet', 'HEAD');
  if (commit === '') return {};
  const branch = runGit('symbolic-ref', '--short', '--quiet', 'HEAD');
  const tag = branch === '' ? runGit('describe', '--tags', '--exact-match', 'HEAD') : '';
  const repository = parseRepositoryName(runGit('config', '--get', 'remote.origin.url'));
  const [owner = ''] = repository?.split('/') ?? [];
  return {
    sha: commit,
    ...buildRef(branch, tag),
    ...(repository === undefined ? {} : { repository, repository_owner: owner }),
  };
};
