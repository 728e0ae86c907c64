import { join } from 'node:path';
import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { RequestSource } from '../inputs/parse-request.js';
import { LineFinder, parseValue } from './documents/document.js';
import { EMPTY_SETTINGS, type TreeSettings } from './settings.js';
import { InvalidFilesError, type ValidationIssue } from './validation-issue.js';
import type { Listing, WorkspaceFiles } from './workspace-files.js';

/** Paths of files by the profile they belong to. */
export type ProfileFiles = ReadonlyMap<string, string>;

/** The settings of a tree and the paths of its files, which are not read yet. */
export interface Tree {
  readonly root: string;
  readonly settings: TreeSettings;
  readonly template: ProfileFiles;
  readonly schemas: ProfileFiles;
  /** Files by tenant and environment. */
  readonly tenants: ReadonlyMap<string, ReadonlyMap<string, ProfileFiles>>;
}

const DIRECTORY_CONCURRENCY = 32;
const SETTINGS_FILES = ['appconfig.yml', 'appconfig.yaml'];

/** A path or file name without its extension. */
export const removeExtension = (path: string): string => path.replace(/\.[^./]+$/, '');

/** Throws InvalidFilesError if two files belong to the same profile. */
const indexByProfile = (
  directory: string,
  names: readonly string[],
  getProfile: (name: string) => string,
): ProfileFiles => {
  const found = new Map<string, string>();
  for (const name of names) {
    const existing = found.get(getProfile(name));
    if (existing !== undefined) {
      const message = `belongs to the same profile as '${existing}': remove one of the files`;
      throw new InvalidFilesError([{ message, file: join(directory, name) }]);
    }
    found.set(getProfile(name), join(directory, name));
  }
  return found;
};

/**
 * Lists a directory; undefined if it does not exist. Throws InvalidFilesError for links, which could deploy files from
 * outside the tree.
 */
const listDirectory = async (files: WorkspaceFiles, directory: string): Promise<Listing | undefined> => {
  const listing = await files.list(directory);
  const issues = (listing?.others ?? []).map((name): ValidationIssue => {
    const message = 'is neither a file nor a directory: replace a symbolic link with the file';
    return { message, file: join(directory, name) };
  });
  if (issues.length > 0) throw new InvalidFilesError(issues);
  return listing;
};

/** Throws InvalidFilesError for entries in a place that is not read: they would be skipped without notice. */
const rejectStrayEntries = (directory: string, names: readonly string[], message: string): void => {
  if (names.length > 0) throw new InvalidFilesError(names.map((name) => ({ message, file: join(directory, name) })));
};

const listProfileFiles = async (files: WorkspaceFiles, directory: string): Promise<ProfileFiles> => {
  const { files: names = [], directories = [] } = (await listDirectory(files, directory)) ?? {};
  rejectStrayEntries(directory, directories, 'is a directory, but only profile files are read at this level: move it');
  return indexByProfile(directory, names, removeExtension);
};

const listSchemaFiles = async (files: WorkspaceFiles, directory: string): Promise<ProfileFiles> => {
  const extension = '.schema.json';
  const names = (await listDirectory(files, directory))?.files ?? [];
  const strays = names.filter((name) => !name.endsWith(extension));
  rejectStrayEntries(directory, strays, `is not named like a schema: rename it to <Profile>${extension}`);
  return indexByProfile(directory, names, (name) => name.slice(0, -extension.length));
};

const listEnvironmentFiles = async (
  files: WorkspaceFiles,
  directory: string,
): Promise<ReadonlyMap<string, ProfileFiles>> => {
  const { directories: names = [], files: strays = [] } = (await listDirectory(files, directory)) ?? {};
  rejectStrayEntries(directory, strays, 'is not in an environment: move it to the directory of an environment');
  const environments = new Map<string, ProfileFiles>();
  for (const name of names) {
    environments.set(name, await listProfileFiles(files, join(directory, name)));
  }
  return environments;
};

