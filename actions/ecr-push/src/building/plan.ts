import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { isCode } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { ChangedFiles } from '@aws-delivery/action-kit/git';
import { fileError } from '@aws-delivery/artifact/file-error';
import { parseRepository } from '../oci/reference.js';
import type { Order } from '../request.js';
import type { BuildWish } from './wish.js';

/** One subfolder that is an image. */
export interface Folder {
  readonly name: string;
  readonly path: string;
}

/** What is built for whom. */
export interface Plan {
  /** Goes before everything else; undefined where there is none. */
  readonly common: Folder | undefined;
  /** What is pushed, the common layer among it where that changed. */
  readonly chosen: readonly Folder[];
  /** Subfolders that have not changed. */
  readonly unchanged: readonly Folder[];
}

/** Whether a folder has a Dockerfile; what cannot be looked into is no folder without one. */
const isImage = async (folder: string): Promise<boolean> => {
  const path = join(folder, 'Dockerfile');
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (isCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw fileError(path, error);
  }
};

/** The subfolders with a Dockerfile, in the order of their names. Throws `not-found` where there is none. */
const imagesIn = async (directory: string): Promise<readonly Folder[]> => {
  const names = await readdir(directory).catch((error: unknown) => {
    throw fileError(directory, error);
  });
  const all = names.sort().map((name) => ({ name, path: join(directory, name) }));
  const areImages = await Promise.all(all.map(({ path }) => isImage(path)));
  const folders = all.filter((_, index) => areImages[index]);
  if (folders.length > 0) return folders;
  throw new DeliveryError('not-found', `'${directory}' has no subfolder with a Dockerfile: correct build-directory`);
};

const commonOf = ({ common, directory }: BuildWish, folders: readonly Folder[]): Folder | undefined => {
  const found = folders.find(({ name }) => name === common.folder);
  if (found !== undefined || !common.isNamed) return found;
  const text = `input 'common-layer': '${directory}' has no subfolder '${common.folder}' with a Dockerfile`;
  throw new DeliveryError('not-found', `${text}: there are ${folders.map(({ name }) => name).join(', ')}`);
};

/** Everything where nobody can or does ask what changed, or the common layer did: the others begin from it. */
const chosenOf = (
  folders: readonly Folder[],
  common: Folder | undefined,
  changed: readonly string[] | undefined,
): readonly Folder[] => {
  if (changed === undefined) return folders;
  const hasChanged = ({ name }: Folder): boolean =>
    // A submodule or a link is a file to git.
    changed.some((file) => file === name || file.startsWith(`${name}/`));
  return common !== undefined && hasChanged(common) ? folders : folders.filter(hasChanged);
};

/** Decides which folders are built. `changedFiles` answers for a folder. Throws DeliveryError. */
export const planOf = async (
  wish: BuildWish,
  directory: string,
  changedFiles: (folder: string) => ChangedFiles,
): Promise<Plan> => {
  const folders = await imagesIn(directory);
  const common = commonOf(wish, folders);
  const { changedSince } = wish;
  const changed = changedSince === undefined ? undefined : await changedFiles(directory)(changedSince);
  const chosen = chosenOf(folders, common, changed);
  return { common, chosen, unchanged: folders.filter((folder) => !chosen.includes(folder)) };
};

/** The order that a folder is: its repository has the prefix and its name. Throws `invalid-input`. */
export const orderOf = ({ directory, prefix, tags }: BuildWish, { name }: Folder): Order => ({
  source: { kind: 'folder', folder: name, text: `${directory}/${name}` },
  repository: parseRepository(`${prefix}${name}`),
  tags,
  referrers: [],
});
