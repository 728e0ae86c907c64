import { chmod, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';

/** Access for the owner only. */
export const PRIVATE_MODE = 0o600;

const isAbsent = (error: unknown): boolean => hasErrorCode(error, 'ENOENT');

/** Content of a file; undefined when it does not exist. */
export const readOptionalFile = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
};

/** Target of a symbolic link: replacing a linked configuration file must keep the link. */
const resolveLink = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch (error) {
    if (isAbsent(error)) return path;
    throw error;
  }
};

// A fixed name, so that the file of a killed process is found and removed. Locks prevent concurrent writes.
const getTempPath = (target: string): string => `${target}.oidc-credentials.tmp`;

/** Removes the temporary file of a process that was killed while writing. */
export const removeTempFile = async (path: string): Promise<void> =>
  rm(getTempPath(await resolveLink(path)), { force: true });

/** Writes a file atomically, by default for its owner only, whatever mode it had before. */
export const writePrivateFile = async (path: string, content: string, mode = PRIVATE_MODE): Promise<void> => {
  const target = await resolveLink(path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const tempPath = getTempPath(target);
  await rm(tempPath, { force: true });
  try {
    await writeFile(tempPath, content, { mode: PRIVATE_MODE, flag: 'wx' });
    await chmod(tempPath, mode);
    await rename(tempPath, target);
  } catch (error) {
    await rm(tempPath, { force: true });
    throw error;
  }
};

/** Creates a directory for this step in the job's temporary directory, for its owner only. */
export const makePrivateDirectory = (env: Env): Promise<string> =>
  mkdtemp(join(env['RUNNER_TEMP'] || tmpdir(), 'oidc-credentials-'));
