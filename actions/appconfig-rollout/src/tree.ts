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

/** What is at a place where nobody looks would never be deployed, and nobody would be told. */
const refuseStrays = (folder: string, names: readonly string[], message: string): void => {
  if (names.length > 0) throw new FaultyFiles(names.map((name) => ({ message, file: join(folder, name) })));
};

const profileFiles = async (files: Files, folder: string): Promise<ProfileFiles> => {
  const { files: names = [], folders = [] } = (await listIn(files, folder)) ?? {};
  refuseStrays(folder, folders, 'is a folder where each file is a profile');
  return byStem(folder, names, stemOf);
};

const schemaFiles = async (files: Files, folder: string): Promise<ProfileFiles> => {
  const ending = '.schema.json';
  const names = (await listIn(files, folder))?.files ?? [];
  const strays = names.filter((name) => !name.endsWith(ending));
  refuseStrays(folder, strays, `is no schema by its name: call it <Profile>${ending}`);
  return byStem(folder, names, (name) => name.slice(0, -ending.length));
};

const environmentsOf = async (files: Files, folder: string): Promise<ReadonlyMap<string, ProfileFiles>> => {
  const { folders: names = [], files: strays = [] } = (await listIn(files, folder)) ?? {};
  refuseStrays(folder, strays, 'is in no environment: put it into the folder of one');
  const environments = new Map<string, ProfileFiles>();
  for (const name of names) {
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

// A profile whose name is misspelt in the settings would be made of another type, for good.
const refuseStrangers = ({ settings, template, schemas, tenants }: Tree, settingsFile: string): void => {
  const folders = [...tenants.values()].flatMap((environments) => [...environments.values()]);
  const known = new Set([template, ...folders].flatMap((files) => [...files.keys()]));
  const declared = [...settings.profiles]
    .filter(([, { location }]) => location.kind === 'hosted')
    .map(([name]) => name);
  const strangers = declared.filter((name) => !known.has(name));
  const faults = [
    ...strangers.map(
      (name): Fault => ({ message: `'profiles.${name}': no tenant has such a profile`, file: settingsFile }),
    ),
    ...[...schemas]
      .filter(([name]) => !known.has(name) && !settings.profiles.has(name))
      .map(([, file]): Fault => ({ message: 'is for a profile that no tenant has', file })),
  ];
  if (faults.length > 0) throw new FaultyFiles(faults);
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
    return [tenant, await environmentsOf(files, join(folder, tenant))] as const;
  });
  const tree = {
    root,
    settings: await readSettings(files, root, top.files),
    template: await profileFiles(files, join(root, 'template')),
    schemas: await schemaFiles(files, join(root, 'schemas')),
    tenants: new Map(read),
  };
  refuseStrangers(tree, join(root, SETTINGS.find((name) => top.files.includes(name)) ?? ''));
  return tree;
};
