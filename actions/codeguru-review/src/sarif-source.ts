import { readdir, readFile, stat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { type Change, reviewedCommit } from '@aws-delivery/findings/change';
import type { Repository } from '@aws-delivery/findings/git';
import { matchesPath } from '@aws-delivery/findings/pattern';
import { pathInCheckout } from '@aws-delivery/findings/policy-file';
import type { SarifReading } from '@aws-delivery/findings/sarif-reader';
import { trackedAt } from '@aws-delivery/findings/tracked';
import type { Look, Trouble } from './look.js';

export interface SarifPlace {
  /** Patterns are relative to this folder. */
  readonly workspace: string;
  /** The folder that was looked at. */
  readonly root: string;
  readonly repository: Repository;
  readonly change: Change;
  /** What the host calls the commit under review; undefined where it does not say. */
  readonly commit: string | undefined;
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
  const clean = (sep === '\\' ? pattern.replaceAll(sep, '/') : pattern).replace(/^\.\//u, '');
  if (!/[*?]/u.test(clean)) return [resolve(workspace, clean)];
  const isWhole = isAbsolute(clean);
  const files = await filesBelow(resolve(workspace, folderOf(clean)));
  const nameOf = (path: string): string => (isWhole ? path : relative(workspace, path)).split(sep).join('/');
  const found = files.filter((path) => matchesPath(clean, nameOf(path))).sort();
  if (found.length > 0) return found;
  throw new DeliveryError(
    'not-found',
    `input 'sarif-files': no file matches '${pattern}' in '${workspace}': run the scanner before this step, and let it go on when it finds something`,
  );
};

/** What a pull request commits is no scanner's word on it, and stays behind where the scanner writes nothing. */
const refuseTheirs = async (path: string, name: string, { workspace, repository, change }: SarifPlace) => {
  if (change.kind !== 'pull-request') return;
  const inside = await pathInCheckout(path, workspace, repository);
  if (inside === undefined || trackedAt(await repository.tracked('checkout'), inside) === undefined) return;
  const rule = `input 'sarif-files': git tracks '${name}', so that the pull request itself may have written it`;
  throw new DeliveryError('refused', `${rule}: let the scanner write to a file that is not committed`);
};

const read = async (path: string, place: SarifPlace): Promise<SarifReading> => {
  const { workspace, root } = place;
  const name = relative(workspace, path) || path;
  try {
    const status = await stat(path);
    if (!status.isFile()) throw new DeliveryError('refused', `input 'sarif-files': '${name}' is not a file`);
    if (status.size > LARGEST_FILE) {
      throw new DeliveryError('refused', `'${name}' has ${status.size} bytes: at most ${LARGEST_FILE} are read`);
    }
    await refuseTheirs(path, name, place);
    const { readSarif } = await import('@aws-delivery/findings/sarif-reader');
    return readSarif(await readFile(path, 'utf8'), { name, root });
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    throw new DeliveryError('not-found', `input 'sarif-files': '${name}' cannot be read: ${textOf(error)}`, {
      cause: error,
    });
  }
};

/** Whether two names may be of one commit: scanners may shorten them. */
const isSame = (one: string, other: string): boolean => one.startsWith(other) || other.startsWith(one);

/** A scanner that says which commits it looked at must have looked at this one. */
const foreignGap = async (revisions: readonly string[], place: SarifPlace): Promise<readonly string[]> => {
  const { change, commit, repository } = place;
  if (revisions.length === 0) return [];
  const own = [commit, reviewedCommit(change, {}), await repository.commit('HEAD')].filter(
    (each) => each !== undefined,
  );
  if (own.length === 0 || revisions.some((revision) => own.some((each) => isSame(revision, each)))) return [];
  return [`the scanner looked at ${revisions.join(', ')}, not at ${own.join(' or ')}`];
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
  const foreign = await Promise.all(readings.map(({ revisions }) => foreignGap(revisions, place)));
  const gaps = new Set([...readings.flatMap((reading) => reading.gaps), ...foreign.flat()]);
  return {
    source: 'sarif',
    scanners: [...new Set(readings.flatMap((reading) => reading.scanners))],
    findings,
    reviewArn: undefined,
    warnings: readings.flatMap((reading) => reading.warnings),
    troubles: [...gaps].map((text): Trouble => ({ source: 'sarif', kind: 'unavailable', text })),
  };
};
