import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getMachineEnv } from '@aws-delivery/node-runner/job/action-environment';

/** The repository of the demo: the examples, and a second commit that adds the shop's function. */
export interface Repository {
  readonly directory: string;
  /** Base and head commit of the pull request. */
  readonly base: string;
  readonly head: string;
}

const author = { GIT_AUTHOR_NAME: 'Octocat', GIT_AUTHOR_EMAIL: 'octocat@example.com' };
const committer = { GIT_COMMITTER_NAME: 'Octocat', GIT_COMMITTER_EMAIL: 'octocat@example.com' };
const isolated = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

const ADDED_PATHS = ['shop.yaml', 'shop'].map((name) => join('examples', 'delivery', name));

const isNotFound = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

/** Creates the repository below `parent`. Throws `not-found` if git is not installed. */
export const createRepository = (
  root: string,
  parent: string,
  variables: NodeJS.ProcessEnv = process.env,
): Repository => {
  const directory = join(parent, 'repository');
  const env = { ...getMachineEnv(variables), ...isolated, ...author, ...committer };
  const runGit = (...args: readonly string[]): string => {
    try {
      return execFileSync('git', [...args], { cwd: directory, env, encoding: 'utf8' }).trim();
    } catch (error) {
      if (!isNotFound(error)) throw error;
      throw new DeliveryError('not-found', 'git not found: install git or add it to the PATH', { cause: error });
    }
  };
  const commit = (message: string): string => {
    runGit('add', '--all');
    runGit('commit', '--quiet', '--message', message);
    return runGit('rev-parse', 'HEAD');
  };
  mkdirSync(directory);
  cpSync(join(root, 'examples'), join(directory, 'examples'), { recursive: true });
  for (const path of ADDED_PATHS) rmSync(join(directory, path), { recursive: true });
  runGit('init', '--quiet', '--initial-branch', 'main');
  const base = commit('Add the data stack of the ticket shop');
  for (const path of ADDED_PATHS) cpSync(join(root, path), join(directory, path), { recursive: true });
  return { directory, base, head: commit('Sell tickets') };
};
