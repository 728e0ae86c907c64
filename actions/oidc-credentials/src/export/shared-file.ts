import { constants, type Stats } from 'node:fs';
import { chmod, chown, mkdir, readlink, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { assertRegularFile, openRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { getTempPath, isAbsent, PRIVATE_MODE } from './private-file.js';

// As in Linux, which stops at 40 links.
const MAX_LINKS = 40;

/**
 * Target of a path: a symbolic link is followed, so that it stays in place. The target of the last link may be absent;
 * it is then created.
 */
const resolveTarget = async (path: string, remainingLinks = MAX_LINKS): Promise<string> => {
  try {
    return await realpath(path);
  } catch (error) {
    if (!isAbsent(error)) throw toFileError(path, error);
  }
  const link = await readlink(path).catch(() => undefined);
  if (link === undefined || remainingLinks === 0) return path;
  return resolveTarget(resolve(dirname(path), link), remainingLinks - 1);
};

const findStats = async (target: string): Promise<Stats | undefined> => {
  try {
    const stats = await stat(target);
    assertRegularFile(`'${target}'`, stats);
    return stats;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
};

/** Creates a directory and its parents. Node's recursive `mkdir` does not return for a missing directory in /proc. */
export const makeDirectory = async (path: string): Promise<void> => {
  const create = () =>
    mkdir(path, { mode: 0o700 }).catch((error: unknown) => {
      if (!hasErrorCode(error, 'EEXIST')) throw error;
    });
  try {
    await create();
  } catch (error) {
    if (!isAbsent(error) || dirname(path) === path) throw error;
    await makeDirectory(dirname(path));
    await create();
  }
};

/** Gives a file the owner and mode of the one that it replaces; false if this user cannot set the owner. */
const copyOwnership = async (path: string, { uid, gid, mode }: Stats): Promise<boolean> => {
  const current = await stat(path);
  try {
    if (current.uid !== uid || current.gid !== gid) await chown(path, uid, gid);
  } catch (error) {
    if (hasErrorCode(error, 'EPERM', 'EINVAL')) return false;
    throw error;
  }
  await chmod(path, mode & 0o7777);
  return true;
};

/** Writes into the existing file, which keeps its owner, mode and hard links. A kill can leave it incomplete. */
const overwrite = async (target: string, content: string): Promise<void> => {
  const file = await openRegularFile(target, constants.O_WRONLY);
  try {
    await file.writeFile(content);
    await file.truncate(Buffer.byteLength(content));
  } finally {
    await file.close();
  }
};

/** Replaces the file by a new one with the same owner and mode; false if only `overwrite` can keep them. */
const replace = async (target: string, content: string, stats: Stats | undefined): Promise<boolean> => {
  if (stats !== undefined && stats.nlink > 1) return false;
  const tempPath = getTempPath(target);
  await rm(tempPath, { force: true });
  try {
    await writeFile(tempPath, content, { mode: PRIVATE_MODE, flag: 'wx' });
    if (stats !== undefined && !(await copyOwnership(tempPath, stats))) return false;
    await rename(tempPath, target);
    return true;
  } catch (error) {
    // The file is a mount point, for example in a container.
    if (stats !== undefined && hasErrorCode(error, 'EBUSY')) return false;
    throw error;
  } finally {
    await rm(tempPath, { force: true });
  }
};

/**
 * Writes a shared configuration file. An existing file keeps its owner and mode; a new one is for its owner only.
 * Symbolic links are followed and stay in place.
 * @throws DeliveryError for devices, sockets, pipes and directories, and for files that cannot be written
 */
export const writeSharedFile = async (path: string, content: string): Promise<void> => {
  try {
    const target = await resolveTarget(path);
    await makeDirectory(dirname(target));
    const stats = await findStats(target);
    if (!(await replace(target, content, stats))) await overwrite(target, content);
  } catch (cause) {
    if (!hasErrorCode(cause, 'EACCES', 'EPERM')) throw toFileError(path, cause);
    throw new DeliveryError('denied', `'${path}' is not writable: give this user write access`, { cause });
  }
};

/** Removes a file that `writeSharedFile` created; a symbolic link to it stays in place. */
export const removeSharedFile = async (path: string): Promise<void> => {
  await rm(await resolveTarget(path), { force: true });
};

/** Removes the temporary file of a process that was killed while writing. */
export const removeTempFile = async (path: string): Promise<void> =>
  rm(getTempPath(await resolveTarget(path)), { force: true });
