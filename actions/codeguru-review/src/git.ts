import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { type ChangedLines, parseChanges } from './diff.js';

const run = promisify(execFile);

/** Diffs and lists of large repositories. */
const MOST_OUTPUT = 512 * 1024 * 1024;

// A repository's own settings may name programs to run; none of those are needed here. The checkout may belong to
// another user than the one of a container.
const GUARDED = [
  ['safe.directory', '*'],
  ['core.fsmonitor', 'false'],
  ['core.quotePath', 'false'],
  ['core.hooksPath', '/dev/null'],
].flatMap(([name, value]) => ['-c', `${name}=${value}`]);

/** Commits are named by their hashes or by revisions; nothing that git would take for an option. */
const REVISION = /^[A-Za-z0-9_][\w./^~@{}-]*$/u;

export const isRevision = (text: string): boolean => REVISION.test(text) && !text.includes('..');

const fieldOf = (error: unknown, name: string): unknown =>
  typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined;

/** What is asked of the checkout. Paths are relative to its root, with forward slashes. */
export interface Repository {
  /** The full hash of a revision; undefined where the clone does not have it. */
  commit(revision: string): Promise<string | undefined>;
  isShallow(): Promise<boolean>;
  /** A file's text in a commit; undefined where it has none. */
  show(commit: string, path: string): Promise<string | undefined>;
  /** Where the two histories part; undefined where they have nothing in common. */
  mergeBase(one: string, other: string): Promise<string | undefined>;
  /** Lines of the working tree that a commit does not have. */
  changedSince(commit: string): Promise<ChangedLines>;
  trackedFiles(): Promise<readonly string[]>;
  /** Writes the history alone to a new folder, without settings and credentials of the checkout. */
  copyHistory(folder: string): Promise<void>;
}

/** Git's own program on a folder, with an environment that holds nothing but what it needs. */
export class Git implements Repository {
  private readonly env: Readonly<Record<string, string>>;

  constructor(
    private readonly root: string,
    variables: Variables,
    private readonly signal?: AbortSignal,
  ) {
    const kept = ['PATH', 'HOME', 'SystemRoot', 'TMPDIR', 'TEMP'].flatMap((name) => {
      const value = variables[name];
      return value === undefined ? [] : [[name, value]];
    });
    this.env = { ...Object.fromEntries(kept), GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0', LC_ALL: 'C' };
  }

  async commit(revision: string): Promise<string | undefined> {
    if (!isRevision(revision)) return undefined;
    return (await this.ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`))?.trim();
  }

  async isShallow(): Promise<boolean> {
    return (await this.ask('rev-parse', '--is-shallow-repository'))?.trim() === 'true';
  }

  async show(commit: string, path: string): Promise<string | undefined> {
    const name = `${commit}:./${path}`;
    const kind = await this.ask('cat-file', '-t', name);
    return kind?.trim() === 'blob' ? this.tell('cat-file', 'blob', name) : undefined;
  }

  async mergeBase(one: string, other: string): Promise<string | undefined> {
    return (await this.ask('merge-base', one, other))?.trim();
  }

  async changedSince(commit: string): Promise<ChangedLines> {
    const plain = ['--unified=0', '--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--relative'];
    const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
    return parseChanges(await this.tell('diff', ...plain, ...prefixes, commit, '--'));
  }

  async trackedFiles(): Promise<readonly string[]> {
    const list = await this.tell('ls-files', '-z');
    return list.split('\0').filter((name) => name !== '');
  }

  async copyHistory(folder: string): Promise<void> {
    await this.tell('clone', '--quiet', '--bare', '--no-hardlinks', '--no-tags', '--template=', this.root, folder);
    // A folder beside a working tree, as the reviewer finds it; the address would be a path of this machine.
    const settings = ['config', '--file', `${folder}/config`];
    await this.tell(...settings, 'core.bare', 'false');
    await this.tell(...settings, '--remove-section', 'remote.origin');
  }

  /** Undefined where git says no. */
  private async ask(...args: readonly string[]): Promise<string | undefined> {
    try {
      return await this.tell(...args);
    } catch (error) {
      if (error instanceof DeliveryError && error.code === 'refused') return undefined;
      throw error;
    }
  }

  private async tell(...args: readonly string[]): Promise<string> {
    const options = { cwd: this.root, env: this.env, maxBuffer: MOST_OUTPUT, encoding: 'utf8' as const };
    const signal = this.signal === undefined ? {} : { signal: this.signal };
    try {
      return (await run('git', [...GUARDED, ...args], { ...options, ...signal })).stdout;
    } catch (error) {
      if (typeof fieldOf(error, 'code') === 'number') {
        const said = String(fieldOf(error, 'stderr') ?? '').trim();
        throw new DeliveryError('refused', `git ${args[0]} in '${this.root}' failed: ${said}`, { cause: error });
      }
      const remedy = 'install git on the runner, and check out before this step';
      throw new DeliveryError('unavailable', `git could not be run: ${textOf(error)}; ${remedy}`, { cause: error });
    }
  }
}
