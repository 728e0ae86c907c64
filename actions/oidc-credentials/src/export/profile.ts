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
  /** Undefined where there must be no such section. */
  readonly settings: Settings | undefined;
}

/** What was there before a section was written. */
export interface PreviousSection {
  readonly file: string;
  readonly name: string;
  /** Text of the section; undefined where there was none. */
  readonly section?: string | undefined;
  /** Permissions of the file; undefined where there was none. */
  readonly mode?: number | undefined;
}

export interface SharedFiles {
  readonly credentials: string;
  readonly config: string;
}

const expandHome = (path: string, home: string): string => path.replace(/^~(?=[/\\]|$)/u, home);

/** Where the SDKs look: AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, else the home directory. */
export const locateSharedFiles = (env: Env): SharedFiles => {
  const home = env['HOME'] || env['USERPROFILE'] || homedir();
  const resolvePath = (variable: string, name: string): string =>
    expandHome(env[variable] || join(home, '.aws', name), home);
  return {
    credentials: resolvePath('AWS_SHARED_CREDENTIALS_FILE', 'credentials'),
    config: resolvePath('AWS_CONFIG_FILE', 'config'),
  };
};

/** How the configuration file names a profile: `profile dev`, but `default`. */
export const formatSectionName = (profile: string): string => (profile === 'default' ? profile : `profile ${profile}`);

const getFileMode = async (file: string): Promise<number | undefined> => {
  try {
    return (await stat(file)).mode & 0o777;
  } catch {
    return undefined;
  }
};

/** What stands where a section is to be written. */
export const readPreviousSection = async ({ file, name }: Section): Promise<PreviousSection> => ({
  file,
  name,
  section: findSection((await readOptionalFile(file)) ?? '', name),
  mode: await getFileMode(file),
});

/** Throws `conflict` where a profile of that name is in use and may not be replaced. */
export const rejectExistingProfile = (previousSections: readonly PreviousSection[], profile: string): void => {
  const existing = previousSections.find(({ section }) => section !== undefined);
  if (existing === undefined) return;
  throw new DeliveryError(
    'conflict',
    `profile '${profile}' exists already in ${existing.file}: choose another name, or set 'overwrite-aws-profile: true'`,
  );
};

/** The lock lies beside the file, so its directory has to be there first. */
const withFileLock = async (file: string, clock: Clock, task: () => Promise<void>): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await withLock({ path: `${file}.oidc-credentials.lock`, clock }, task);
};

/** Writes a section and touches nothing else in the file, which only its owner can read from then on. */
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

/** Puts back what was there: the former section, or none; a file that was made for it and holds nothing else goes. */
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
