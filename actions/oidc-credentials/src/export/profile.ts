import { dirname } from 'node:path';
import { formatSection, type Settings } from '@aws-delivery/action-kit/files/ini-section';
import type { Clock } from '@aws-delivery/action-kit/util/clock';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { withLock } from './file-lock.js';
import { findSection, removeSection, replaceSection } from './ini.js';
import { findMode, readOptionalFile } from './private-file.js';
import { makeDirectory, removeSharedFile, removeTempFile, writeSharedFile } from './shared-file.js';

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

/** Section name of a profile in the configuration file: `profile dev`, but `default`. */
export const formatSectionName = (profile: string): string => (profile === 'default' ? profile : `profile ${profile}`);

/** Reads a section before it is written. */
export const readPreviousSection = async ({ file, name }: Section): Promise<PreviousSection> => ({
  file,
  name,
  section: findSection((await readOptionalFile(file)) ?? '', name),
  mode: await findMode(file),
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
  await makeDirectory(dirname(file));
  await withLock({ path: `${file}.oidc-credentials.lock`, clock }, task);
};

/** Writes or removes a section, leaves the rest of the file unchanged. */
export const writeSection = async ({ file, name, settings }: Section, clock: Clock): Promise<void> => {
  if (settings === undefined && findSection((await readOptionalFile(file)) ?? '', name) === undefined) return;
  await withFileLock(file, clock, async () => {
    const content = (await readOptionalFile(file)) ?? '';
    const updated =
      settings === undefined
        ? removeSection(content, name)
        : replaceSection(content, name, formatSection(name, settings));
    await writeSharedFile(file, updated);
  });
};

/** Restores the previous section or removes the new one; deletes a file that was created for it and is now empty. */
export const restoreSection = async ({ file, name, section, mode }: PreviousSection, clock: Clock): Promise<void> => {
  await withFileLock(file, clock, async () => {
    await removeTempFile(file);
    const content = await readOptionalFile(file);
    if (content === undefined) return;
    const restored = section === undefined ? removeSection(content, name) : replaceSection(content, name, section);
    if (restored.trim() === '' && mode === undefined) await removeSharedFile(file);
    else await writeSharedFile(file, restored);
  });
};
