import { mkdir, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Clock } from '@aws-delivery/action-kit/clock';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Variables } from '@aws-delivery/action-kit/inputs';
import { type Settings, sectionIn, sectionText, withoutSection, withSection } from './ini.js';
import { withLock } from './lock.js';
import { dropDraft, PRIVATE, readText, writePrivate } from './private-file.js';

/** A section of one of the shared files. */
export interface Section {
  readonly file: string;
  readonly name: string;
  /** Undefined where there must be no such section. */
  readonly settings: Settings | undefined;
}

/** What was there before a section was written. */
export interface Former {
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

const expanded = (path: string, home: string): string => path.replace(/^~(?=[/\\]|$)/u, home);

/** Where the SDKs look: AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, else the home directory. */
export const sharedFiles = (variables: Variables): SharedFiles => {
  const home = variables['HOME'] || variables['USERPROFILE'] || homedir();
  const path = (variable: string, name: string): string =>
    expanded(variables[variable] || join(home, '.aws', name), home);
  return { credentials: path('AWS_SHARED_CREDENTIALS_FILE', 'credentials'), config: path('AWS_CONFIG_FILE', 'config') };
};

/** How the configuration file names a profile: `profile dev`, but `default`. */
export const configSection = (profile: string): string => (profile === 'default' ? profile : `profile ${profile}`);

const modeOf = async (file: string): Promise<number | undefined> => {
  try {
    return (await stat(file)).mode & 0o777;
  } catch {
    return undefined;
  }
};

/** What stands where a section is to be written. */
export const formerOf = async ({ file, name }: Section): Promise<Former> => ({
  file,
  name,
  section: sectionIn((await readText(file)) ?? '', name),
  mode: await modeOf(file),
});

/** Throws `conflict` where a profile of that name is in use and may not be replaced. */
export const refuseExisting = (formers: readonly Former[], profile: string): void => {
  const former = formers.find(({ section }) => section !== undefined);
  if (former === undefined) return;
  throw new DeliveryError(
    'conflict',
    `profile '${profile}' exists already in ${former.file}: choose another name, or set 'overwrite-aws-profile: true'`,
  );
};

/** The lock lies beside the file, so its directory has to be there first. */
const guarded = async (file: string, clock: Clock, work: () => Promise<void>): Promise<void> => {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await withLock({ path: `${file}.oidc-credentials.lock`, clock }, work);
};

/** Writes a section and touches nothing else in the file, which only its owner can read from then on. */
export const writeSection = async ({ file, name, settings }: Section, clock: Clock): Promise<void> => {
  if (settings === undefined && sectionIn((await readText(file)) ?? '', name) === undefined) return;
  await guarded(file, clock, async () => {
    const text = (await readText(file)) ?? '';
    const written =
      settings === undefined ? withoutSection(text, name) : withSection(text, name, sectionText(name, settings));
    await writePrivate(file, written);
  });
};

/** Puts back what was there: the former section, or none; a file that was made for it and holds nothing else goes. */
export const restoreSection = async ({ file, name, section, mode }: Former, clock: Clock): Promise<void> => {
  await guarded(file, clock, async () => {
    await dropDraft(file);
    const text = await readText(file);
    if (text === undefined) return;
    const rest = section === undefined ? withoutSection(text, name) : withSection(text, name, section);
    if (rest.trim() === '' && mode === undefined) await rm(file, { force: true });
    else await writePrivate(file, rest, mode ?? PRIVATE);
  });
};
