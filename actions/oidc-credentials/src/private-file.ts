import { chmod, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isCode } from '@aws-delivery/action-kit/aws-error';
import type { Variables } from '@aws-delivery/action-kit/inputs';

/** Read and written by the owner alone. */
export const PRIVATE = 0o600;

const isAbsent = (error: unknown): boolean => isCode(error, 'ENOENT');

/** The text of a file; undefined where there is none. */
export const readText = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
};

/** The file a path leads to: people keep their configuration behind links, which must stay links. */
const targetOf = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch (error) {
    if (isAbsent(error)) return path;
    throw error;
  }
};

// By its name whoever was killed while writing is cleaned up after. Shared files have a lock against two writers.
const draftOf = (target: string): string => `${target}.oidc-credentials.draft`;

/** Removes what a writer left that was killed half-way. */
export const dropDraft = async (path: string): Promise<void> => rm(draftOf(await targetOf(path)), { force: true });

/** Writes a file that only its owner can read: at once or not at all, whatever mode it had before. */
export const writePrivate = async (path: string, text: string, mode = PRIVATE): Promise<void> => {
  const target = await targetOf(path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const draft = draftOf(target);
  await rm(draft, { force: true });
  try {
    await writeFile(draft, text, { mode: PRIVATE, flag: 'wx' });
    await chmod(draft, mode);
    await rename(draft, target);
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
};

/** Makes a directory of our own where the job keeps what is temporary; only its owner can enter it. */
export const makePrivateDirectory = (variables: Variables): Promise<string> =>
  mkdtemp(join(variables['RUNNER_TEMP'] || tmpdir(), 'oidc-credentials-'));
