import { chmod, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';

/** Read and written by the owner alone. */
export const PRIVATE_MODE = 0o600;

const isAbsent = (error: unknown): boolean => hasErrorCode(error, 'ENOENT');

/** The text of a file; undefined where there is none. */
export const readOptionalFile = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
};

/** The file a path leads to: people keep their configuration behind links, which must stay links. */
const resolveLink = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch (error) {
    if (isAbsent(error)) return path;
    throw error;
  }
};

// By its name whoever was killed while writing is cleaned up after. Shared files have a lock against two writers.
const getTempPath = (target: string): string => `${target}.oidc-credentials.tmp`;

/** Removes what a writer left that was killed half-way. */
export const removeTempFile = async (path: string): Promise<void> =>
  rm(getTempPath(await resolveLink(path)), { force: true });

/** Writes a file that only its owner can read: at once or not at all, whatever mode it had before. */
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

/** Makes a directory of our own where the job keeps what is temporary; only its owner can enter it. */
export const makePrivateDirectory = (env: Env): Promise<string> =>
  mkdtemp(join(env['RUNNER_TEMP'] || tmpdir(), 'oidc-credentials-'));
