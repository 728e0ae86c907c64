import { readFile, realpath } from 'node:fs/promises';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import type { Change } from './change.js';
import type { Repository } from './git.js';
import { type IgnoreEntry, refuseExpired } from './ignore.js';
import { parseIgnoreFile } from './ignore-file.js';
import { trackedAt } from './tracked.js';

/** The remedy for everything that a shallow clone cannot answer. */
export const DEEP = "let actions/checkout fetch the whole history with 'fetch-depth: 0'";

/**
 * A path as the checkout names it, from its top; undefined where it lies in none, or in another one.
 * @param workspace folder that the path starts from
 */
export const pathInCheckout = async (
  path: string,
  workspace: string,
  repository: Pick<Repository, 'top'>,
): Promise<string | undefined> => {
  const top = await repository.top();
  if (top === undefined) return undefined;
  // Git resolves links above the checkout, as of a temporary folder.
  const home = await realpath(workspace);
  const way = relative(top, resolve(home, relative(workspace, resolve(workspace, path))));
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
  readonly change: Change;
  /** The checkout under review. */
  readonly repository: Pick<Repository, 'commit' | 'show' | 'top' | 'tracked' | 'objectAt'>;
  readonly log: Log;
}

type PullRequest = Extract<Change, { readonly kind: 'pull-request' }>;

/** Whether a pull request may have brought what stands here, itself or by what leads to it. */
const isTheirs = async (inside: string, base: string, { repository }: PolicyServices): Promise<boolean> => {
  const entry = trackedAt(await repository.tracked('checkout'), inside);
  if (entry === undefined) return false;
  return entry.kind !== 'submodule' || (await repository.objectAt(base, entry.path)) !== entry.object;
};

/** The file for a pull request; it lies in the checkout under review. */
const readForPullRequest = async (
  file: PolicyFile,
  inside: string,
  services: PolicyServices & { readonly change: PullRequest },
): Promise<string | undefined> => {
  const { workspace, change, repository, log } = services;
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
  if (!(await isTheirs(inside, base, services))) return readHere(file, workspace);
  log.warning(`${file.path} is new in this pull request and does not count until it is merged`);
  return undefined;
};

/**
 * A file that may silence findings; undefined where there is none. The head of a pull request cannot silence itself:
 * what is tracked, in a moved submodule or behind a link counts as the base commit has it. What an earlier step of the
 * job brought (another checkout, a downloaded artifact) counts as it is.
 * @throws DeliveryError where it cannot be read, or the base commit is not there
 */
export const readPolicyFile = async (file: PolicyFile, services: PolicyServices): Promise<string | undefined> => {
  const { workspace, change, repository } = services;
  if (change.kind !== 'pull-request') return readHere(file, workspace);
  const inside = await pathInCheckout(file.path, workspace, repository);
  return inside === undefined ? readHere(file, workspace) : readForPullRequest(file, inside, { ...services, change });
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
