import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Env } from '../util/env.js';
import { DeliveryError, errorMessage } from '../util/error.js';
import { getField } from '../util/error-code.js';

const execFileAsync = promisify(execFile);

/** Diffs and lists of large repositories, in bytes. */
const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

// A repository's own settings may name programs to run; none of those are needed here. The checkout may belong to
// another user than the one of a container.
const SAFE_CONFIG = [
  ['safe.directory', '*'],
  ['core.fsmonitor', 'false'],
  ['core.quotePath', 'false'],
  ['core.hooksPath', '/dev/null'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** What git may know of its surroundings: where it is, and the way out. */
const PASSED_VARIABLES = [
  'PATH',
  'HOME',
  'SystemRoot',
  'TMPDIR',
  'TEMP',
  'HTTPS_PROXY',
  'https_proxy',
  'NO_PROXY',
  'no_proxy',
];

export interface GitOptions {
  /** The folder that git works in. */
  readonly directory: string;
  readonly env: Env;
  readonly signal?: AbortSignal | undefined;
}

/** Runs git and gives what it writes. Throws `refused` where git says no, `unavailable` where it cannot be run. */
export type RunGit = (...args: readonly string[]) => Promise<string>;

/** Git's own program on a folder, with an environment that holds nothing but what it needs. */
export const createGit = ({ directory, env, signal }: GitOptions): RunGit => {
  const passedVariables = PASSED_VARIABLES.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const gitEnv = {
    ...Object.fromEntries(passedVariables),
    GIT_TERMINAL_PROMPT: '0',
    GIT_OPTIONAL_LOCKS: '0',
    LC_ALL: 'C',
  };
  const options = { cwd: directory, env: gitEnv, maxBuffer: MAX_OUTPUT_BYTES, encoding: 'utf8' as const };
  return async (...args) => {
    try {
      const { stdout } = await execFileAsync(
        'git',
        [...SAFE_CONFIG, ...args],
        signal === undefined ? options : { ...options, signal },
      );
      return stdout;
    } catch (error) {
      if (typeof getField(error, 'code') === 'number') {
        const gitMessage = String(getField(error, 'stderr') ?? '').trim();
        throw new DeliveryError('rejected', `git ${args[0]} in '${directory}' failed: ${gitMessage}`, { cause: error });
      }
      const hint = 'install git on the runner, and check out before this step';
      throw new DeliveryError('unavailable', `git could not be run: ${errorMessage(error)}; ${hint}`, { cause: error });
    }
  };
};

// What GitHub writes as `github.event.before` of a branch's first push.
const ZERO_HASH = /^0{40}(?:0{24})?$/u;

/**
 * Paths relative to the folder that changed since a commit, deleted ones too, files that git does not track not among
 * them. Undefined where there is no commit before, so that everything is new.
 */
export type ListChangedFiles = (since: string) => Promise<readonly string[] | undefined>;

/** Asks git in a folder. Throws `not-found` for a commit that is not there, naming the input `changed-since`. */
export const createChangedFilesLister = (options: GitOptions): ListChangedFiles => {
  const runGit = createGit(options);
  return async (since) => {
    if (ZERO_HASH.test(since)) return undefined;
    try {
      const flags = ['--name-only', '--no-renames', '--no-ext-diff', '--relative', '-z'];
      const list = await runGit('diff', ...flags, '--end-of-options', since, '--');
      return list.split('\0').filter((path) => path !== '');
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.code !== 'rejected') throw error;
      const gitMessage = error.message.split('\n')[0];
      const message = `input 'changed-since': git cannot compare with '${since}': check out with 'fetch-depth: 0' (${gitMessage})`;
      throw new DeliveryError('not-found', message, { cause: error });
    }
  };
};
