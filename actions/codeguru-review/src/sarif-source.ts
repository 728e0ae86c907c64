import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve, sep } from 'node:path';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { matchesPath } from '@aws-delivery/findings/pattern';
import type { SarifReading } from '@aws-delivery/findings/sarif-reader';
import type { Look } from './look.js';

export interface SarifPlace {
  /** Patterns are relative to this folder. */
  readonly workspace: string;
  /** The folder that was looked at. */
  readonly root: string;
}

/** Larger than any scanner's output that a person would look at; Node's JSON ends at twice this size. */
const LARGEST_FILE = 256 * 1024 * 1024;

const SKIPPED: readonly string[] = ['.git', 'node_modules'];

/** The folder above the first wildcard, which is where to look. */
const folderOf = (pattern: string): string => {
  const parts = pattern.split('/');
  const wild = parts.findIndex((part) => /[*?]/u.test(part));
  return parts.slice(0, wild).join('/') || (pattern.startsWith('/') ? '/' : '.');
};

const filesBelow = async (folder: string): Promise<readonly string[]> => {
  const children = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const found: string[] = [];
  for (const child of children) {
    const path = join(folder, child.name);
    if (child.isDirectory() && !SKIPPED.includes(child.name)) found.push(...(await filesBelow(path)));
    else if (child.isFile()) found.push(path);
  }
  return found;
};

const matching = async (pattern: string, workspace: string): Promise<readonly string[]> => {
  const clean = pattern.replace(/^\.\//u, '');
  if (!/[*?]/u.test(clean)) return [resolve(workspace, clean)];
  const isWhole = clean.startsWith('/');
  const files = await filesBelow(resolve(workspace, folderOf(clean)));
  const nameOf = (path: string): string => (isWhole ? path : relative(workspace, path)).split(sep).join('/');
  const found = files.filter((path) => matchesPath(clean, nameOf(path))).sort();
  if (found.length > 0) return found;
  throw new DeliveryError(
    'not-found',
    `input 'sarif-files': no file matches '${pattern}' in '${workspace}': run the scanner before this step, and let it go on when it finds something`,
  );
};

const read = async (path: string, { workspace, root }: SarifPlace): Promise<SarifReading> => {
  const name = relative(workspace, path) || path;
  try {
    const { size } = await stat(path);
    if (size > LARGEST_FILE) {
      throw new DeliveryError('refused', `'${name}' has ${size} bytes: at most ${LARGEST_FILE} are read`);
    }
    const { readSarif } = await import('@aws-delivery/findings/sarif-reader');
    return readSarif(await readFile(path, 'utf8'), { name, root });
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    throw new DeliveryError('not-found', `input 'sarif-files': '${name}' cannot be read: ${textOf(error)}`, {
      cause: error,
    });
  }
};

/**
 * What scanners have written. A scanner that says of itself that it did not get through gives no complete answer.
 * @throws DeliveryError for a file that is not there or not SARIF: what it says can be nothing but a mistake
 */
export const readSarifFiles = async (patterns: readonly string[], place: SarifPlace): Promise<Look> => {
  const lists = await Promise.all(patterns.map((pattern) => matching(pattern, place.workspace)));
  const readings: SarifReading[] = [];
  for (const path of new Set(lists.flat())) readings.push(await read(path, place));
  const findings = readings.flatMap((reading) => reading.findings);
  const gaps = [...new Set(readings.flatMap((reading) => reading.gaps))];
  return {
    source: 'sarif',
    scanners: [...new Set(readings.flatMap((reading) => reading.scanners))],
    findings,
    reviewArn: undefined,
    troubles: gaps.map((text) => ({ source: 'sarif', kind: 'unavailable', text })),
  };
};
