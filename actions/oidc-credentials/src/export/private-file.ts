import { mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { assertRegularFile, readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';

/** Access for the owner only. */
export const PRIVATE_MODE = 0o600;

export const isAbsent = (error: unknown): boolean => hasErrorCode(error, 'ENOENT');

/**
 * Text of a regular file; undefined when it does not exist.
 * @throws DeliveryError for devices, sockets, pipes and directories, and for files that cannot be read
 */
export const readOptionalFile = async (path: string): Promise<string | undefined> => {
  try {
    return (await readRegularFile(path)).toString('utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw toFileError(path, error);
  }
};

/** Permissions of a regular file; undefined when it does not exist. */
export const findMode = async (path: string): Promise<number | undefined> => {
  try {
    const stats = await stat(path);
    assertRegularFile(`'${path}'`, stats);
    return stats.mode & 0o777;
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw toFileError(path, error);
  }
};

// A fixed name, so that the file of a killed process is found and removed. Locks prevent concurrent writes.
export const getTempPath = (target: string): string => `${target}.oidc-credentials.tmp`;

/** Writes a file of this action atomically, for its owner only. Its directory belongs to this action. */
export const writePrivateFile = async (path: string, content: string): Promise<void> => {
  const tempPath = getTempPath(path);
  await rm(tempPath, { force: true });
  try {
    await writeFile(tempPath, content, { mode: PRIVATE_MODE, flag: 'wx' });
    await rename(tempPath, path);
  } catch (error) {
    await rm(tempPath, { force: true });
    throw toFileError(path, error);
  }
};

/** Creates a directory for this step in the job's temporary directory, for its owner only. */
export const makePrivateDirectory = (env: Env): Promise<string> =>
  mkdtemp(join(env['RUNNER_TEMP'] || tmpdir(), 'oidc-credentials-'));
