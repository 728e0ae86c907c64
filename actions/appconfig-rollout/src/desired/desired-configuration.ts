import type { ListChangedFiles } from '@aws-delivery/action-kit/git/run-git';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isSelected } from '../inputs/name-pattern.js';
import type { Request, RequestSource, Selection } from '../inputs/parse-request.js';
import { mapConcurrent } from '../util/concurrency.js';
import { createChangeFilter } from './changed-profiles.js';
import { Composer } from './composer.js';
import type { DesiredConfiguration, DesiredProfile, DesiredTenant } from './desired-profile.js';
import type { SchemaValidator } from './documents/schema.js';
import { EMPTY_SETTINGS, getProfileSettings, type ProfileSettings, type TreeSettings } from './settings.js';
import { readTree, type Tree } from './tree.js';
import { formatIssue, InvalidFilesError, type ValidationIssue } from './validation-issue.js';
import type { WorkspaceFiles } from './workspace-files.js';

/** Where a wish is read from. */
export interface Workspace {
  readonly files: WorkspaceFiles;
  /** Asks the repository that a folder belongs to: a workspace may hold several. */
  readonly listChangedFiles: (directory: string) => ListChangedFiles;
  /** A path as git writes it. */
  readonly toRepositoryPath: (path: string) => string;
}

/** Everything that is wanted, and the settings it was read with. */
export interface LoadedConfiguration {
  readonly configuration: DesiredConfiguration;
  readonly settings: TreeSettings;
}

/** A target before its file is read. */
interface ProfileRef {
  readonly tenant: string;
  readonly environment: string;
  readonly profile: string;
  readonly settings: ProfileSettings;
  readonly tenantFile: string | undefined;
  readonly template: string | undefined;
}

interface Schema {
  readonly content: string;
  readonly validate: SchemaValidator;
}

const COMPOSE_CONCURRENCY = 32;

const selectEnvironments = ({ environments }: Selection, found: Iterable<string>): readonly string[] => [
  ...new Set(environments.length === 0 ? found : environments),
];

/** How long names in AppConfig may be (aws-facts §2.4): refused before anything is begun. */
const MAX_NAME_LENGTH = { tenant: 64, environment: 64, profile: 128 } as const;

const assertNameLengths = (refs: readonly ProfileRef[]): void => {
  for (const kind of ['tenant', 'environment', 'profile'] as const) {
    const tooLong = refs.find((ref) => ref[kind].length > MAX_NAME_LENGTH[kind]);
    if (tooLong === undefined) continue;
    throw new DeliveryError(
      'invalid-input',
      `${kind} '${tooLong[kind]}' is longer than the ${MAX_NAME_LENGTH[kind]} characters of its name in AppConfig: shorten it`,
    );
  }
};

const listProfileRefs = (tree: Tree, selection: Selection): readonly ProfileRef[] =>
  [...tree.tenants].flatMap(([tenant, environmentFiles]) =>
    selectEnvironments(selection, environmentFiles.keys()).flatMap((environment) => {
      const files = environmentFiles.get(environment) ?? new Map<string, string>();
      return listProfileNames(tree, files).map((profile): ProfileRef => {
        const settings = getProfileSettings(tree.settings, profile);
        const tenantFile = files.get(profile);
        return { tenant, environment, profile, settings, tenantFile, template: tree.template.get(profile) };
      });
    }),
  );

const listExternalProfiles = ({ profiles }: TreeSettings): readonly string[] =>
  [...profiles].filter(([, { location }]) => location.kind === 'external').map(([name]) => name);

const listProfileNames = (tree: Tree, files: ReadonlyMap<string, string>): readonly string[] =>
  [...new Set([...tree.template.keys(), ...files.keys(), ...listExternalProfiles(tree.settings)])].sort();

/** A pattern that selects nothing is a typing error, and a rollout of nothing would be green. */
const rejectUnmatched = (inputName: string, patterns: readonly string[], names: Iterable<string>): void => {
  const known = [...names];
  const unmatched = patterns.find((pattern) => !known.some((name) => isSelected(name, [pattern])));
  if (unmatched === undefined) return;
  throw new DeliveryError(
    'not-found',
    `input '${inputName}': '${unmatched}' fits none of ${known.slice(0, 20).join(', ') || 'none'}`,
  );
};

const readSchemas = async (composer: Composer, tree: Pick<Tree, 'schemas'>): Promise<ReadonlyMap<string, Schema>> => {
  const entries = await mapConcurrent([...tree.schemas], COMPOSE_CONCURRENCY, async ([profile, file]) => {
    const schema = await composer.loadSchema(file).catch((error: unknown) => {
      throw error instanceof DeliveryError ? new InvalidFilesError([{ file, message: error.message }]) : error;
    });
    return [profile, { content: schema.content, validate: schema.validate }] as const;
  });
  return new Map(entries);
};

interface ComposeContext {
  readonly composer: Composer;
  readonly merge: 'replace' | 'deep';
  readonly schemas: ReadonlyMap<string, Schema>;
  readonly issues: Map<string, ValidationIssue>;
}

