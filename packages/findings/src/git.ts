import { DeliveryError } from '@aws-delivery/action-kit/error';
import { type GitOptions, gitIn, type Git as Program } from '@aws-delivery/action-kit/git';
import { type ChangedLines, parseChanges } from './diff.js';
import type { Tracked } from './tracked.js';

/** Commits are named by their hashes or by revisions; nothing that git would take for an option. */
const REVISION = /^[A-Za-z0-9_][\w./^~@{}-]*$/u;

export const isRevision = (text: string): boolean => REVISION.test(text) && !text.includes('..');

/** What is asked of the checkout. Paths have forward slashes and are relative to the folder, where nothing else is said. */
export interface Repository {
  /** The whole path of the checkout's top, links resolved; undefined where the folder is in none. */
  top(): Promise<string | undefined>;
  /** What git tracks, with paths from the folder; or in the whole checkout, with paths from its top. */
  tracked(where: 'folder' | 'checkout'): Promise<readonly Tracked[]>;
  /** The name of what a commit has at a path from the top, or with `./` from the folder; undefined for nothing. */
  objectAt(commit: string, path: string): Promise<string | undefined>;
  /** Whether the checkout has a commit's changes; undefined where there is no checkout. */
  includes(commit: string): Promise<boolean | undefined>;
  /** The full hash of a revision; undefined where the clone does not have it. */
  commit(revision: string): Promise<string | undefined>;
  isShallow(): Promise<boolean>;
  /** The text of a file at a path from the top, as a commit has it; undefined where it has no such file. */
  show(commit: string, path: string): Promise<string | undefined>;
  /** Where the two histories part; undefined where they have nothing in common. */
  mergeBase(one: string, other: string): Promise<string | undefined>;
  /** Lines of the working tree that a commit does not have. */
  changedSince(commit: string): Promise<ChangedLines>;
  /** The commit of a branch where the checkout came from, now; undefined where that cannot be asked, or has none. */
  branchThere(branch: string): Promise<string | undefined>;
  /** Writes the history alone to a new folder, without settings and credentials of the checkout. */
  copyHistory(folder: string): Promise<void>;
}

const KINDS: Readonly<Record<string, Tracked['kind']>> = { '120000': 'link', '160000': 'submodule' };

/** Files without lines to count: binary ones, or text that an attribute of the pull request calls so. */
const wholeIn = (numbers: string): readonly string[] =>
  numbers.split('\0').flatMap((line) => (line.startsWith('-\t-\t') ? [line.slice(4)] : []));

/** Git's own program on a checkout. */
export class Git implements Repository {
  private readonly root: string;
  private readonly tell: Program;

  constructor(options: GitOptions) {
    this.root = options.folder;
    this.tell = gitIn(options);
  }

  async commit(revision: string): Promise<string | undefined> {
    if (!isRevision(revision)) return undefined;
    return (await this.ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${revision}^{commit}`))?.trim();
  }

  async isShallow(): Promise<boolean> {
    return (await this.ask('rev-parse', '--is-shallow-repository'))?.trim() === 'true';
  }

  async top(): Promise<string | undefined> {
    return (await this.ask('rev-parse', '--show-toplevel'))?.replace(/\r?\n$/u, '');
  }

  async tracked(where: 'folder' | 'checkout'): Promise<readonly Tracked[]> {
    const all = where === 'folder' ? [] : ['--full-name', '--', ':/'];
    const list = await this.tell('ls-files', '--stage', '-z', ...all);
    return list.split('\0').flatMap((line) => {
      const [, mode = '', object, path] = /^(\d+) ([0-9a-f]+) \d\t(.*)$/su.exec(line) ?? [];
      return object === undefined || path === undefined ? [] : [{ path, object, kind: KINDS[mode] ?? 'file' }];
    });
  }

  async objectAt(commit: string, path: string): Promise<string | undefined> {
    return (await this.ask('rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}:${path}`))?.trim();
  }

  async includes(commit: string): Promise<boolean | undefined> {
    const head = await this.ask('cat-file', 'commit', 'HEAD');
    if (head === undefined) return undefined;
    // A shallow clone has no history to ask, but a merge names its parents all the same.
    const parents = [...(head.split('\n\n')[0] ?? '').matchAll(/^parent ([0-9a-f]+)$/gmu)].map(([, parent]) => parent);
    if (parents.includes(commit)) return true;
    return (await this.ask('merge-base', '--is-ancestor', commit, 'HEAD')) !== undefined;
  }

  async show(commit: string, path: string): Promise<string | undefined> {
    const name = `${commit}:${path}`;
    const kind = await this.ask('cat-file', '-t', name);
    return kind?.trim() === 'blob' ? this.tell('cat-file', 'blob', name) : undefined;
  }

  async mergeBase(one: string, other: string): Promise<string | undefined> {
    return (await this.ask('merge-base', one, other))?.trim();
  }

  async changedSince(commit: string): Promise<ChangedLines> {
    const plain = ['--no-color', '--no-ext-diff', '--no-textconv', '--no-renames', '--relative'];
    const prefixes = ['--src-prefix=a/', '--dst-prefix=b/'];
    const diff = await this.tell('diff', '--unified=0', ...plain, ...prefixes, commit, '--');
    return parseChanges(diff, wholeIn(await this.tell('diff', '--numstat', '-z', ...plain, commit, '--')));
  }

  async branchThere(branch: string): Promise<string | undefined> {
    const name = `refs/heads/${branch}`;
    const lines = (await this.ask('ls-remote', '--heads', 'origin', name))?.split('\n') ?? [];
    return lines.map((line) => line.split('\t')).find(([, found]) => found === name)?.[0];
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
}
