import { isAbsolute, posix, win32 } from 'node:path';
import type { SarifArtifactLocation, SarifRun } from './schema.js';

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

const isAbsolutePath = (path: string): boolean => isAbsolute(path) || win32.isAbsolute(path);

// Bases may refer to other bases. The limit of four levels also ends circular references.
const resolveBase = (name: string | undefined, bases: SarifRun['originalUriBaseIds'], depth = 4): string => {
  const base = name === undefined || depth === 0 ? undefined : bases?.[name];
  if (base?.uri === undefined) return '';
  const path = parseUriPath(base.uri) ?? '';
  return isAbsolutePath(path) ? path : posix.join(resolveBase(base.uriBaseId, bases, depth - 1), path);
};

const resolveArtifact = (location: SarifArtifactLocation, run: SarifRun): SarifArtifactLocation => {
  const index = location.index ?? -1;
  return location.uri === undefined && index >= 0 ? (run.artifacts?.[index]?.location ?? location) : location;
};

/** Path of a result's artifact: inside the repository, outside of it, or none. */
export type ArtifactPath =
  | { readonly kind: 'inside'; readonly file: string }
  | { readonly kind: 'outside'; readonly path: string }
  | { readonly kind: 'none' };

/**
 * Resolves an artifact location against the root of the repository. A base outside of the root, such as one of a
 * container that the scanner ran in, is treated as the root.
 */
export const resolveArtifactPath = (
  location: SarifArtifactLocation | undefined,
  run: SarifRun,
  root: string,
): ArtifactPath => {
  const { uri, uriBaseId } = resolveArtifact(location ?? {}, run);
  const path = uri === undefined ? undefined : parseUriPath(uri);
  if (uri === undefined || uri === '') return { kind: 'none' };
  if (path === undefined) return { kind: 'outside', path: uri };
  const rootPath = root.replaceAll('\\', '/');
  const base = resolveBase(uriBaseId, run.originalUriBaseIds);
  const isBaseInRoot = isAbsolutePath(base) && !posix.relative(rootPath, base).startsWith('..');
  const absolutePath = posix.resolve(
    '/',
    isAbsolutePath(path) ? path : posix.join(isBaseInRoot ? base : rootPath, path),
  );
  const relativePath = posix.relative(posix.resolve('/', rootPath), absolutePath);
  // A lone surrogate cannot be percent-encoded in a URL.
  const file = relativePath.replace(/\p{Cs}/gu, '\ufffd');
  return relativePath === '' || relativePath === '..' || relativePath.startsWith('../')
    ? { kind: 'outside', path }
    : { kind: 'inside', file };
};
