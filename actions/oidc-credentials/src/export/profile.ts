import { mkdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { withLock } from './file-lock.js';
import { findSection, formatSection, removeSection, replaceSection, type Settings } from './ini.js';
import { PRIVATE_MODE, readOptionalFile, removeTempFile, writePrivateFile } from './private-file.js';

/** A section of one of the shared files. */
export interface Section {
  readonly file: string;
  readonly name: string;
  /** Undefined removes the section. */
  readonly settings: Settings | undefined;
}

/** A section before it was written. */
export interface PreviousSection {
  readonly file: string;
  readonly name: string;
  /** Text of the section; undefined when it did not exist. */
  readonly section?: string | undefined;
  /** Permissions of the file; undefined when it did not exist. */
  readonly mode?: number | undefined;
}

export interface SharedFiles {
  readonly credentials: string;
  readonly config: string;
}

const expandHome = (path: string, home: string): string => path.replace(/^~(?=[/\\]|$)/u, home);

/** Paths of the shared files: AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, by default in ~/.aws. */
export const locateSharedFiles = (env: Env): SharedFiles => {
  const home = env['HOME'] || env['USERPROFILE'] || homedir();
  const resolvePath = (variable: string, name: string): string =>
    expandHome(env[variable] || join(home, '.aws', name), home);
  return {
    credentials: resolvePath('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
    config: resolvePath('AWS_CONFIG_FILE', 'config'),
  };
};

/** Section name of a profile in the configuration file: `profile dev`, but `default`. */
export const formatSectionName = (profile: string): string => (profile === 'default' ? profile : `profile ${profile}`);

const getFileMode = async (file: string): Promise<number | undefined> => {
  try {
    return (await stat(file)).mode & 0o777;
  } catch {
    return undefined;
  }
};

/** Reads a section before it is written. */
export const readPreviousSection = async ({ file, name }: Section): Promise<PreviousSection> => ({
  file,
  name,
  section: findSection((await readOptionalFile(file)) ?? '', name),
  mode: await getFileMode(file),
});

/** @throws DeliveryError `conflict` when a profile of that name exists */
export const rejectExistingProfile = (previousSections: readonly PreviousSection[], profile: string): void => {
  const existing = previousSections.find(({ section }) => section !== undefined);
  if (existing === undefined) return;
  throw new DeliveryError(
    'conflict',
    `profile '${profile}' already exists in ${existing.file}: choose another name, or set 'overwrite-aws-profile: true'`,
  );
};

/** Creates the file's directory first, since the lock file is placed there. */
const withFileLock = async (file: string, clock: Clock, task: () => Promise<void>): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await withLock({ path: `${file}.oidc-credentials.lock`, clock }, task);
};

/** Writes or removes a section, leaves the rest of the file unchanged, and restricts the file to its owner. */
export const writeSection = async ({ file, name, settings }: Section, clock: Clock): Promise<void> => {
  if (settings === undefined && findSection((await readOptionalFile(file)) ?? '', name) === undefined) return;
  await withFileLock(file, clock, async () => {
    const content = (await readOptionalFile(file)) ?? '';
    const updated =
      settings === undefined
        ? removeSection(content, name)
        : replaceSection(content, name, formatSection(name, settings));
    await writePrivateFile(file, updated);
  });
};

/** Restores the previous section or removes the new one; deletes a file that was created for it and is now empty. */
export const restoreSection = async ({ file, name, section, mode }: PreviousSection, clock: Clock): Promise<void> => {
  await withFileLock(file, clock, async () => {
    await removeTempFile(file);
    const content = await readOptionalFile(file);
    if (content === undefined) return;
    const restored = section === undefined ? removeSection(content, name) : replaceSection(content, name, section);
    if (restored.trim() === '' && mode === undefined) await rm(file, { force: true });
    else await writePrivateFile(file, restored, mode ?? PRIVATE_MODE);
  });
};
