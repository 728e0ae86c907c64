import { realpath } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { DeliveryError } from '../util/error.js';
import { getPathInside } from '../util/path.js';
import { type ChangedLines, parseDiff } from './diff.js';
import { createGit, DIFF_OPTIONS, type GitOptions, type RunGit } from './run-git.js';
import type { TrackedEntry } from './tracked-entry.js';

/** A hash or a revision such as `HEAD^`; excludes anything that git would parse as an option. */
const REVISION = /^[A-Za-z0-9_][\w./^~@{}-]*$/u;

const isRevision = (revision: string): boolean => REVISION.test(revision) && !revision.includes('..');

/** Read access to a git checkout. Paths have forward slashes and, unless noted, are relative to the directory. */
export interface Repository {
  /** Absolute path of the checkout's top with links resolved; undefined outside of a checkout. */
  getTopDirectory(): Promise<string | undefined>;
  /** Tracked entries below the directory, or of the whole checkout with paths relative to its top. */
  listTracked(scope: 'directory' | 'checkout'): Promise<readonly TrackedEntry[]>;
  /** Object id at a path relative to the top, or with `./` to the directory; undefined if the commit has none. */
  getObjectId(commit: string, path: string): Promise<string | undefined>;
  /** Whether HEAD contains a commit; undefined outside of a checkout. */
  includesCommit(commit: string): Promise<boolean | undefined>;
  /** Full hash of a revision; undefined if the clone does not have it. */
  resolveCommit(revision: string): Promise<string | undefined>;
  isShallow(): Promise<boolean>;
  /** Content of a file in a commit, by a path relative to the top; undefined if the commit has no such file. */
  readBlob(commit: string, path: string): Promise<string | undefined>;
  /** Undefined if the histories have no common commit, or the clone is too shallow. */
  findMergeBase(left: string, right: string): Promise<string | undefined>;
  /** Changes of the working tree since a commit. Of a renamed file, only the edited lines are changed. */
  getChangesSince(commit: string): Promise<ChangedLines>;
  /** Files that were renamed since a commit: their old names by the new ones. */
  getRenamesSince(commit: string): Promise<ReadonlyMap<string, string>>;
  /** Current head commit of a branch of `origin`; undefined if it has no such branch or cannot be reached. */
  getRemoteBranchHead(branch: string): Promise<string | undefined>;
  /** Copies the history to a new directory, without the configuration and credentials of the checkout. */
  copyHistory(directory: string): Promise<void>;
}

const TRACKED_KINDS: Readonly<Record<string, TrackedEntry['kind']>> = { '120000': 'link', '160000': 'submodule' };

/**
 * Files without line counts: binary files, and text files that an attribute of the pull request marks as binary. The
 * entry of a renamed file has no name and is followed by the old name and the new one.
 */
const parseFilesWithoutLines = (numstat: string): readonly string[] => {
  const entries = numstat.split('\0');
  return entries.flatMap((entry, index) => {
    if (!entry.startsWith('-\t-\t')) return [];
    return entry.length > 4 ? [entry.slice(4)] : (entries[index + 2] ?? []);
  });
};

/** `git diff --name-status -z` lists a rename as its similarity, the old name and the new one. */
const parseRenames = (nameStatus: string): ReadonlyMap<string, string> => {
  const entries = nameStatus.split('\0');
  const renames = new Map<string, string>();
  for (let index = 0; index + 2 < entries.length; index += 3) {
    const [, oldName, newName] = entries.slice(index, index + 3);
    if (oldName !== undefined && newName !== undefined) renames.set(newName, oldName);
  }
  return renames;
};

const RENAME_OPTIONS = [...DIFF_OPTIONS, '--find-renames'] as const;

/** A checkout, read with the git program. */
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
    // A shallow clone has no history, but a merge commit still names its parents.
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
    const prefixOptions = ['--src-prefix=a/', '--dst-prefix=b/'];
    const diff = await this.runGit('diff', '--unified=0', ...RENAME_OPTIONS, ...prefixOptions, commit, '--');
    return parseDiff(
      diff,
      parseFilesWithoutLines(await this.runGit('diff', '--numstat', '-z', ...RENAME_OPTIONS, commit, '--')),
    );
  }

  async getRenamesSince(commit: string): Promise<ReadonlyMap<string, string>> {
    return parseRenames(
      await this.runGit('diff', '--name-status', '-z', '--diff-filter=R', ...RENAME_OPTIONS, commit, '--'),
    );
  }

  async getRemoteBranchHead(branch: string): Promise<string | undefined> {
    const name = `refs/heads/${branch}`;
    const lines =
      (await this.tryGit('ls-remote', '--upload-pack=git-upload-pack', '--heads', 'origin', name))?.split('\n') ?? [];
    return lines.map((line) => line.split('\t')).find(([, ref]) => ref === name)?.[0];
  }

  async copyHistory(directory: string): Promise<void> {
    await this.runGit('clone', '--quiet', '--bare', '--no-hardlinks', '--no-tags', '--template=', this.root, directory);
    // CodeGuru Reviewer gets it as `.git` beside a working tree. The remote would be a path of this machine.
    const configCommand = ['config', '--file', `${directory}/config`];
    await this.runGit(...configCommand, 'core.bare', 'false');
    await this.runGit(...configCommand, '--remove-section', 'remote.origin');
  }

  /** Returns undefined if git exits with an error. */
  private async tryGit(...args: readonly string[]): Promise<string | undefined> {
    try {
      return await this.runGit(...args);
    } catch (error) {
      if (error instanceof DeliveryError && error.code === 'rejected') return undefined;
      throw error;
    }
  }
}

/** Hint for everything that a shallow clone lacks. */
export const FETCH_DEPTH_HINT = "set 'fetch-depth: 0' in actions/checkout to fetch the whole history";

/**
 * Converts a path to one relative to the top of the checkout; undefined for a path outside of it.
 * @param workspace directory that the path is relative to
 */
export const resolveCheckoutPath = async (
  path: string,
  workspace: string,
  repository: Pick<Repository, 'getTopDirectory'>,
): Promise<string | undefined> => {
  const top = await repository.getTopDirectory();
  if (top === undefined) return undefined;
  // Git reports the top with links resolved, for example those of a temporary directory.
  const workspacePath = await realpath(workspace);
  const absolutePath = resolve(workspacePath, relative(workspace, resolve(workspace, path)));
  return getPathInside(top, absolutePath) || undefined;
};
