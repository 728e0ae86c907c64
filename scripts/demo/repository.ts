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

/** Makes the repository below a folder that is the demo's own. Throws where there is no git. */
export const makeRepository = (root: string, parent: string): Repository => {
  const folder = join(parent, 'repository');
  const env = { ...machineEnvironment(process.env), ...isolated, ...author, ...committer };
  const git = (...args: readonly string[]): string =>
    execFileSync('git', [...args], { cwd: folder, env, encoding: 'utf8' }).trim();
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
