import { DeliveryError } from '../util/error.js';
import { type ChangedLines, parseDiff } from './diff.js';
import { createGit, type GitOptions, type RunGit } from './run-git.js';
import type { TrackedEntry } from './tracked-entry.js';

/** Commits are named by their hashes or by revisions; nothing that git would take for an option. */
const REVISION = /^[A-Za-z0-9_][\w./^~@{}-]*$/u;

export const isRevision = (revision: string): boolean => REVISION.test(revision) && !revision.includes('..');

/** What is asked of the checkout. Paths have forward slashes and are relative to the folder, where nothing else is said. */
export interface Repository {
  /** The whole path of the checkout's top, links resolved; undefined where the folder is in none. */
  getTopDirectory(): Promise<string | undefined>;
  /** What git tracks, with paths from the folder; or in the whole checkout, with paths from its top. */
  listTracked(scope: 'directory' | 'checkout'): Promise<readonly TrackedEntry[]>;
  /** The name of what a commit has at a path from the top, or with `./` from the folder; undefined for nothing. */
  getObjectId(commit: string, path: string): Promise<string | undefined>;
  /** Whether the checkout has a commit's changes; undefined where there is no checkout. */
  includesCommit(commit: string): Promise<boolean | undefined>;
  /** The full hash of a revision; undefined where the clone does not have it. */
  resolveCommit(revision: string): Promise<string | undefined>;
  isShallow(): Promise<boolean>;
  /** The text of a file at a path from the top, as a commit has it; undefined where it has no such file. */
  readBlob(commit: string, path: string): Promise<string | undefined>;
  /** Where the two histories part; undefined where they have nothing in common. */
  findMergeBase(left: string, right: string): Promise<string | undefined>;
  /** Lines of the working tree that a commit does not have. */
  getChangesSince(commit: string): Promise<ChangedLines>;
  /** The commit of a branch where the checkout came from, now; undefined where that cannot be asked, or has none. */
  getRemoteBranchHead(branch: string): Promise<string | undefined>;
  /** Writes the history alone to a new folder, without settings and credentials of the checkout. */
  copyHistory(directory: string): Promise<void>;
}

const TRACKED_KINDS: Readonly<Record<string, TrackedEntry['kind']>> = { '120000': 'link', '160000': 'submodule' };

/** Files without lines to count: binary ones, or text that an attribute of the pull request calls so. */
const parseFilesWithoutLines = (numstat: string): readonly string[] =>
  numstat.split('\0').flatMap((line) => (line.startsWith('-\t-\t') ? [line.slice(4)] : []));

/** Git's own program on a checkout. */
export class GitRepository implements Repository {
  private readonly root: string;
  private readonly runGit: RunGit;

  constructor(options: GitOptions) {
    this.root = options.directory;
    this.runGit = createGit(options);
  }

  async resolveCommit(revision: string): Promise<string | undefined> {
    if (!isRevision(revision)) return undefined;
    return (await this.tryGit('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`))?.trim();
  }

  async isShallow(): Promise<boolean> {
    return (await this.tryGit('rev-parse', '--is-shallow-repository'))?.trim() === 'true';
  }

  async getTopDirectory(): Promise<string | undefined> {
    return (await this.tryGit('rev-parse', '--show-toplevel'))?.replace(/\r?\n$/u, '');
  }

  async listTracked(scope: 'directory' | 'checkout'): Promise<readonly TrackedEntry[]> {
    const scopeArguments = scope === 'directory' ? [] : ['--full-name', '--', ':/'];
    const list = await this.runGit('ls-files', '--stage', '-z', ...scopeArguments);
    return list.split('\0').flatMap((line) => {
      const [, mode = '', object, path] = /^(\d+) ([0-9a-f]+) \d\t(.*)$/su.exec(line) ?? [];
      return object === undefined || path === undefined ? [] : [{ path, object, kind: TRACKED_KINDS[mode] ?? 'file' }];
    });
  }

  async getObjectId(commit: string, path: string): Promise<string | undefined> {
    return (await this.tryGit('rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}:${path}`))?.trim();
  }

  async includesCommit(commit: string): Promise<boolean | undefined> {
    const head = await this.tryGit('cat-file', 'commit', 'HEAD');
    if (head === undefined) return undefined;
    // A shallow clone has no history to ask, but a merge names its parents all the same.
    const parents = [...(head.split('\n\n')[0] ?? '').matchAll(/^parent ([0-9a-f]+)$/gmu)].map(([, parent]) => parent);
    if (parents.includes(commit)) return true;
    return (await this.tryGit('merge-base', '--is-ancestor', commit, 'HEAD')) !== undefined;
  }

  async readBlob(commit: string, path: string): Promise<string | undefined> {
    const name = `${commit}:${path}`;
    const kind = await this.tryGit('cat-file', '-t', name);
    return kind?.trim() === 'blob' ? this.runGit('cat-file', 'blob', name) : undefined;
  }

  async findMergeBase(left: string, right: string): Promise<string | undefined> {
    return (await this.tryGit('merge-base', left, right))?.trim();
  }

  async getChangesSince(commit: string): Promise<ChangedLines> {
    const diffOptions = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--relative'];
    const prefixOptions = ['--src-prefix=a/', '--dst-prefix=b/'];
    const diff = await this.runGit('diff', '--unified=0', ...diffOptions, ...prefixOptions, commit, '--');
    return parseDiff(
      diff,
      parseFilesWithoutLines(await this.runGit('diff', '--numstat', '-z', ...diffOptions, commit, '--')),
    );
  }

  async getRemoteBranchHead(branch: string): Promise<string | undefined> {
    const name = `refs/heads/${branch}`;
    const lines = (await this.tryGit('ls-remote', '--heads', 'origin', name))?.split('\n') ?? [];
    return lines.map((line) => line.split('\t')).find(([, ref]) => ref === name)?.[0];
  }

  async copyHistory(directory: string): Promise<void> {
    await this.runGit('clone', '--quiet', '--bare', '--no-hardlinks', '--no-tags', '--template=', this.root, directory);
    // A folder beside a working tree, as the reviewer finds it; the address would be a path of this machine.
    const configCommand = ['config', '--file', `${directory}/config`];
    await this.runGit(...configCommand, 'core.bare', 'false');
    await this.runGit(...configCommand, '--remove-section', 'remote.origin');
  }

  /** Undefined where git says no. */
  private async tryGit(...args: readonly string[]): Promise<string | undefined> {
    try {
      return await this.runGit(...args);
    } catch (error) {
      if (error instanceof DeliveryError && error.code === 'rejected') return undefined;
      throw error;
    }
  }
}
