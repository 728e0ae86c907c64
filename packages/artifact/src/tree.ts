import type { Dirent } from 'node:fs';
import { constants } from 'node:fs';
import { lstat, readdir, readlink, realpath, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getErrorPath, toFileError } from '@aws-delivery/action-kit/util/file-error';

export interface FileEntry {
  readonly kind: 'file';
  /** Path in the archive, with forward slashes. */
  readonly name: string;
  /** Path in the file system. */
  readonly path: string;
  readonly executable: boolean;
  /** Bytes when the directory was read. */
  readonly size: number;
}

export interface LinkEntry {
  readonly kind: 'link';
  readonly name: string;
  /** Relative to the directory of the link. */
  readonly target: string;
}

/** An entry of an archive. Directories are implied by the names of their content. */
export type TreeEntry = FileEntry | LinkEntry;

/** Limits for an archive. */
export interface ArchiveLimits {
  readonly files: number;
  /** Sum of the sizes of all files. */
  readonly bytes: number;
}

/** Limits of the zip format without ZIP64, assuming incompressible content. */
export const ARCHIVE_LIMITS: ArchiveLimits = { files: 65_535, bytes: 4_000_000_000 };

export interface TreeOptions {
  readonly limits?: ArchiveLimits;
  /** Excludes files and directories by their name in the archive; `.git` is always excluded. */
  readonly skip?: (name: string) => boolean;
  /**
   * Directory in which links that leave the tree are followed: what they point to is packed in their place, as for
   * npm's `file:` dependencies. Without it, such links are rejected.
   */
  readonly followInside?: string | undefined;
  /** With `followInside`, links inside the tree are followed as well, so that the archive has no links. */
  readonly followAll?: boolean;
}

const EXECUTE = constants.S_IXUSR | constants.S_IXGRP | constants.S_IXOTH;

const isInside = (root: string, path: string): boolean => {
  const relativePath = relative(root, path);
  return relativePath !== '..' && !relativePath.startsWith(`..${sep}`) && !isAbsolute(relativePath);
};

/** Whether every step of a link's target stays inside the directory. `../dir/file` breaks once unpacked elsewhere. */
const isLinkInside = (name: string, target: string): boolean => {
  if (isAbsolute(target)) return false;
  let depth = name.split('/').length - 1;
  for (const step of target.split(sep)) {
    if (step === '..') depth -= 1;
    else if (step !== '' && step !== '.') depth += 1;
    if (depth < 0) return false;
  }
  return true;
};

/** Walks a directory and enforces the limits on the way, so that a wrong path fails early. */
class TreeWalker {
  readonly entries: TreeEntry[] = [];
  private bytes = 0;

  constructor(
    private readonly root: string,
    private readonly limits: ArchiveLimits,
    private readonly skip: (name: string) => boolean,
    private readonly followInside: string | undefined,
    private readonly followAll: boolean,
  ) {}

  /** @param followed real paths of the links that lead here, outermost first; empty inside the tree itself */
  async walkDirectory(path: string, prefix: string, followed: readonly string[] = []): Promise<void> {
    for (const child of await readdir(path, { withFileTypes: true })) {
      const name = `${prefix}${child.name}`;
      if (child.name !== '.git' && !this.skip(name))
        await this.visitChild(child, join(path, child.name), name, followed);
    }
  }

  private async visitChild(child: Dirent, path: string, name: string, followed: readonly string[]): Promise<void> {
    if (child.isDirectory()) await this.walkDirectory(path, `${name}/`, followed);
    else if (child.isSymbolicLink()) await this.visitLink(path, name, followed);
    else this.addEntry(await this.readFile(path, name));
  }

  private async visitLink(path: string, name: string, followed: readonly string[]): Promise<void> {
    const target = await readlink(path);
    const resolved = await realpath(path).catch(() => undefined);
    if (resolved === undefined) throw this.createLinkError(path, target, 'has no target');
    // Behind a followed link, the target in the archive is another one than in the file system.
    if (!this.followAll && followed.length === 0 && isLinkInside(name, target) && isInside(this.root, resolved)) {
      this.addEntry({ kind: 'link', name, target: target.replaceAll(sep, '/') });
      return;
    }
    const { followInside } = this;
    if (followInside === undefined || !isInside(followInside, resolved)) {
      const place = followInside === undefined ? 'directory' : 'workspace';
      throw this.createLinkError(path, target, `points outside of the ${place}`);
    }
    const isCycle = [this.root, ...followed].some((directory) => isInside(resolved, directory));
    if (isCycle) throw this.createLinkError(path, target, 'leads back to a directory that contains it');
    if ((await stat(resolved)).isDirectory()) await this.walkDirectory(resolved, `${name}/`, [...followed, resolved]);
    else this.addEntry(await this.readFile(resolved, name));
  }

  private async readFile(path: string, name: string): Promise<FileEntry> {
    const status = await lstat(path);
    if (!status.isFile()) {
      throw new DeliveryError(
        'rejected',
        `'${path}' is not a file, directory or symbolic link: remove it, or exclude it from the archive`,
      );
    }
    return { kind: 'file', name, path, executable: (status.mode & EXECUTE) !== 0, size: status.size };
  }

  private createLinkError(path: string, target: string, reason: string): DeliveryError {
    return new DeliveryError(
      'rejected',
      `the symbolic link '${path}' to '${target}' ${reason}: replace it with a file or with a relative link inside '${this.root}'`,
    );
  }

  private addEntry(entry: TreeEntry): void {
    this.entries.push(entry);
    this.bytes += entry.kind === 'file' ? entry.size : 0;
    const { files, bytes } = this.limits;
    if (this.entries.length <= files && this.bytes <= bytes) return;
    const limit = this.entries.length > files ? `${files} files` : `${bytes} bytes`;
    throw new DeliveryError(
      'rejected',
      `'${this.root}' contains more than ${limit}: correct the path, or exclude files`,
    );
  }
}

const compareByName = (left: TreeEntry, right: TreeEntry): number => (left.name < right.name ? -1 : 1);

/**
 * The files and links in a directory, sorted by code units of their names. Symbolic links are preserved and must be
 * relative and end inside the directory, or inside `followInside`.
 * @throws DeliveryError `not-found`, `denied`, or `rejected` (a link that leads out, a device, a limit)
 */
export const readTree = async (directory: string, options: TreeOptions = {}): Promise<readonly TreeEntry[]> => {
  try {
    const root = await realpath(directory);
    const { limits = ARCHIVE_LIMITS, skip = () => false, followAll = false } = options;
    const followInside = options.followInside === undefined ? undefined : await realpath(options.followInside);
    const walker = new TreeWalker(root, limits, skip, followInside, followAll);
    await walker.walkDirectory(root, '');
    return walker.entries.sort(compareByName);
  } catch (error) {
    throw toFileError(getErrorPath(error) ?? directory, error);
  }
};

/**
 * A single file as the only entry of an archive.
 * @throws DeliveryError `not-found`, `denied`, or `invalid-input` for anything but a file
 */
export const readFileEntry = async (path: string, name: string): Promise<FileEntry> => {
  try {
    const status = await stat(path);
    if (!status.isFile()) throw new DeliveryError('invalid-input', `'${path}' is not a file: specify a file`);
    return { kind: 'file', name, path, executable: (status.mode & EXECUTE) !== 0, size: status.size };
  } catch (error) {
    throw toFileError(path, error);
  }
};
