import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { type Artifact, archive } from '@aws-delivery/artifact/artifact';
import { ARCHIVE_LIMITS, fileEntry, readTree, type TreeEntry } from '@aws-delivery/artifact/tree';
import type { Repository } from '@aws-delivery/findings/git';

/** What is to be packed. Paths are relative to the root. */
export interface SourceCode {
  readonly root: string;
  /** Everything that git tracks where empty. */
  readonly sourcePaths: readonly string[];
  /** Whether the history goes along, which a review of changes needs. */
  readonly history: 'with' | 'without';
  readonly repository: Repository;
  /** A private folder for what is made on the way; it has to stay until the artifact has been sent. */
  readonly temporary: string;
}

const clean = (path: string): string => path.replaceAll('\\', '/').replace(/^\.\/|\/+$/gu, '');

const isUnder = (name: string, path: string): boolean =>
  path === '' || path === '.' || name === path || name.startsWith(`${path}/`);

/** All folders above files, so that others are not even read. */
const foldersOf = (files: Iterable<string>): ReadonlySet<string> => {
  const folders = new Set<string>();
  for (const file of files) {
    for (let end = file.indexOf('/'); end !== -1; end = file.indexOf('/', end + 1)) folders.add(file.slice(0, end));
  }
  return folders;
};

const chosenFiles = async ({ sourcePaths, repository }: SourceCode): Promise<ReadonlySet<string>> => {
  const paths = sourcePaths.map(clean);
  const tracked = (await repository.tracked('folder')).map(({ path }) => path);
  const useless = paths.find((path) => !tracked.some((name) => isUnder(name, path)));
  if (useless !== undefined) {
    throw new DeliveryError(
      'not-found',
      `input 'source-paths': git tracks nothing under '${useless}': correct the path`,
    );
  }
  return new Set(paths.length === 0 ? tracked : tracked.filter((name) => paths.some((path) => isUnder(name, path))));
};

/** The history in a copy of its own: the checkout's settings hold the job's token. */
const historyEntries = async ({ repository, temporary }: SourceCode): Promise<readonly TreeEntry[]> => {
  const folder = join(temporary, 'history');
  await repository.copyHistory(folder);
  return (await readTree(folder)).map((entry) => ({ ...entry, name: `.git/${entry.name}` }));
};

const withinLimits = (entries: readonly TreeEntry[], root: string): readonly TreeEntry[] => {
  if (entries.length <= ARCHIVE_LIMITS.files) return entries;
  const text = `'${root}' with its history holds more than ${ARCHIVE_LIMITS.files} files: review less with 'source-paths'`;
  throw new DeliveryError('refused', text);
};

/**
 * The source code as one archive: what git tracks, links only where they stay inside.
 * @throws DeliveryError `refused` for a link that leads out, or for more than an archive holds
 */
export const sourceArtifact = async (source: SourceCode): Promise<Artifact> => {
  const { root, history, temporary } = source;
  const files = await chosenFiles(source);
  const folders = foldersOf(files);
  const tree = await readTree(root, { skip: (name) => !files.has(name) && !folders.has(name) });
  const past = history === 'with' ? await historyEntries(source) : [];
  return archive(`source code of '${root}'`, withinLimits([...past, ...tree], root), { temporary });
};

/** Where Maven and Gradle put what they compile. */
const BUILT = ['target/classes', 'build/libs', 'build/classes/java/main'];

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const builtPaths = async (paths: readonly string[], root: string): Promise<readonly string[]> => {
  if (!paths.includes('auto')) return paths.map(clean);
  const there = await Promise.all(BUILT.map((path) => isThere(join(root, path))));
  return [...paths.filter((path) => path !== 'auto').map(clean), ...BUILT.filter((_, index) => there[index])];
};

const entriesOf = async (path: string, root: string): Promise<readonly TreeEntry[]> => {
  const whole = join(root, path);
  const status = await stat(whole).catch((cause) => {
    const remedy = 'build before this step, or correct the path';
    throw new DeliveryError(
      'not-found',
      `input 'build-artifacts': '${path}' cannot be read: ${textOf(cause)}; ${remedy}`,
      {
        cause,
      },
    );
  });
  if (!status.isDirectory()) return [await fileEntry(whole, path)];
  return (await readTree(whole)).map((entry) => ({ ...entry, name: `${path}/${entry.name}` }));
};

/** Compiled code as one archive; undefined where there is none to send. */
export const buildArtifact = async (
  paths: readonly string[],
  root: string,
  temporary: string,
): Promise<Artifact | undefined> => {
  const lists = await Promise.all((await builtPaths(paths, root)).map((path) => entriesOf(path, root)));
  const entries = lists.flat();
  return entries.length === 0 ? undefined : archive(`build artifacts of '${root}'`, entries, { temporary });
};