const composeProfile = async (
  ref: ProfileRef,
  { composer, merge, schemas, issues }: ComposeContext,
): Promise<readonly DesiredProfile[]> => {
  const { tenant, environment, profile, settings, tenantFile, template } = ref;
  const { type, location, validators: functions } = settings;
  const schema = schemas.get(profile);
  if (schema !== undefined && functions.length > 1) {
    const message = `profile '${profile}' has a JSON Schema and ${functions.length} functions: AppConfig takes at most 2 validators`;
    throw new DeliveryError('invalid-input', message);
  }
  const desired = { tenant, environment, profile, type, functions, schema: schema?.content };
  if (location.kind === 'external') return [{ ...desired, source: { kind: 'external', location } }];
  const composed = await composer.compose({ profile, type, tenantFile, template, merge, schema: schema?.validate });
  if (composed.kind === 'invalid') {
    for (const issue of composed.issues) issues.set(formatIssue(issue), issue);
    return [];
  }
  const { content, file, template: mergedTemplate } = composed;
  return [{ ...desired, source: { kind: 'hosted', content, file, template: mergedTemplate } }];
};

const composeProfiles = async (
  refs: readonly ProfileRef[],
  composeContext: ComposeContext,
): Promise<readonly DesiredProfile[]> => {
  assertNameLengths(refs);
  const profiles = (
    await mapConcurrent(refs, COMPOSE_CONCURRENCY, (ref) => composeProfile(ref, composeContext))
  ).flat();
  if (composeContext.issues.size > 0) throw new InvalidFilesError([...composeContext.issues.values()]);
  return profiles;
};

const needsContent = ({ mode }: Request): boolean => mode === 'rollout' || mode === 'preview';

const collectTenants = (tree: Tree, selection: Selection): DesiredConfiguration['tenants'] =>
  new Map(
    [...tree.tenants].map(([name, environmentFiles]): [string, DesiredTenant] => {
      const environments = selectEnvironments(selection, environmentFiles.keys());
      const files = new Map([...environmentFiles.values()].flatMap((entries) => [...entries]));
      const profiles = new Set(listProfileNames(tree, files));
      return [
        name,
        { environments, knownEnvironments: new Set([...environments, ...environmentFiles.keys()]), profiles },
      ];
    }),
  );

const selectProfileRefs = async (
  tree: Tree,
  { selection }: Request,
  workspace: Workspace,
): Promise<readonly ProfileRef[]> => {
  const all = listProfileRefs(tree, selection);
  rejectUnmatched('tenants', selection.tenants, tree.tenants.keys());
  rejectUnmatched('profiles', selection.profiles, new Set(all.map(({ profile }) => profile)));
  const { changedSince } = selection;
  const changedFiles =
    changedSince === undefined ? undefined : await workspace.listChangedFiles(tree.root)(changedSince);
  const isAffected = changedFiles === undefined ? () => true : createChangeFilter(changedFiles);
  return all.filter(
    (ref) =>
      isSelected(ref.tenant, selection.tenants) && isSelected(ref.profile, selection.profiles) && isAffected(ref),
  );
};

const readDesiredProfiles = async (
  tree: Tree,
  request: Request,
  workspace: Workspace,
): Promise<readonly DesiredProfile[]> => {
  // A file may be at fault: no reason not to take back what it has done.
  if (!needsContent(request)) return [];
  const refs = await selectProfileRefs(tree, request, workspace);
  const composer = new Composer(workspace.files);
  const schemas = await readSchemas(composer, tree);
  return composeProfiles(refs, { composer, merge: request.merge, schemas, issues: new Map() });
};

const readTreeConfiguration = async (
  root: string,
  request: Request,
  workspace: Workspace,
): Promise<LoadedConfiguration> => {
  const tree = await readTree(workspace.files, root);
  const profiles = await readDesiredProfiles(tree, request, workspace);
  return { configuration: { profiles, tenants: collectTenants(tree, request.selection) }, settings: tree.settings };
};

const readFileConfiguration = async (
  source: Extract<RequestSource, { kind: 'file' }>,
  request: Request,
  { files }: Workspace,
): Promise<LoadedConfiguration> => {
  const { application: tenant, environment, profile, type, file } = source;
  const settings = { type, location: { kind: 'hosted' as const }, validators: [] };
  const ref: ProfileRef = { tenant, environment, profile, settings, tenantFile: file, template: undefined };
  const composeContext = {
    composer: new Composer(files),
    merge: 'replace' as const,
    schemas: new Map(),
    issues: new Map(),
  };
  const profiles = needsContent(request) ? await composeProfiles([ref], composeContext) : [];
  const desiredTenant = {
    environments: [environment],
    knownEnvironments: new Set([environment]),
    profiles: new Set([profile]),
  };
  return { configuration: { profiles, tenants: new Map([[tenant, desiredTenant]]) }, settings: EMPTY_SETTINGS };
};

/** Reads what is wanted, checks all of it, and throws FaultyFiles before anything is begun where it cannot be. */
export const readConfiguration = (request: Request, workspace: Workspace): Promise<LoadedConfiguration> =>
  request.source.kind === 'tree'
    ? readTreeConfiguration(request.source.root, request, workspace)
    : readFileConfiguration(request.source, request, workspace);
