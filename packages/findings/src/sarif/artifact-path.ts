import { isAbsolute, posix, win32 } from 'node:path';
import type { SarifArtifactLocation, SarifRun } from './schema.js';

/** Directories of a checkout that paths in SARIF files may refer to. All are absolute. */
export interface CheckoutPaths {
  /** Top of the checkout. Resolved paths are relative to it. */
  readonly top: string;
  /** Directory under review: the top, or a directory below it. */
  readonly root: string;
  /** Workspace of the job, which container actions see as `/github/workspace`. */
  readonly workspace: string;
  /** Other absolute names of the workspace, such as one through a symbolic link. */
  readonly workspaceAliases?: readonly string[];
  /** Whether the checkout has a file, by its path relative to the top. */
  readonly exists: (file: string) => boolean;
}

/** Path of a result's artifact: inside the checkout, outside of it, or none. */
export type ArtifactPath =
  | { readonly kind: 'inside'; readonly file: string }
  | { readonly kind: 'outside'; readonly path: string }
  | { readonly kind: 'none' };

const decodeUri = (uri: string): string => {
  try {
    return decodeURIComponent(uri);
  } catch {
    // Scanners that do not encode URIs write a bare percent sign.
    return uri;
  }
};

/** The path of a `file:` URI or of a relative one; undefined for other schemes. */
const parseUriPath = (uri: string): string | undefined => {
  const [, scheme, schemeless = uri] = /^([a-z][a-z0-9+.-]+):(.*)$/isu.exec(uri) ?? [];
  if (scheme !== undefined && scheme.toLowerCase() !== 'file') return undefined;
  const path = decodeUri(scheme === undefined ? uri : schemeless.replace(/^\/\/(?:localhost(?=\/))?/u, ''));
  return path.replaceAll('\\', '/').replace(/^\/(?=[a-z]:\/)/iu, '');
};

/** Whether a path is absolute on any operating system. */
export const isAbsolutePath = (path: string): boolean => isAbsolute(path) || win32.isAbsolute(path);

/** An absolute path with slashes. Windows ignores the case of drives, and tools write either. */
const normalize = (path: string): string =>
  posix.resolve('/', path.replaceAll('\\', '/')).replace(/^\/[a-z]:(?=\/|$)/u, (drive) => drive.toUpperCase());

/** The path relative to a directory; undefined for one that is not below it. */
const getPathBelow = (directory: string, path: string): string | undefined => {
  const relativePath = posix.relative(directory, path);
  return relativePath === '' || relativePath === '..' || relativePath.startsWith('../') ? undefined : relativePath;
};

// Bases may refer to other bases. The limit of four levels also ends circular references.
const resolveBase = (name: string | undefined, bases: SarifRun['originalUriBaseIds'], depth = 4): string => {
  const base = name === undefined || depth === 0 ? undefined : bases?.[name];
  if (base?.uri === undefined) return '';
  const path = parseUriPath(base.uri) ?? '';
  return isAbsolutePath(path) ? path : posix.join(resolveBase(base.uriBaseId, bases, depth - 1), path);
};

/** Where GitHub mounts the workspace in container actions. */
const CONTAINER_WORKSPACE = '/github/workspace';

/**
 * Resolves the paths of a run against the top of the checkout. Absolute paths may be those of a container or another
 * machine: they are resolved against the bases and working directories that the run states. Relative paths are relative
 * to the scanner's directory, which is the first of these that has the file: the working directory that the run states,
 * the directory under review, the workspace, the top.
 */
export class RunPaths {
  private readonly top: string;
  private readonly directories: readonly string[];
  /** Directories outside of the checkout that stand for one inside of it. */
  private readonly foreignDirectories: readonly string[];
  /** Thousands of results may be in one file. */
  private readonly resolved = new Map<string, ArtifactPath>();

  constructor(
    private readonly run: SarifRun,
    private readonly paths: CheckoutPaths,
  ) {
    this.top = normalize(paths.top);
    const workingDirectories = (run.invocations ?? []).flatMap(({ workingDirectory }) => {
      const path = this.toAbsolutePath(workingDirectory ?? {});
      return path === undefined ? [] : [path];
    });
    const bases = Object.keys(run.originalUriBaseIds ?? {}).flatMap((name) => {
      const base = resolveBase(name, run.originalUriBaseIds);
      return isAbsolutePath(base) ? [normalize(base)] : [];
    });
    const isOwn = (path: string): boolean => path === this.top || getPathBelow(this.top, path) !== undefined;
    const ownDirectories = [paths.root, paths.workspace, paths.top].map(normalize);
    this.directories = [...new Set([...workingDirectories, ...ownDirectories])].filter(isOwn);
    this.foreignDirectories = [...new Set([...workingDirectories, ...bases])].filter((path) => !isOwn(path));
  }

