import { isAbsolute, relative, sep } from 'node:path';

/** The path with forward slashes, on Windows too. */
export const toPosixPath = (path: string): string => path.split(sep).join('/');

/**
 * The path relative to a directory, with forward slashes; empty for the directory itself, undefined for a path outside
 * of it. Links are not resolved.
 */
export const getPathInside = (directory: string, path: string): string | undefined => {
  const relativePath = relative(directory, path);
  return isAbsolute(relativePath) || relativePath.split(sep)[0] === '..' ? undefined : toPosixPath(relativePath);
};

/** The path with each segment percent-encoded, as in a URL. */
export const encodePath = (path: string): string =>
  /^[\w./-]*$/u.test(path) ? path : path.split('/').map(encodeURIComponent).join('/');
