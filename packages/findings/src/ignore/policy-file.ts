import { resolve } from 'node:path';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { FETCH_DEPTH_HINT, type Repository, resolveCheckoutPath } from '@aws-delivery/action-kit/git/repository';
import { findTrackedEntry } from '@aws-delivery/action-kit/git/tracked-entry';
import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { getField } from '@aws-delivery/action-kit/util/error-code';
import type { Change } from '../change/change.js';
import { type IgnoreEntry, rejectExpired } from './ignore-entry.js';
import { parseIgnoreFile } from './parse-ignore-file.js';

/** A file that can suppress findings, as named in an input. */
export interface PolicyFile {
  /** Name of the input, for messages. */
  readonly input: string;
  /** Relative to the workspace. */
  readonly path: string;
  /** Whether a missing file is an error. */
  readonly isRequired: boolean;
}

const readFromWorkspace = async (
  { input, path, isRequired }: PolicyFile,
  workspace: string,
): Promise<string | undefined> => {
  try {
    return (await readRegularFile(resolve(workspace, path))).toString('utf8');
  } catch (cause) {
    if (!isRequired && getField(cause, 'code') === 'ENOENT') return undefined;
    throw new DeliveryError('not-found', `input '${input}': cannot read '${path}': ${errorMessage(cause)}`, {
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
  const rule = `input '${input}': '${path}' is read from the pull request's base commit ${base}`;
  throw new DeliveryError('missing', `${rule}, which is not in this checkout: ${FETCH_DEPTH_HINT}`);
};

export interface PolicyFileServices {
  /** Directory that paths are relative to. */
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

/** Whether the pull request may have added the file, or a link or submodule that leads to it. */
const isFromPullRequest = async (
  checkoutPath: string,
  base: string,
  { repository }: PolicyFileServices,
): Promise<boolean> => {
  const entry = findTrackedEntry(await repository.listTracked('checkout'), checkoutPath);
  if (entry === undefined) return false;
  return entry.kind !== 'submodule' || (await repository.getObjectId(base, entry.path)) !== entry.object;
};

/** Reads a policy file inside the checkout of a pull request, from the base commit. */
const readForPullRequest = async (
  file: PolicyFile,
  checkoutPath: string,
  services: PolicyFileServices & { readonly change: PullRequest },
): Promise<string | undefined> => {
  const { workspace, change, repository, log } = services;
  const headContent = await readFromWorkspace({ ...file, isRequired: false }, workspace);
  // An optional file that is missing here needs no base commit: without it more findings fail, not fewer.
  if (headContent === undefined && !file.isRequired && (await repository.resolveCommit(change.base)) === undefined)
    return undefined;
  const base = await resolveBaseCommit(change.base, file, repository);
  const baseContent = await repository.readBlob(base, checkoutPath);
  if (baseContent !== undefined) {
    if (headContent !== baseContent)
      log.info(`Using ${file.path} from the base commit ${base.slice(0, 12)}: this pull request changes the file`);
    return baseContent;
  }
  if (!(await isFromPullRequest(checkoutPath, base, services))) return readFromWorkspace(file, workspace);
  log.warning(`${file.path} is added by this pull request and is not used until it is merged`);
  return undefined;
};

/**
 * Reads a file that can suppress findings; undefined if it does not exist. A pull request cannot suppress its own
 * findings: tracked files, also in a changed submodule or behind a link, are read from the base commit. Files from an
 * earlier step of the job (another checkout, a downloaded artifact) are read from the workspace.
 * @throws DeliveryError if the file cannot be read, or the checkout does not have the base commit
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
 * Reads the ignore entries from a trusted version of the file.
 * @param now milliseconds since the epoch
 * @throws DeliveryError for an unreadable or invalid file, and for expired entries
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
