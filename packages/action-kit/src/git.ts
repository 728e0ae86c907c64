import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DeliveryError, textOf } from './error.js';
import type { Variables } from './inputs.js';

const run = promisify(execFile);

/** Diffs and lists of large repositories, in bytes. */
const MOST_OUTPUT = 512 * 1024 * 1024;

// A repository's own settings may name programs to run; none of those are needed here. The checkout may belong to
// another user than the one of a container.
const GUARDED = [
  ['safe.directory', '*'],
  ['core.fsmonitor', 'false'],
  ['core.quotePath', 'false'],
  ['core.hooksPath', '/dev/null'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** What git may know of its surroundings: where it is, and the way out. */
const KEPT = ['PATH', 'HOME', 'SystemRoot', 'TMPDIR', 'TEMP', 'HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy'];

const fieldOf = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;

export interface GitOptions {
  /** The folder that git works in. */
  readonly folder: string;
  readonly variables: Variables;
  readonly signal?: AbortSignal | undefined;
}

/** Runs git and gives what it writes. Throws `refused` where git says no, `unavailable` where it cannot be run. */
export type Git = (...args: readonly string[]) => Promise<string>;

/** Git's own program on a folder, with an environment that holds nothing but what it needs. */
export const gitIn = ({ folder, variables, signal }: GitOptions): Git => {
  const kept = KEPT.flatMap((name) => {
    const value = variables[name];
    return value === undefined ? [] : [[name, value]];
  });
  const env = { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  const options = { cwd: folder, env, maxBuffer: MOST_OUTPUT, encoding: 'utf8' as const };
  return async (...args) => {
    try {
      const { stdout } = await run(
        'git',
        [...GUARDED, ...args],
        signal === undefined ? options : { ...options, signal },
      );
      return stdout;
    } catch (error) {
      if (typeof fieldOf(error, 'code') === 'number') {
        const said = String(fieldOf(error, 'stderr') ?? '').trim();
        throw new DeliveryError('refused', `git ${args[0]} in '${folder}' failed: ${said}`, { cause: error });
      }
      const remedy = 'install git on the runner, and check out before this step';
      throw new DeliveryError('unavailable', `git could not be run: ${textOf(error)}; ${remedy}`, { cause: error });
    }
  };
};

// What GitHub writes as `github.event.before` of a branch's first push.
const NO_COMMIT = /^0{40}(?:0{24})?$/u;

/**
 * Paths relative to the folder that changed since a commit, deleted ones too, files that git does not track not among
 * them. Undefined where there is no commit before, so that everything is new.
 */
export type ChangedFiles = (since: string) => Promise<readonly string[] | undefined>;

/** Asks git in a folder. Throws `not-found` for a commit that is not there, naming the input `changed-since`. */
export const changedFilesIn = (options: GitOptions): ChangedFiles => {
  const git = gitIn(options);
  return async (since) => {
    if (NO_COMMIT.test(since)) return undefined;
    try {
      const wanted = ['--name-only', '--no-renames', '--no-ext-diff', '--relative', '-z'];
      const list = await git('diff', ...wanted, '--end-of-options', since, '--');
      return list.split('\0').filter((path) => path !== '');
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.code !== 'refused') throw error;
      const said = error.message.split('\n')[0];
      const message = `input 'changed-since': git cannot compare with '${since}': check out with 'fetch-depth: 0' (${said})`;
      throw new DeliveryError('not-found', message, { cause: error });
    }
  };
};
