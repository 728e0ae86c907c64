import { join } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { lineOf, readValue } from './document.js';
import { type Fault, FaultyFiles } from './fault.js';
import type { Files, Listing } from './files.js';
import { inPool } from './pool.js';
import { NO_SETTINGS, type TreeSettings } from './settings.js';

/** A folder's files by the profile they are for, with their paths. */
export type ProfileFiles = ReadonlyMap<string, string>;

/** A tree as it lies on disk, unread but for its settings. */
export interface Tree {
  readonly root: string;
  readonly settings: TreeSettings;
  readonly template: ProfileFiles;
  readonly schemas: ProfileFiles;
  /** Tenants, their environments, their files. */
  readonly tenants: ReadonlyMap<string, ReadonlyMap<string, ProfileFiles>>;
}

const FOLDERS_AT_ONCE = 32;
const SETTINGS = ['appconfig.yml', 'appconfig.yaml'];

const stemOf = (name: string): string => name.replace(/\.[^.]+$/, '');

/** Files by stem. Two of one stem would be two contents of one profile. */
const byStem = (folder: string, names: readonly string[], stem: (name: string) => string): ProfileFiles => {
  const found = new Map<string, string>();
  for (const name of names) {
    const other = found.get(stem(name));
    if (other !== undefined) {
      const message = `is for the same profile as '${other}': keep one of them`;
      throw new FaultyFiles([{ message, file: join(folder, name) }]);
    }
    found.set(stem(name), join(folder, name));
  }
  return found;
};

/** What is in a folder. A link is not followed, lest a tree deploy what lies outside of it, nor passed over in silence. */
const listIn = async (files: Files, folder: string): Promise<Listing | undefined> => {
  const listing = await files.list(folder);
  const faults = (listing?.others ?? []).map((name): Fault => {
    const message = 'is neither a file nor a folder: put the file itself there, not a link';
    return { message, file: join(folder, name) };
  });
  if (faults.length > 0) throw new FaultyFiles(faults);
  return listing;
};

const profileFiles = async (files: Files, folder: string, stem = stemOf): Promise<ProfileFiles> =>
  byStem(folder, (await listIn(files, folder))?.files ?? [], stem);

const schemaFiles = async (files: Files, folder: string): Promise<ProfileFiles> => {
  const ending = '.schema.json';
  const names = ((await listIn(files, folder))?.files ?? []).filter((name) => name.endsWith(ending));
  return byStem(folder, names, (name) => name.slice(0, -ending.length));
};

const checkName = (name: string, folder: string): void => {
  if (name.length > 64) {
    throw new DeliveryError(
      'invalid-input',
      `folder '${folder}': '${name}' is longer than the 64 characters of a name in AppConfig`,
    );
  }
};

const environmentsOf = async (files: Files, folder: string): Promise<ReadonlyMap<string, ProfileFiles>> => {
  const names = (await listIn(files, folder))?.folders ?? [];
  const environments = new Map<string, ProfileFiles>();
  for (const name of names) {
    checkName(name, folder);
    environments.set(name, await profileFiles(files, join(folder, name)));
  }
  return environments;
};

/** Reads `appconfig.yml`. Throws FaultyFiles for what it does not know. */
const readSettings = async (files: Files, root: string, names: readonly string[]): Promise<TreeSettings> => {
  const name = SETTINGS.find((each) => names.includes(each));
  if (name === undefined) return NO_SETTINGS;
  const file = join(root, name);
  const text = await files.read(file);
  const { parseSettings } = await import('./settings-file.js');
  const parsed = parseSettings(readSettingsValue(text, file));
  if ('settings' in parsed) return parsed.settings;
  const faults = parsed.wrong.map(({ path, message }): Fault => ({ message, file, line: lineOf(text, path) }));
  throw new FaultyFiles(faults);
};

const readSettingsValue = (text: string, file: string): unknown => {
  try {
    return readValue(text, 'yaml');
  } catch (error) {
    if (error instanceof DeliveryError) throw new FaultyFiles([{ message: error.message, file }]);
    throw error;
  }
};

/** Looks at a tree. Throws `not-found` where there is none, and FaultyFiles. */
export const readTree = async (files: Files, root: string): Promise<Tree> => {
  const top = await listIn(files, root);
  const folder = join(root, 'tenants');
  const tenants = await listIn(files, folder);
  if (top === undefined || tenants === undefined) {
    throw new DeliveryError(
      'not-found',
      `input 'tree': there is no folder '${folder}': check the path, and the checkout before it`,
    );
  }
  const read = await inPool(tenants.folders, FOLDERS_AT_ONCE, async (tenant) => {
    checkName(tenant, folder);
    return [tenant, await environmentsOf(files, join(folder, tenant))] as const;
  });
  return {
    root,
    settings: await readSettings(files, root, top.files),
    template: await profileFiles(files, join(root, 'template')),
    schemas: await schemaFiles(files, join(root, 'schemas')),
    tenants: new Map(read),
  };
};
