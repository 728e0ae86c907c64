import { DeliveryError } from '@aws-delivery/action-kit/error';
import { type GitOptions, gitIn, type Git as Program } from '@aws-delivery/action-kit/git';
import { type ChangedLines, parseChanges } from './diff.js';

/** Commits are named by their hashes or by revisions; nothing that git would take for an option. */
const REVISION = /^[A-Za-z0-9_][\w./^~@{}-]*$/u;

export const isRevision = (text: string): boolean => REVISION.test(text) && !text.includes('..');

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
}
