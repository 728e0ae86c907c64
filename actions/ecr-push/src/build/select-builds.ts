import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ListChangedFiles } from '@aws-delivery/action-kit/git/run-git';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { parseRepository } from '@aws-delivery/oci/image/reference';
import type { PushSpec } from '../push/push-spec.js';
import type { BuildOptions } from './build-options.js';

/** A subdirectory with a Dockerfile. */
export interface BuildDirectory {
  readonly name: string;
  readonly path: string;
}

/** The subdirectories of a build directory, selected by what changed. */
export interface BuildSelection {
  /** Built before the others; undefined when there is none. */
  readonly commonLayer: BuildDirectory | undefined;
  /** The directories to push; includes the common layer if it changed. */
  readonly selected: readonly BuildDirectory[];
  readonly unchanged: readonly BuildDirectory[];
}

/** Throws DeliveryError when the directory cannot be read, rather than skipping it. */
const hasDockerfile = async (directory: string, dockerfile: string): Promise<boolean> => {
  const path = join(directory, dockerfile);
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (hasErrorCode(error, 'ENOENT', 'ENOTDIR')) return false;
    throw toFileError(path, error);
  }
};

/** The subdirectories with a Dockerfile, sorted by name. Throws `not-found` when there are none. */
const listBuildDirectories = async (directory: string, dockerfile: string): Promise<readonly BuildDirectory[]> => {
  const names = await readdir(directory).catch((error: unknown) => {
    throw toFileError(directory, error);
  });
  const all = names.sort().map((name) => ({ name, path: join(directory, name) }));
  const hasDockerfiles = await Promise.all(all.map(({ path }) => hasDockerfile(path, dockerfile)));
  const directories = all.filter((_, index) => hasDockerfiles[index]);
  if (directories.length > 0) return directories;
  throw new DeliveryError(
    'not-found',
    `'${directory}' has no subdirectory with a ${dockerfile}: correct 'build-directory' or 'dockerfile'`,
  );
};

const findCommonLayer = (
  { commonLayer, directory }: BuildOptions,
  directories: readonly BuildDirectory[],
): BuildDirectory | undefined => {
  const found = directories.find(({ name }) => name === commonLayer.directory);
  if (found !== undefined || !commonLayer.isExplicit) return found;
  const message = `input 'common-layer': '${directory}' has no subdirectory '${commonLayer.directory}' with a Dockerfile`;
  throw new DeliveryError('not-found', `${message}: use one of ${directories.map(({ name }) => name).join(', ')}`);
};

/**
 * The changed directories; all of them without `changed-since`, and when the common layer changed, since the others are
 * built from it.
 */
const filterChanged = (
  directories: readonly BuildDirectory[],
  commonLayer: BuildDirectory | undefined,
  changed: readonly string[] | undefined,
): readonly BuildDirectory[] => {
  if (changed === undefined) return directories;
  const hasChanged = ({ name }: BuildDirectory): boolean =>
    // git lists a submodule or a symbolic link as a file.
    changed.some((file) => file === name || file.startsWith(`${name}/`));
  return commonLayer !== undefined && hasChanged(commonLayer) ? directories : directories.filter(hasChanged);
};

/**
 * Selects the directories to build. `changedFiles` returns a lister of changed files for a directory. Throws
 * DeliveryError.
 */
export const selectBuilds = async (
  build: BuildOptions,
  directory: string,
  changedFiles: (path: string) => ListChangedFiles,
): Promise<BuildSelection> => {
  const directories = await listBuildDirectories(directory, build.dockerfile);
  const commonLayer = findCommonLayer(build, directories);
  const { changedSince } = build;
  const changed = changedSince === undefined ? undefined : await changedFiles(directory)(changedSince);
  const selected = filterChanged(directories, commonLayer, changed);
  return { commonLayer, selected, unchanged: directories.filter((each) => !selected.includes(each)) };
};

/**
 * The push of a build directory: its repository's name is the prefix followed by the directory's name. Throws
 * `invalid-input`.
 */
export const toPushSpec = ({ directory, prefix, tags }: BuildOptions, { name }: BuildDirectory): PushSpec => ({
  source: { kind: 'build-directory', directory: name, label: `${directory}/${name}` },
  repository: parseRepository(`${prefix}${name}`),
  tags,
  referrers: [],
});
