import { readFile } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import type { Change } from './change.js';
import type { Repository } from './git.js';
import { type IgnoreEntry, refuseExpired } from './ignore.js';
import { parseIgnoreFile } from './ignore-file.js';

/** The remedy for everything that a shallow clone cannot answer. */
export const DEEP = "let actions/checkout fetch the whole history with 'fetch-depth: 0'";

const inRoot = (root: string, path: string): string | undefined => {
  const way = relative(root, path);
  return way === '' || isAbsolute(way) || way.split(sep)[0] === '..' ? undefined : way.split(sep).join('/');
};

/** A file that may silence findings, as somebody has named it. */
export interface PolicyFile {
  /** The input that names it, for messages. */
  readonly input: string;
  /** From the workspace. */
  readonly path: string;
  /** Whether its absence is a mistake. */
  readonly isNamed: boolean;
}

const readHere = async ({ input, path, isNamed }: PolicyFile, workspace: string): Promise<string | undefined> => {
  try {
    return await readFile(resolve(workspace, path), 'utf8');
  } catch (cause) {
    if (!isNamed && typeof cause === 'object' && cause !== null && Reflect.get(cause, 'code') === 'ENOENT')
      return undefined;
    throw new DeliveryError('not-found', `input '${input}': '${path}' cannot be read: ${textOf(cause)}`, { cause });
  }
};

const baseCommit = async (
  base: string,
  { input, path }: PolicyFile,
  repository: PolicyServices['repository'],
): Promise<string> => {
  const commit = await repository.commit(base);
  if (commit !== undefined) return commit;
  const rule = `input '${input}': a pull request is held to '${path}' of its base commit ${base}`;
  throw new DeliveryError('missing', `${rule}, which this checkout does not have: ${DEEP}`);
};

export interface PolicyServices {
  /** Folder that paths start from. */
  readonly workspace: string;
  /** The checkout under review, which `repository` is asked about. */
  readonly root: string;
  readonly change: Change;
  readonly repository: Pick<Repository, 'commit' | 'show' | 'trackedFiles'>;
  readonly log: Log;
}

/**
 * A file that may silence findings; undefined where there is none. The head of a pull request cannot silence itself: what is tracked counts as the
 * base commit has it. What an earlier step of the job brought (another checkout, a downloaded artifact) counts as it is.
 * @throws DeliveryError where it cannot be read, or the base commit is not there
 */
export const readPolicyFile = async (
  file: PolicyFile,
  { workspace, root, change, repository, log }: PolicyServices,
): Promise<string | undefined> => {
  const inside = inRoot(root, resolve(workspace, file.path));
  if (change.kind !== 'pull-request' || inside === undefined) return readHere(file, workspace);
  const here = await readHere({ ...file, isNamed: false }, workspace);
  // Nobody missed it here, and without it more findings count, not fewer.
  if (here === undefined && !file.isNamed && (await repository.commit(change.base)) === undefined) return undefined;
  const base = await baseCommit(change.base, file, repository);
  const there = await repository.show(base, inside);
  if (there !== undefined) {
    if (here !== there)
      log.info(`${file.path} counts as in the base commit ${base.slice(0, 12)}, not as in this pull request`);
    return there;
  }
  const isTracked = (await repository.trackedFiles()).includes(inside);
  if (!isTracked) return readHere(file, workspace);
  log.warning(`${file.path} is new in this pull request and does not count until it is merged`);
  return undefined;
};

/**
 * The exceptions that hold at `now` (milliseconds since the epoch), from where they may come from.
 * @throws DeliveryError for a file that cannot be read or understood, and for exceptions that have expired
 */
export const readExceptions = async (
  file: Omit<PolicyFile, 'input'>,
  services: PolicyServices,
  now: number,
): Promise<readonly IgnoreEntry[]> => {
  const text = await readPolicyFile({ ...file, input: 'ignore-file' }, services);
  const entries = text === undefined ? [] : parseIgnoreFile(text, file.path);
  refuseExpired(entries, now);
  return entries;
};
