import { readFile, realpath } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import type { Repository } from '@aws-delivery/action-kit/git/repository';
import { findTrackedEntry } from '@aws-delivery/action-kit/git/tracked-entry';
import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { getField } from '@aws-delivery/action-kit/util/error-code';
import { getPathInside } from '@aws-delivery/action-kit/util/path';
import type { Change } from '../change/change.js';
import { type IgnoreEntry, rejectExpired } from './ignore-entry.js';
import { parseIgnoreFile } from './parse-ignore-file.js';

/** The remedy for everything that a shallow clone cannot answer. */
export const FETCH_DEPTH_HINT = "let actions/checkout fetch the whole history with 'fetch-depth: 0'";

/**
 * A path as the checkout names it, from its top; undefined where it lies in none, or in another one.
 * @param workspace folder that the path starts from
 */
export const resolveCheckoutPath = async (
  path: string,
  workspace: string,
  repository: Pick<Repository, 'getTopDirectory'>,
): Promise<string | undefined> => {
  const top = await repository.getTopDirectory();
  if (top === undefined) return undefined;
  // Git resolves links above the checkout, as of a temporary folder.
  const workspacePath = await realpath(workspace);
  const absolutePath = resolve(workspacePath, relative(workspace, resolve(workspace, path)));
  return getPathInside(top, absolutePath) || undefined;
};

/** A file that may silence findings, as somebody has named it. */
export interface PolicyFile {
  /** The input that names it, for messages. */
  readonly input: string;
  /** From the workspace. */
  readonly path: string;
  /** Whether its absence is a mistake. */
  readonly isRequired: boolean;
}

const readFromWorkspace = async (
  { input, path, isRequired }: PolicyFile,
  workspace: string,
): Promise<string | undefined> => {
  try {
    return await readFile(resolve(workspace, path), 'utf8');
  } catch (cause) {
    if (!isRequired && getField(cause, 'code') === 'ENOENT') return undefined;
    throw new DeliveryError('not-found', `input '${input}': '${path}' cannot be read: ${errorMessage(cause)}`, {
      cause,
    });
  }
};

const resolveBaseCommit = async (
  base: string,
  { input, path }: PolicyFile,
  repository: PolicyFileServices['repository'],
): Promise<string> => {
  const commit = await repository.resolveCommit(base);
  if (commit !== undefined) return commit;
  const rule = `input '${input}': a pull request is held to '${path}' of its base commit ${base}`;
  throw new DeliveryError('missing', `${rule}, which this checkout does not have: ${FETCH_DEPTH_HINT}`);
};

export interface PolicyFileServices {
  /** Folder that paths start from. */
  readonly workspace: string;
  readonly change: Change;
  /** The checkout under review. */
  readonly repository: Pick<
    Repository,
    'resolveCommit' | 'readBlob' | 'getTopDirectory' | 'listTracked' | 'getObjectId'
  >;
  readonly log: Log;
}

type PullRequest = Extract<Change, { readonly kind: 'pull-request' }>;

/** Whether a pull request may have brought what stands here, itself or by what leads to it. */
const isFromPullRequest = async (
  checkoutPath: string,
  base: string,
  { repository }: PolicyFileServices,
): Promise<boolean> => {
  const entry = findTrackedEntry(await repository.listTracked('checkout'), checkoutPath);
  if (entry === undefined) return false;
  return entry.kind !== 'submodule' || (await repository.getObjectId(base, entry.path)) !== entry.object;
};

/** The file for a pull request; it lies in the checkout under review. */
const readForPullRequest = async (
  file: PolicyFile,
  checkoutPath: string,
  services: PolicyFileServices & { readonly change: PullRequest },
): Promise<string | undefined> => {
  const { workspace, change, repository, log } = services;
  const headContent = await readFromWorkspace({ ...file, isRequired: false }, workspace);
  // Nobody missed it here, and without it more findings count, not fewer.
  if (headContent === undefined && !file.isRequired && (await repository.resolveCommit(change.base)) === undefined)
    return undefined;
  const base = await resolveBaseCommit(change.base, file, repository);
  const baseContent = await repository.readBlob(base, checkoutPath);
  if (baseContent !== undefined) {
    if (headContent !== baseContent)
      log.info(`${file.path} counts as in the base commit ${base.slice(0, 12)}, not as in this pull request`);
    return baseContent;
  }
  if (!(await isFromPullRequest(checkoutPath, base, services))) return readFromWorkspace(file, workspace);
  log.warning(`${file.path} is new in this pull request and does not count until it is merged`);
  return undefined;
};

/**
 * A file that may silence findings; undefined where there is none. The head of a pull request cannot silence itself:
 * what is tracked, in a moved submodule or behind a link counts as the base commit has it. What an earlier step of the
 * job brought (another checkout, a downloaded artifact) counts as it is.
 * @throws DeliveryError where it cannot be read, or the base commit is not there
 */
export const readPolicyFile = async (file: PolicyFile, services: PolicyFileServices): Promise<string | undefined> => {
  const { workspace, change, repository } = services;
  if (change.kind !== 'pull-request') return readFromWorkspace(file, workspace);
  const checkoutPath = await resolveCheckoutPath(file.path, workspace, repository);
  return checkoutPath === undefined
    ? readFromWorkspace(file, workspace)
    : readForPullRequest(file, checkoutPath, { ...services, change });
};

/**
 * The exceptions that hold at `now` (milliseconds since the epoch), from where they may come from.
 * @throws DeliveryError for a file that cannot be read or understood, and for exceptions that have expired
 */
export const readIgnoreEntries = async (
  file: Omit<PolicyFile, 'input'>,
  services: PolicyFileServices,
  now: number,
): Promise<readonly IgnoreEntry[]> => {
  const content = await readPolicyFile({ ...file, input: 'ignore-file' }, services);
  const entries = content === undefined ? [] : parseIgnoreFile(content, file.path);
  rejectExpired(entries, now);
  return entries;
};
