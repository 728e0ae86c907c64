import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { machineEnvironment } from '@aws-delivery/node-runner/environment';

/** The repository that the story happens in: the examples, and a branch that adds the shop's function to them. */
export interface Repository {
  readonly folder: string;
  /** The commit before the pull request, and the one it asks to merge. */
  readonly base: string;
  readonly head: string;
}

const author = { GIT_AUTHOR_NAME: 'Octocat', GIT_AUTHOR_EMAIL: 'octocat@example.com' };
const committer = { GIT_COMMITTER_NAME: 'Octocat', GIT_COMMITTER_EMAIL: 'octocat@example.com' };
const isolated = { GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };

const added = ['shop.yaml', 'shop'].map((name) => join('examples', 'delivery', name));

const isMissing = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && 'code' in error && error.code === 'ENOENT';

/** Makes the repository below a folder that is the demo's own. Throws where there is no git. */
export const makeRepository = (
  root: string,
  parent: string,
  variables: NodeJS.ProcessEnv = process.env,
): Repository => {
  const folder = join(parent, 'repository');
  const env = { ...machineEnvironment(variables), ...isolated, ...author, ...committer };
  const git = (...args: readonly string[]): string => {
    try {
      return execFileSync('git', [...args], { cwd: folder, env, encoding: 'utf8' }).trim();
    } catch (error) {
      if (!isMissing(error)) throw error;
      const message = 'the demo needs git to make a repository, and there is none: install it, or put it on the PATH';
      throw new Error(message, { cause: error });
    }
  };
  const commit = (message: string): string => {
    git('add', '--all');
    git('commit', '--quiet', '--message', message);
    return git('rev-parse', 'HEAD');
  };
  mkdirSync(folder);
  cpSync(join(root, 'examples'), join(folder, 'examples'), { recursive: true });
  for (const path of added) rmSync(join(folder, path), { recursive: true });
  git('init', '--quiet', '--initial-branch', 'main');
  const base = commit('Keep the data of a ticket shop');
  for (const path of added) cpSync(join(root, path), join(folder, path), { recursive: true });
  return { folder, base, head: commit('Sell tickets') };
};
