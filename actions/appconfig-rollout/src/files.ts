import { readdir, readFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { codeOf } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';

/** What is in a folder, in order. Hidden files are none of ours. */
export interface Listing {
  readonly files: readonly string[];
  readonly folders: readonly string[];
}

/** The workspace, as far as it is read; paths are relative to it. */
export interface Files {
  /** Undefined where there is no such folder. */
  list(folder: string): Promise<Listing | undefined>;
  /** Throws `not-found`. */
  read(file: string): Promise<string>;
}

const isAbsent = (error: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '');

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
      };
    } catch (error) {
      if (isAbsent(error)) return undefined;
      throw error;
    }
  },
  read: async (file) => {
    try {
      return await readFile(resolve(workspace, file), 'utf8');
    } catch (cause) {
      throw new DeliveryError('not-found', `'${file}' cannot be read: ${textOf(cause)}`, { cause });
    }
  },
});

/** A path as annotations and git write it: relative to the workspace, with slashes. */
export const repositoryPath = (workspace: string, path: string): string =>
  relative(workspace, resolve(workspace, path)).split('\\').join('/');
