import { readdir, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { getPathInside, toPosixPath } from '@aws-delivery/action-kit/util/path';
import { type Artifact, createArchiveArtifact } from '@aws-delivery/artifact/artifact';
import { readFileEntry, readTree, type TreeEntry } from '@aws-delivery/artifact/tree';
import { matchesPath } from '@aws-delivery/findings/ignore/pattern';

/** Compiled code to pack. */
export interface BuildArtifactOptions {
  /** The input `build-artifacts`: paths, patterns, `auto` and `required`. */
  readonly paths: readonly string[];
  /** Directory under review, which paths are relative to. */
  readonly root: string;
  readonly workspace: string;
  readonly tempDirectory: string;
}

/** Output directories of Maven and Gradle, also below the directories of modules. */
const BUILD_DIRECTORIES = ['target/classes', 'build/libs', 'build/classes/java/main'];
const BUILD_PATTERNS = BUILD_DIRECTORIES.flatMap((path) => [path, `**/${path}`]);

const SKIPPED_DIRECTORIES: readonly string[] = ['.git', 'node_modules'];

/** Modules are rarely nested deeper. */
const MAX_DEPTH = 12;

/** Files and directories below a directory, relative to it, with forward slashes. */
const listPaths = async (root: string, prefix = '', depth = 0, found: string[] = []): Promise<readonly string[]> => {
  const children = await readdir(join(root, prefix), { withFileTypes: true }).catch(() => []);
  for (const child of children) {
    if (SKIPPED_DIRECTORIES.includes(child.name)) continue;
    const path = `${prefix}${child.name}`;
    if (child.isDirectory() || child.isFile()) found.push(path);
    if (child.isDirectory() && depth < MAX_DEPTH) await listPaths(root, `${path}/`, depth + 1, found);
  }
  return found;
};

const isBelow = (path: string, directories: ReadonlySet<string>): boolean => {
  for (let end = path.lastIndexOf('/'); end > 0; end = path.lastIndexOf('/', end - 1)) {
    if (directories.has(path.slice(0, end))) return true;
  }
  return false;
};

/** The paths that match, without those below a directory that matches. */
const selectMatches = (paths: readonly string[], patterns: readonly string[]): readonly string[] => {
  const matches = new Set(paths.filter((path) => patterns.some((pattern) => matchesPath(pattern, path))));
  return [...matches].filter((path) => !isBelow(path, matches)).sort();
};

/** A path or a pattern, relative to a directory. */
interface BuildPath {
  readonly directory: string;
  readonly path: string;
}

/** Makes a path of the input relative to the root, or an absolute one outside of the root to the workspace. */
const toBuildPath = (path: string, { root, workspace }: BuildArtifactOptions): BuildPath => {
  const normalized = toPosixPath(path).replace(/^\.\/|\/{1,64}$/gu, '');
  if (!isAbsolute(path)) return { directory: root, path: normalized };
  for (const directory of [root, workspace]) {
    const relativePath = getPathInside(directory, normalized);
    if (relativePath !== undefined) return { directory, path: relativePath };
  }
  const rule = `'${path}' must be in the workspace '${workspace}'`;
  throw new DeliveryError('invalid-input', `input 'build-artifacts': ${rule}`);
};

const readEntries = async ({ directory, path }: BuildPath): Promise<readonly TreeEntry[]> => {
  const absolutePath = join(directory, path);
  const status = await stat(absolutePath).catch((cause) => {
    const hint = 'Run the build before this step, or correct the path.';
    const message = `input 'build-artifacts': cannot read '${path}': ${errorMessage(cause)}. ${hint}`;
    throw new DeliveryError('not-found', message, { cause });
  });
  if (!status.isDirectory()) return [await readFileEntry(absolutePath, path)];
  return (await readTree(absolutePath)).map((entry) => ({ ...entry, name: `${path}/${entry.name}` }));
};

/** Expands a pattern; a path without wildcards is returned as it is. */
const expandPath = async (buildPath: BuildPath): Promise<readonly BuildPath[]> => {
  const { directory, path: pattern } = buildPath;
  if (!/[*?]/u.test(pattern)) return [buildPath];
  const matches = selectMatches(await listPaths(directory), [pattern]);
  if (matches.length > 0) return matches.map((path) => ({ directory, path }));
  const hint = 'run the build before this step, or correct the pattern';
  throw new DeliveryError('not-found', `input 'build-artifacts': no file matches '${pattern}': ${hint}`);
};

const findBuildDirectories = async (root: string): Promise<readonly BuildPath[]> =>
  selectMatches(await listPaths(root), BUILD_PATTERNS).map((path) => ({ directory: root, path }));

const resolvePaths = async (options: BuildArtifactOptions): Promise<readonly BuildPath[]> => {
  const named = options.paths.filter((path) => path !== 'auto' && path !== 'required');
  const isAuto = options.paths.includes('auto') || named.length === 0;
  const lists = await Promise.all(named.map((path) => expandPath(toBuildPath(path, options))));
  const found = [...lists.flat(), ...(isAuto ? await findBuildDirectories(options.root) : [])];
  return [...new Map(found.map((each) => [join(each.directory, each.path), each])).values()];
};

export interface BuildArtifactResult {
  /** Undefined if there is no compiled code. */
  readonly artifact: Artifact | undefined;
  /** Why analyses do not run, if that is unexpected. */
  readonly notice: string | undefined;
}

const SEARCHED = `searched ${BUILD_DIRECTORIES.join(', ')} in all modules`;

/**
 * Packs compiled code into one archive.
 * @throws DeliveryError `not-found` for a path without files, and if `required` finds none
 */
export const createBuildArtifact = async (options: BuildArtifactOptions): Promise<BuildArtifactResult> => {
  const { paths, root, tempDirectory } = options;
  if (paths.length === 0) return { artifact: undefined, notice: undefined };
  const lists = await Promise.all((await resolvePaths(options)).map(readEntries));
  const entries = lists.flat();
  if (entries.length > 0) {
    const artifact = await createArchiveArtifact(`build artifacts of '${root}'`, entries, { tempDirectory });
    return { artifact, notice: undefined };
  }
  if (paths.includes('required')) {
    const hint = 'run the build before this step, or name the directories';
    throw new DeliveryError('not-found', `input 'build-artifacts': no compiled code found (${SEARCHED}): ${hint}`);
  }
  const notice = `No compiled Java code found for 'build-artifacts' (${SEARCHED}): code quality analysis runs, security analysis does not`;
  return { artifact: undefined, notice };
};
