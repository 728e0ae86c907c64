import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Target } from './target.js';

/** Paths relative to the workspace that changed since a commit, deleted ones too. */
export type ChangedFiles = (since: string) => Promise<readonly string[]>;

const run = promisify(execFile);

/** Asks git in the workspace. Throws `not-found` for a commit that is not there. */
export const changedFilesIn =
  (workspace: string): ChangedFiles =>
  async (since) => {
    try {
      const options = ['diff', '--name-only', '--no-renames', '--relative', '-z', '--end-of-options', since, '--'];
      const { stdout } = await run('git', options, { cwd: workspace, maxBuffer: 64 * 1024 * 1024 });
      return stdout.split('\0').filter((path) => path !== '');
    } catch (cause) {
      const message = `input 'changed-since': git cannot compare with '${since}': check out with 'fetch-depth: 0' (${textOf(cause).split('\n')[0]})`;
      throw new DeliveryError('not-found', message, { cause });
    }
  };

const withoutEnding = (path: string): string => path.replace(/\.[^./]+$/, '');

/** Which targets depend on the changed files of a tree. `root` and the files are relative to the same folder. */
export const affectedBy = (
  root: string,
  changed: readonly string[],
): ((target: Pick<Target, 'tenant' | 'environment' | 'profile'>) => boolean) => {
  const prefix = root === '' ? '' : `${root}/`;
  const paths = changed.filter((path) => path.startsWith(prefix)).map((path) => path.slice(prefix.length));
  if (paths.some((path) => /^appconfig\.ya?ml$/.test(path))) return () => true;
  const stems = new Set(paths.map(withoutEnding));
  return ({ tenant, environment, profile }) =>
    stems.has(`template/${profile}`) ||
    stems.has(`schemas/${profile}.schema`) ||
    stems.has(`tenants/${tenant}/${environment}/${profile}`);
};
