import { readdir, readFile, stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { codeOf } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';

/** What is in a folder, in order. Hidden files are none of ours. */
export interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
  /** Links, sockets and whatever else is neither. */
  readonly others: readonly string[];
}

/** A configuration is far smaller, and is held in memory: bytes. */
export const LARGEST_FILE = 4 * 1024 * 1024;

/** The workspace, as far as it is read; paths are relative to it. */
export interface Files {
  /** Undefined where there is no such folder. */
  list(folder: string): Promise<Listing | undefined>;
  /** Throws `not-found`, and `invalid-input` for what is too large or no text in UTF-8. */
  read(file: string): Promise<string>;
}

const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');

const readBytes = async (path: string, file: string): Promise<Buffer> => {
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE) {
      throw new DeliveryError('invalid-input', `has ${size} bytes, a configuration at most ${LARGEST_FILE}`);
    }
    return await readFile(path);
  } catch (cause) {
    if (cause instanceof DeliveryError) throw cause;
    throw new DeliveryError('not-found', `'${file}' cannot be read: ${textOf(cause)}`, { cause });
  }
};

/** The text of bytes in UTF-8, a byte order mark and all; undefined where they are none. */
export const decodeText = (bytes: Uint8Array): string | undefined => {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
};

// Bytes that are no UTF-8 must not be replaced without a word: something else would be deployed than what was written.
const textIn = (bytes: Buffer): string => {
  const text = decodeText(bytes);
  if (text !== undefined) return text;
  throw new DeliveryError('invalid-input', 'is no text in UTF-8: convert it');
};

/** The files below a workspace; absolute paths are taken as they are. */
export const filesIn = (workspace: string): Files => ({
  list: async (folder) => {
    try {
      const entries = (await readdir(resolve(workspace, folder), { withFileTypes: true }))
        .filter(({ name }) => !name.startsWith('.'))
        .sort((one, other) => (one.name < other.name ? -1 : 1));
      return {
        files: entries.filter((entry) => entry.isFile()).map(({ name }) => name),
        folders: entries.filter((entry) => entry.isDirectory()).map(({ name }) => name),
        others: entries.filter((entry) => !entry.isFile() && !entry.isDirectory()).map(({ name }) => name),
      };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  },
  read: async (file) => textIn(await readBytes(resolve(workspace, file), file)),
});

/** A path as annotations and git write it: relative to the workspace, with slashes. */
export const repositoryPath = (workspace: string, path: string): string =>
  relative(workspace, resolve(workspace, path)).split('\\').join('/');
