import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { getErrorCode } from '@aws-delivery/action-kit/util/error-code';

/** The entries of a directory, sorted, without hidden ones. */
export interface Listing {
  readonly files: readonly string[];
  readonly directories: readonly string[];
  /** Symbolic links, sockets and other special files. */
  readonly others: readonly string[];
}

/** Files are read into memory; AppConfig's own limit is lower. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** Access to the files of the workspace; paths are relative to it or absolute. */
export interface WorkspaceFiles {
  /** Undefined for a directory that does not exist. */
  list(directory: string): Promise<Listing | undefined>;
  /** Throws `not-found`, and `invalid-input` for a file that is too large or not UTF-8. */
  read(file: string): Promise<string>;
  /** Creates missing parent directories. */
  write(file: string, text: string): Promise<void>;
  remove(file: string): Promise<void>;
}

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(getErrorCode(error) ?? '');

const readBytes = async (path: string, file: string): Promise<Buffer> => {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) {
      throw new DeliveryError(
        'invalid-input',
        `has ${size} bytes, more than the limit of ${MAX_FILE_BYTES}: reduce its size`,
      );
    }
    return await readRegularFile(path);
  } catch (cause) {
    if (cause instanceof DeliveryError) throw cause;
    throw new DeliveryError('not-found', `cannot read '${file}': ${errorMessage(cause)}`, { cause });
  }
};

/** Decodes UTF-8 and keeps a byte order mark; undefined for invalid bytes. */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

// Replacement characters would deploy content that differs from the file.
const decodeContent = (bytes: Buffer): string => {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  throw new DeliveryError('invalid-input', 'is not UTF-8 text: convert it');
};

export const createWorkspaceFiles = (workspaceDirectory: string): WorkspaceFiles => ({
  list: async (directory) => {
    try {
      const entries = (await readdir(resolve(workspaceDirectory, directory), { withFileTypes: true }))
        .filter(({ name }) => !name.startsWith('.'))
        .sort((a, b) => (a.name < b.name ? -1 : 1));
      return {
        files: entries.filter((entry) => entry.isFile()).map(({ name }) => name),
        directories: entries.filter((entry) => entry.isDirectory()).map(({ name }) => name),
        others: entries.filter((entry) => !entry.isFile() && !entry.isDirectory()).map(({ name }) => name),
      };
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw error;
    }
  },
  write: async (file, text) => {
    const path = resolve(workspaceDirectory, file);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
  },
  remove: (file) => rm(resolve(workspaceDirectory, file)),
  read: async (file) => decodeContent(await readBytes(resolve(workspaceDirectory, file), file)),
});

/** A path relative to the workspace, with slashes, as annotations and git write it. */
export const toRepositoryPath = (workspaceDirectory: string, path: string): string =>
  relative(workspaceDirectory, resolve(workspaceDirectory, path)).split('\\').join('/');