  resolve(location: SarifArtifactLocation = {}): ArtifactPath {
    const key = JSON.stringify([location.uri, location.uriBaseId, location.index]);
    const path = this.resolved.get(key) ?? this.resolveUnknown(location);
    this.resolved.set(key, path);
    return path;
  }

  private resolveUnknown(location: SarifArtifactLocation): ArtifactPath {
    const artifact = this.findArtifact(location);
    if (artifact.uri === undefined || artifact.uri === '') return { kind: 'none' };
    const path = parseUriPath(artifact.uri);
    if (path === undefined) return { kind: 'outside', path: artifact.uri };
    const absolutePath = this.toAbsolutePath(artifact);
    const file =
      absolutePath === undefined
        ? this.resolveBelowBase(path, artifact.uriBaseId)
        : this.resolveAbsolute(absolutePath, artifact);
    // A lone surrogate cannot be percent-encoded in a URL.
    return file === undefined
      ? { kind: 'outside', path }
      : { kind: 'inside', file: file.replace(/\p{Cs}/gu, '\ufffd') };
  }

  /** The artifact that a location means. Some scanners write the base as the first segment of the URI. */
  private findArtifact(location: SarifArtifactLocation): SarifArtifactLocation {
    const index = location.index ?? -1;
    const artifact =
      location.uri === undefined && index >= 0 ? (this.run.artifacts?.[index]?.location ?? location) : location;
    const [, uriBaseId, uri] = /^(%[a-z_]{3,}%)[/\\](.*)$/isu.exec(artifact.uri ?? '') ?? [];
    return uri === undefined ? artifact : { ...artifact, uri, uriBaseId };
  }

  /** The absolute path of a location; undefined if neither its URI nor its base is absolute. */
  private toAbsolutePath({ uri, uriBaseId }: SarifArtifactLocation): string | undefined {
    const path = uri === undefined ? undefined : parseUriPath(uri);
    if (path === undefined) return undefined;
    if (isAbsolutePath(path)) return normalize(path);
    const base = resolveBase(uriBaseId, this.run.originalUriBaseIds);
    return isAbsolutePath(base) ? normalize(posix.join(base, path)) : undefined;
  }

  private resolveAbsolute(path: string, { uri = '' }: SarifArtifactLocation): string | undefined {
    const own = getPathBelow(this.top, path);
    if (own !== undefined) return own;
    const inWorkspace = [...(this.paths.workspaceAliases ?? []).map(normalize), CONTAINER_WORKSPACE]
      .map((alias) => getPathBelow(alias, path))
      .find((file) => file !== undefined);
    if (inWorkspace !== undefined)
      return getPathBelow(this.top, posix.join(normalize(this.paths.workspace), inWorkspace));
    const candidates = this.foreignDirectories.flatMap((directory) => {
      const file = getPathBelow(directory, path);
      return file === undefined ? [] : [{ directory, file }];
    });
    for (const { file } of candidates) {
      const existing = this.findExisting(file);
      if (existing !== undefined) return existing;
    }
    // Everything is below the base `/`, and a relative path of a base is not below any other one for sure.
    const [known] = candidates.filter(({ directory }) => directory !== '/' || !isAbsolutePath(parseUriPath(uri) ?? ''));
    return known === undefined ? undefined : this.resolveRelative(known.file);
  }

  /** Resolves a path whose base, if any, is relative: to the directory of the scanner, like the path alone. */
  private resolveBelowBase(path: string, uriBaseId: string | undefined): string | undefined {
    const fullPath = posix.join(resolveBase(uriBaseId, this.run.originalUriBaseIds), path);
    const existing = fullPath === path ? undefined : (this.findExisting(fullPath) ?? this.findExisting(path));
    return existing ?? this.resolveRelative(fullPath);
  }

  private resolveRelative(path: string): string | undefined {
    const base = this.directories[0] ?? this.top;
    return this.findExisting(path) ?? getPathBelow(this.top, posix.join(base, path));
  }

  private findExisting(path: string): string | undefined {
    return this.directories
      .map((directory) => getPathBelow(this.top, posix.join(directory, path)))
      .find((file) => file !== undefined && this.paths.exists(file));
  }
}
