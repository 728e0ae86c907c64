import { isAbsolute, posix, win32 } from 'node:path';
import type { SarifLocation, SarifRun } from './sarif-schema.js';

const decode = (uri: string): string => {
  try {
    return decodeURIComponent(uri);
  } catch {
    // Scanners that do not encode write a bare per cent sign.
    return uri;
  }
};

/** The path in a `file:` address, or in a relative one; undefined for what is no file. */
const pathIn = (uri: string): string | undefined => {
  const [, scheme, rest = uri] = /^([a-z][a-z0-9+.-]+):(.*)$/isu.exec(uri) ?? [];
  if (scheme !== undefined && scheme.toLowerCase() !== 'file') return undefined;
  const path = decode(scheme === undefined ? uri : rest.replace(/^\/\/(?:localhost(?=\/))?/u, ''));
  return path.replaceAll('\\', '/').replace(/^\/(?=[a-z]:\/)/iu, '');
};

const isWhole = (path: string): boolean => isAbsolute(path) || win32.isAbsolute(path);

// Bases may stand on bases; four deep is more than any scanner goes, and a ring ends there.
const baseOf = (name: string | undefined, bases: SarifRun['originalUriBaseIds'], depth = 4): string => {
  const base = name === undefined || depth === 0 ? undefined : bases?.[name];
  if (base?.uri === undefined) return '';
  const path = pathIn(base.uri) ?? '';
  return isWhole(path) ? path : posix.join(baseOf(base.uriBaseId, bases, depth - 1), path);
};

const resolved = (given: SarifLocation, run: SarifRun): SarifLocation => {
  const index = given.index ?? -1;
  return given.uri === undefined && index >= 0 ? (run.artifacts?.[index]?.location ?? given) : given;
};

/** A path as a scanner named it: inside the repository, outside of it, or none. */
export type NamedPath =
  | { readonly kind: 'inside'; readonly file: string }
  | { readonly kind: 'outside'; readonly path: string }
  | { readonly kind: 'none' };

/**
 * Where a location lies seen from the root of the repository. A scanner's own base that is no part of this machine
 * (it ran in a container) counts as the root.
 */
export const pathOf = (given: SarifLocation | undefined, run: SarifRun, root: string): NamedPath => {
  const { uri, uriBaseId } = resolved(given ?? {}, run);
  const path = uri === undefined ? undefined : pathIn(uri);
  if (uri === undefined || uri === '') return { kind: 'none' };
  if (path === undefined) return { kind: 'outside', path: uri };
  const home = root.replaceAll('\\', '/');
  const base = baseOf(uriBaseId, run.originalUriBaseIds);
  const isBelow = isWhole(base) && !posix.relative(home, base).startsWith('..');
  const whole = posix.resolve('/', isWhole(path) ? path : posix.join(isBelow ? base : home, path));
  const way = posix.relative(posix.resolve('/', home), whole);
  // Half a character cannot be written to any address.
  const file = way.replace(/\p{Cs}/gu, '\ufffd');
  return way === '' || way === '..' || way.startsWith('../') ? { kind: 'outside', path } : { kind: 'inside', file };
};