const readSettingsValue = (text: string, file: string): unknown => {
  try {
    return parseValue(text, 'yaml');
  } catch (error) {
    if (error instanceof DeliveryError) throw new InvalidFilesError([{ message: error.message, file }]);
    throw error;
  }
};

/** Reads `appconfig.yml`. Throws InvalidFilesError for unknown or invalid settings. */
const readSettings = async (files: WorkspaceFiles, root: string, names: readonly string[]): Promise<TreeSettings> => {
  const name = SETTINGS_FILES.find((each) => names.includes(each));
  if (name === undefined) return EMPTY_SETTINGS;
  const file = join(root, name);
  const text = await files.read(file);
  const { parseSettings } = await import('./settings-file.js');
  const parsed = parseSettings(readSettingsValue(text, file));
  if ('settings' in parsed) return parsed.settings;
  const lines = new LineFinder(text);
  const issues = parsed.issues.map(({ path, message }): ValidationIssue => ({ message, file, line: lines.find(path) }));
  throw new InvalidFilesError(issues);
};

// A misspelt name in the settings would create the profile with the default type, which cannot be changed later.
const rejectUnknownProfiles = ({ settings, template, schemas, tenants }: Tree, settingsFile: string): void => {
  const fileSets = [...tenants.values()].flatMap((environments) => [...environments.values()]);
  const known = new Set([template, ...fileSets].flatMap((files) => [...files.keys()]));
  const declared = [...settings.profiles]
    .filter(([, { location }]) => location.kind === 'hosted')
    .map(([name]) => name);
  const unknownProfiles = declared.filter((name) => !known.has(name));
  const issues = [
    ...unknownProfiles.map(
      (name): ValidationIssue => ({
        message: `'profiles.${name}' not found in the template or in a tenant: correct the name`,
        file: settingsFile,
      }),
    ),
    ...[...schemas]
      .filter(([name]) => !known.has(name) && !settings.profiles.has(name))
      .map(
        ([, file]): ValidationIssue => ({
          message: 'belongs to a profile that is not in the template or in a tenant: correct the name',
          file,
        }),
      ),
  ];
  if (issues.length > 0) throw new InvalidFilesError(issues);
};

/** A tree that holds one hosted profile: the inputs `application`, `environment`, `profile` and `file`. */
export const createFileTree = ({
  application,
  environment,
  profile,
  type,
  file,
}: Extract<RequestSource, { kind: 'file' }>): Tree => ({
  root: '',
  settings: {
    profiles: new Map([[profile, { type, location: { kind: 'hosted' }, validators: [] }]]),
    environments: new Map(),
  },
  template: new Map(),
  schemas: new Map(),
  tenants: new Map([[application, new Map([[environment, new Map([[profile, file]])]])]]),
});

/** Lists the files of a tree and reads its settings. Throws `not-found` without a tree, and InvalidFilesError. */
export const readTree = async (files: WorkspaceFiles, root: string): Promise<Tree> => {
  const top = await listDirectory(files, root);
  const tenantsDirectory = join(root, 'tenants');
  const tenants = await listDirectory(files, tenantsDirectory);
  if (top === undefined || tenants === undefined) {
    throw new DeliveryError(
      'not-found',
      `input 'tree': directory '${tenantsDirectory}' not found: check the path, and that the step runs after actions/checkout`,
    );
  }
  const tenantEntries = await mapConcurrent(tenants.directories, DIRECTORY_CONCURRENCY, async (tenant) => {
    return [tenant, await listEnvironmentFiles(files, join(tenantsDirectory, tenant))] as const;
  });
  const tree = {
    root,
    settings: await readSettings(files, root, top.files),
    template: await listProfileFiles(files, join(root, 'template')),
    schemas: await listSchemaFiles(files, join(root, 'schemas')),
    tenants: new Map(tenantEntries),
  };
  rejectUnknownProfiles(tree, join(root, SETTINGS_FILES.find((name) => top.files.includes(name)) ?? ''));
  return tree;
};
