import { execFile } from 'node:child_process';
import { existsSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { Env } from '../util/env.js';
import { DeliveryError, errorMessage } from '../util/error.js';
import { getField } from '../util/error-code.js';
import { toPosixPath } from '../util/path.js';

const execFileAsync = promisify(execFile);

/** Limit for diffs and file lists of large repositories. */
const MAX_OUTPUT_BYTES = 512 * 1024 * 1024;

type Setting = readonly [name: string, value: string];

// A repository's configuration may name programs to run; none are needed here.
const SAFE_SETTINGS: readonly Setting[] = [
  ['core.fsmonitor', 'false'],
  ['core.quotePath', 'false'],
  ['core.hooksPath', '/dev/null'],
  ['core.askPass', ''],
  ['core.alternateRefsCommand', ''],
  ['credential.helper', ''],
];

/** Environment variables that take precedence over programs and protocols in the configuration. */
const SAFE_ENV = {
  GIT_ALLOW_PROTOCOL: 'file:http:https:ssh',
  GIT_ASKPASS: '',
  GIT_SSH_COMMAND: 'ssh',
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  LC_ALL: 'C',
};

const toOptions = (settings: readonly Setting[]): readonly string[] =>
  settings.flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** The top of the checkout that contains a directory; the directory itself outside of a checkout. */
const findTop = (directory: string): string => {
  const start = existsSync(directory) ? realpathSync(directory) : directory;
  for (let top = start; ; top = dirname(top)) {
    if (existsSync(join(top, '.git'))) return top;
    if (top === dirname(top)) return start;
  }
};

/** In a container, the checkout may belong to another user; git reads no other checkout of another user. */
const createSafeDirectories = (directory: string): readonly Setting[] => {
  const top = toPosixPath(findTop(directory));
  return [
    ['safe.directory', top],
    ['safe.directory', `${top}/.git`],
  ];
};

/** Settings that turn off the filters of the configuration, which run when git compares files of the working tree. */
const createFilterSettings = (names: string): readonly Setting[] =>
  names
    .split('\0')
    .filter((name) => name !== '')
    .map((name) => [name, name.endsWith('.required') ? 'false' : '']);

/** Environment variables that git gets: paths and proxy settings, no credentials. */
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
  /** Working directory. */
  readonly directory: string;
  readonly env: Env;
  readonly signal?: AbortSignal | undefined;
}

/** Runs git and returns its output. Throws `rejected` if git exits with an error, `unavailable` if it cannot be run. */
export type RunGit = (...args: readonly string[]) => Promise<string>;

/** Creates a git runner with a minimal environment. */
export const createGit = ({ directory, env, signal }: GitOptions): RunGit => {
  const passedVariables = PASSED_VARIABLES.flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value]];
  });
  const gitEnv = { ...Object.fromEntries(passedVariables), ...SAFE_ENV };
  const baseOptions = { cwd: directory, env: gitEnv, maxBuffer: MAX_OUTPUT_BYTES, encoding: 'utf8' as const };
  const options = signal === undefined ? baseOptions : { ...baseOptions, signal };
  const execute = async (settings: readonly Setting[], args: readonly string[]): Promise<string> =>
    (await execFileAsync('git', [...toOptions(settings), ...args], options)).stdout;
  const readSettings = async (): Promise<readonly Setting[]> => {
    const settings = [...SAFE_SETTINGS, ...createSafeDirectories(directory)];
    const pattern = String.raw`^filter\..*\.(clean|smudge|process|required)$`;
    const names = await execute(settings, ['config', '--null', '--name-only', '--get-regexp', pattern]).catch(() => '');
    return [...settings, ...createFilterSettings(names)];
  };
  let settings: Promise<readonly Setting[]> | undefined;
  return async (...args) => {
    settings ??= readSettings();
    try {
      return await execute(await settings, args);
    } catch (error) {
      if (typeof getField(error, 'code') === 'number') {
        const gitMessage = String(getField(error, 'stderr') ?? '').trim();
        throw new DeliveryError('rejected', `git ${args[0]} in '${directory}' failed: ${gitMessage}`, { cause: error });
      }
      const hint = 'install git on the runner, and add actions/checkout before this step';
      throw new DeliveryError('unavailable', `cannot run git (${errorMessage(error)}): ${hint}`, { cause: error });
    }
  };
};

/** Options for `git diff`: no programs from the configuration, and paths relative to the directory. */
export const DIFF_OPTIONS = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--relative'] as const;

// `github.event.before` on the first push of a branch.
const ZERO_HASH = /^0{40}(?:0{24})?$/u;

/**
 * Lists the paths below the directory that changed since a commit, including deleted and excluding untracked files.
 * Undefined for the zero hash, when everything is new.
 */
export type ListChangedFiles = (since: string) => Promise<readonly string[] | undefined>;

/** Throws `not-found` for a missing commit, with a message that names the input `changed-since`. */
export const createChangedFilesLister = (options: GitOptions): ListChangedFiles => {
  const runGit = createGit(options);
  return async (since) => {
    if (ZERO_HASH.test(since)) return undefined;
    try {
      const list = await runGit('diff', '--name-only', '-z', ...DIFF_OPTIONS, '--end-of-options', since, '--');
      return list.split('\0').filter((path) => path !== '');
    } catch (error) {
      if (!(error instanceof DeliveryError) || error.code !== 'rejected') throw error;
      const gitMessage = error.message.split('\n')[0];
      const message = `input 'changed-since': git cannot compare with '${since}' (${gitMessage}): set 'fetch-depth: 0' in actions/checkout`;
      throw new DeliveryError('not-found', message, { cause: error });
    }
  };
};
