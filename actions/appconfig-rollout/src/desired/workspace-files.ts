import { readdir, readFile, stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { getErrorCode } from '@aws-delivery/action-kit/util/error-code';

/** What is in a folder, in order. Hidden files are none of ours. */
export interface Listing {
  readonly files: readonly string[];
  readonly directories: readonly string[];
  /** Links, sockets and whatever else is neither. */
  readonly others: readonly string[];
}

/** A configuration is far smaller, and is held in memory: bytes. */
export const MAX_FILE_BYTES = 4 * 1024 * 1024;

/** The workspace, as far as it is read; paths are relative to it. */
export interface WorkspaceFiles {
  /** Undefined where there is no such folder. */
  list(directory: string): Promise<Listing | undefined>;
  /** Throws `not-found`, and `invalid-input` for what is too large or no text in UTF-8. */
  read(file: string): Promise<string>;
}

const isMissing = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(getErrorCode(error) ?? '');

const readBytes = async (path: string, file: string): Promise<Buffer> => {
  try {
    const { size } = await stat(path);
    if (size > MAX_FILE_BYTES) {
      throw new DeliveryError('invalid-input', `has ${size} bytes, a configuration at most ${MAX_FILE_BYTES}`);
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof DeliveryError) throw cause;
    throw new DeliveryError('not-found', `'${file}' cannot be read: ${errorMessage(cause)}`, { cause });
  }
};

/** The text of bytes in UTF-8, a byte order mark and all; undefined where they are none. */
export const decodeUtf8 = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

// Bytes that are no UTF-8 must not be replaced without a word: something else would be deployed than what was written.
const decodeContent = (bytes: Buffer): string => {
  const text = decodeUtf8(bytes);
  if (text !== undefined) return text;
  throw new DeliveryError('invalid-input', 'is no text in UTF-8: convert it');
};

/** The files below a workspace; absolute paths are taken as they are. */
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
  read: async (file) => decodeContent(await readBytes(resolve(workspaceDirectory, file), file)),
});

/** A path as annotations and git write it: relative to the workspace, with slashes. */
export const toRepositoryPath = (workspaceDirectory: string, path: string): string =>
  relative(workspaceDirectory, resolve(workspaceDirectory, path)).split('\\').join('/');
