import { readFile } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import type { Finding } from '@aws-delivery/findings/finding';
import { type IgnoreEntry, refuseExpired } from '@aws-delivery/findings/ignore';
import { parseIgnoreFile } from '@aws-delivery/findings/ignore-file';
import type { Change } from './change.js';
import type { Repository } from './git.js';
import type { Request } from './request.js';

/** What may silence a finding. */
export interface Policy {
  readonly ignore: readonly IgnoreEntry[];
  /** Undefined where none was asked for, or where the base of a pull request has none. */
  readonly baseline: readonly Finding[] | undefined;
}

export interface PolicyServices {
  readonly repository: Repository;
  readonly log: Log;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** The remedy for everything that a shallow clone cannot answer. */
export const DEEP = "let actions/checkout fetch the whole history with 'fetch-depth: 0'";

const inRoot = (root: string, path: string): string | undefined => {
  const way = relative(root, path);
  return way === '' || isAbsolute(way) || way.split(sep)[0] === '..' ? undefined : way.split(sep).join('/');
};

interface PolicyFile {
  readonly input: 'ignore-file' | 'baseline';
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

const baseCommit = async (base: string, { input, path }: PolicyFile, repository: Repository): Promise<string> => {
  const commit = await repository.commit(base);
  if (commit !== undefined) return commit;
  const rule = `input '${input}': a pull request is held to '${path}' of its base commit ${base}`;
  throw new DeliveryError('missing', `${rule}, which this checkout does not have: ${DEEP}`);
};

/**
 * A file that may silence findings. The head of a pull request cannot silence itself: what is tracked counts as the
 * base commit has it. What an earlier step of the job brought (another checkout, a downloaded artifact) counts as it is.
 */
const readPolicyFile = async (
  file: PolicyFile,
  { workspace, root }: Request,
  change: Change,
  { repository, log }: PolicyServices,
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

const IGNORE_FILE = '.codeguru-ignore.yml';

/**
 * Reads what may silence findings, from where it may come from.
 * @throws DeliveryError for files that cannot be read or understood, and for exceptions that have expired
 */
export const readPolicy = async (request: Request, change: Change, services: PolicyServices): Promise<Policy> => {
  const { ignoreFile, baseline, root, workspace } = request;
  const ignoring: PolicyFile = {
    input: 'ignore-file',
    path: ignoreFile ?? relative(workspace, join(root, IGNORE_FILE)),
    isNamed: ignoreFile !== undefined,
  };
  const text = await readPolicyFile(ignoring, request, change, services);
  const ignore = text === undefined ? [] : parseIgnoreFile(text, ignoreFile ?? IGNORE_FILE);
  refuseExpired(ignore, services.now);
  if (baseline === undefined) return { ignore, baseline: undefined };
  const comparing: PolicyFile = { input: 'baseline', path: baseline, isNamed: true };
  const known = await readPolicyFile(comparing, request, change, services);
  if (known === undefined) return { ignore, baseline: [] };
  const { readSarif } = await import('@aws-delivery/findings/sarif-reader');
  return { ignore, baseline: readSarif(known, { name: baseline, root }).findings };
};
