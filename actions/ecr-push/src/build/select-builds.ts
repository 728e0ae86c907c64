import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListChangedFiles } from '@aws-delivery/action-kit/git/run-git';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { parseRepository } from '@aws-delivery/oci/image/reference';
import type { PushSpec } from '../push/push-spec.js';
import type { BuildOptions } from './build-options.js';

/** One subfolder that is an image. */
export interface BuildDirectory {
  readonly name: string;
  readonly path: string;
}

/** What is built for whom. */
export interface BuildSelection {
  /** Goes before everything else; undefined where there is none. */
  readonly commonLayer: BuildDirectory | undefined;
  /** What is pushed, the common layer among it where that changed. */
  readonly selected: readonly BuildDirectory[];
  /** Subfolders that have not changed. */
  readonly unchanged: readonly BuildDirectory[];
}

/** Whether a folder has a Dockerfile; what cannot be looked into is no folder without one. */
const hasDockerfile = async (directory: string): Promise<boolean> => {
  const path = join(directory, 'Dockerfile');
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw toFileError(path, error);
  }
};

/** The subfolders with a Dockerfile, in the order of their names. Throws `not-found` where there is none. */
const listBuildDirectories = async (directory: string): Promise<readonly BuildDirectory[]> => {
  const names = await readdir(directory).catch((error: unknown) => {
    throw toFileError(directory, error);
  });
  const all = names.sort().map((name) => ({ name, path: join(directory, name) }));
  const hasDockerfiles = await Promise.all(all.map(({ path }) => hasDockerfile(path)));
  const directories = all.filter((_, index) => hasDockerfiles[index]);
  if (directories.length > 0) return directories;
  throw new DeliveryError('not-found', `'${directory}' has no subfolder with a Dockerfile: correct build-directory`);
};

const findCommonLayer = (
  { commonLayer, directory }: BuildOptions,
  directories: readonly BuildDirectory[],
): BuildDirectory | undefined => {
  const found = directories.find(({ name }) => name === commonLayer.directory);
  if (found !== undefined || !commonLayer.isExplicit) return found;
  const message = `input 'common-layer': '${directory}' has no subfolder '${commonLayer.directory}' with a Dockerfile`;
  throw new DeliveryError('not-found', `${message}: there are ${directories.map(({ name }) => name).join(', ')}`);
};

/** Everything where nobody can or does ask what changed, or the common layer did: the others begin from it. */
const filterChanged = (
  directories: readonly BuildDirectory[],
  commonLayer: BuildDirectory | undefined,
  changed: readonly string[] | undefined,
): readonly BuildDirectory[] => {
  if (changed === undefined) return directories;
  const hasChanged = ({ name }: BuildDirectory): boolean =>
    // A submodule or a link is a file to git.
    changed.some((file) => file === name || file.startsWith(`${name}/`));
  return commonLayer !== undefined && hasChanged(commonLayer) ? directories : directories.filter(hasChanged);
};

/** Decides which folders are built. `changedFiles` answers for a folder. Throws DeliveryError. */
export const selectBuilds = async (
  build: BuildOptions,
  directory: string,
  changedFiles: (path: string) => ListChangedFiles,
): Promise<BuildSelection> => {
  const directories = await listBuildDirectories(directory);
  const commonLayer = findCommonLayer(build, directories);
  const { changedSince } = build;
  const changed = changedSince === undefined ? undefined : await changedFiles(directory)(changedSince);
  const selected = filterChanged(directories, commonLayer, changed);
  return { commonLayer, selected, unchanged: directories.filter((each) => !selected.includes(each)) };
};

/** The order that a folder is: its repository has the prefix and its name. Throws `invalid-input`. */
export const toPushSpec = ({ directory, prefix, tags }: BuildOptions, { name }: BuildDirectory): PushSpec => ({
  source: { kind: 'build-directory', directory: name, label: `${directory}/${name}` },
  repository: parseRepository(`${prefix}${name}`),
  tags,
  referrers: [],
});
