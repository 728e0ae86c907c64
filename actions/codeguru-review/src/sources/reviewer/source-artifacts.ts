import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Repository } from '@aws-delivery/action-kit/git/repository';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { type Artifact, createArchiveArtifact } from '@aws-delivery/artifact/artifact';
import { ARCHIVE_LIMITS, readFileEntry, readTree, type TreeEntry } from '@aws-delivery/artifact/tree';

/** What is to be packed. Paths are relative to the root. */
export interface SourceArtifactOptions {
  readonly root: string;
  /** Everything that git tracks where empty. */
  readonly sourcePaths: readonly string[];
  /** Whether the history goes along, which a review of changes needs. */
  readonly history: 'with' | 'without';
  readonly repository: Repository;
  /** A private folder for what is made on the way; it has to stay until the artifact has been sent. */
  readonly temporary: string;
}

const normalizePath = (path: string): string => path.replaceAll('\\', '/').replace(/^\.\/|\/+$/gu, '');

const isUnder = (name: string, path: string): boolean =>
  path === '' || path === '.' || name === path || name.startsWith(`${path}/`);

/** All folders above files, so that others are not even read. */
const listParentDirectories = (files: Iterable<string>): ReadonlySet<string> => {
  const directories = new Set<string>();
  for (const file of files) {
    for (let end = file.indexOf('/'); end !== -1; end = file.indexOf('/', end + 1)) directories.add(file.slice(0, end));
  }
  return directories;
};

const selectFiles = async ({ sourcePaths, repository }: SourceArtifactOptions): Promise<ReadonlySet<string>> => {
  const paths = sourcePaths.map(normalizePath);
  const tracked = (await repository.listTracked('directory')).map(({ path }) => path);
  const unmatchedPath = paths.find((path) => !tracked.some((name) => isUnder(name, path)));
  if (unmatchedPath !== undefined) {
    throw new DeliveryError(
      'not-found',
      `input 'source-paths': git tracks nothing under '${unmatchedPath}': correct the path`,
    );
  }
  return new Set(paths.length === 0 ? tracked : tracked.filter((name) => paths.some((path) => isUnder(name, path))));
};

/** The history in a copy of its own: the checkout's settings hold the job's token. */
const readHistoryEntries = async ({ repository, temporary }: SourceArtifactOptions): Promise<readonly TreeEntry[]> => {
  const directory = join(temporary, 'history');
  await repository.copyHistory(directory);
  return (await readTree(directory)).map((entry) => ({ ...entry, name: `.git/${entry.name}` }));
};

const checkArchiveLimits = (entries: readonly TreeEntry[], root: string): readonly TreeEntry[] => {
  if (entries.length <= ARCHIVE_LIMITS.files) return entries;
  const message = `'${root}' with its history holds more than ${ARCHIVE_LIMITS.files} files: review less with 'source-paths'`;
  throw new DeliveryError('rejected', message);
};

/**
 * The source code as one archive: what git tracks, links only where they stay inside.
 * @throws DeliveryError `refused` for a link that leads out, or for more than an archive holds
 */
export const createSourceArtifact = async (source: SourceArtifactOptions): Promise<Artifact> => {
  const { root, history, temporary } = source;
  const files = await selectFiles(source);
  const directories = listParentDirectories(files);
  const tree = await readTree(root, { skip: (name) => !files.has(name) && !directories.has(name) });
  const historyEntries = history === 'with' ? await readHistoryEntries(source) : [];
  return createArchiveArtifact(`source code of '${root}'`, checkArchiveLimits([...historyEntries, ...tree], root), {
    tempDirectory: temporary,
  });
};

/** Where Maven and Gradle put what they compile. */
const BUILD_DIRECTORIES = ['target/classes', 'build/libs', 'build/classes/java/main'];

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const resolveBuildPaths = async (paths: readonly string[], root: string): Promise<readonly string[]> => {
  if (!paths.includes('auto')) return paths.map(normalizePath);
  const existing = await Promise.all(BUILD_DIRECTORIES.map((path) => exists(join(root, path))));
  return [
    ...paths.filter((path) => path !== 'auto').map(normalizePath),
    ...BUILD_DIRECTORIES.filter((_, index) => existing[index]),
  ];
};

const readEntries = async (path: string, root: string): Promise<readonly TreeEntry[]> => {
  const absolutePath = join(root, path);
  const status = await stat(absolutePath).catch((cause) => {
    const hint = 'build before this step, or correct the path';
    throw new DeliveryError(
      'not-found',
      `input 'build-artifacts': '${path}' cannot be read: ${errorMessage(cause)}; ${hint}`,
      {
        cause,
      },
    );
  });
  if (!status.isDirectory()) return [await readFileEntry(absolutePath, path)];
  return (await readTree(absolutePath)).map((entry) => ({ ...entry, name: `${path}/${entry.name}` }));
};

/** Compiled code as one archive; undefined where there is none to send. */
export const createBuildArtifact = async (
  paths: readonly string[],
  root: string,
  temporary: string,
): Promise<Artifact | undefined> => {
  const lists = await Promise.all((await resolveBuildPaths(paths, root)).map((path) => readEntries(path, root)));
  const entries = lists.flat();
  return entries.length === 0
    ? undefined
    : createArchiveArtifact(`build artifacts of '${root}'`, entries, { tempDirectory: temporary });
};
