import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isSelected } from '../inputs/name-pattern.js';
import type { Request, Selection } from '../inputs/parse-request.js';
import { Composer } from './composer.js';
import type { DesiredConfiguration, DesiredTenant, ProfileRef } from './desired-profile.js';
import { PatternMatcher } from './documents/pattern-matcher.js';
import { createFileTree, readTree, removeExtension, type Tree } from './tree.js';
import type { WorkspaceFiles } from './workspace-files.js';

/** File and git access for reading the desired configuration. */
export interface Workspace {
  readonly files: WorkspaceFiles;
  /**
   * Lists files below a directory that changed since a revision, relative to the directory; undefined if everything is
   * new. Uses the repository that the directory belongs to: a workspace may hold several.
   */
  readonly listChangedFiles: (directory: string, revision: string) => Promise<readonly string[] | undefined>;
  /** A path relative to the workspace, with slashes. */
  readonly toRepositoryPath: (path: string) => string;
}

/** Limits of names in AppConfig (docs/aws-facts.md §2.4). */
const MAX_NAME_LENGTH = { tenant: 64, environment: 64, profile: 128 } as const;

const assertNameLengths = (refs: readonly ProfileRef[]): void => {
  for (const kind of ['tenant', 'environment', 'profile'] as const) {
    const tooLong = refs.find((ref) => ref[kind].length > MAX_NAME_LENGTH[kind]);
    if (tooLong === undefined) continue;
    throw new DeliveryError(
      'invalid-input',
      `${kind} '${tooLong[kind]}' has more than ${MAX_NAME_LENGTH[kind]} characters, the AppConfig limit for its name: shorten it`,
    );
  }
};

const selectEnvironments = ({ environments }: Selection, found: Iterable<string>): readonly string[] => [
  ...new Set(environments.length === 0 ? found : environments),
];

/** The profiles of an environment: those of the template, of its own files, and those that need no file. */
const listProfileNames = ({ settings, template }: Tree, files: Iterable<string>): readonly string[] => {
  const external = [...settings.profiles].filter(([, { location }]) => location.kind === 'external');
  return [...new Set([...template.keys(), ...files, ...external.map(([name]) => name)])].sort();
};

const listProfileRefs = (tree: Tree, selection: Selection): readonly ProfileRef[] =>
  [...tree.tenants].flatMap(([tenant, environmentFiles]) =>
    selectEnvironments(selection, environmentFiles.keys()).flatMap((environment) => {
      const names = listProfileNames(tree, environmentFiles.get(environment)?.keys() ?? []);
      return names.map((profile): ProfileRef => ({ tenant, environment, profile }));
    }),
  );

const MAX_NAMES = 20;

const formatNames = (names: readonly string[]): string => {
  const more = names.length - MAX_NAMES;
  return `${names.slice(0, MAX_NAMES).join(', ')}${more > 0 ? ` (${more} more)` : ''}`;
};

/** Throws for a pattern that selects nothing: it is a typing error, and a rollout of nothing would pass. */
const rejectUnmatched = (inputName: string, patterns: readonly string[], names: Iterable<string>): void => {
  const known = [...names];
  const unmatched = patterns.find((pattern) => !known.some((name) => isSelected(name, [pattern])));
  if (unmatched === undefined) return;
  throw new DeliveryError(
    'not-found',
    `input '${inputName}': '${unmatched}' not found: ${known.length === 0 ? 'the tree has none' : `expected one of ${formatNames(known)}`}`,
  );
};

/**
 * Selects the profiles that depend on changed files of the tree (paths relative to it). A change below an environment
 * concerns all its profiles: a new environment has none of the template's deployed yet.
 */
const createChangeFilter = (paths: readonly string[]): ((ref: ProfileRef) => boolean) => {
  if (paths.some((path) => /^appconfig\.ya?ml$/.test(path))) return () => true;
  const stems = new Set(paths.map(removeExtension));
  const directories = new Set(paths.map((path) => path.split('/').slice(0, 3).join('/')));
  return ({ tenant, environment, profile }) =>
    stems.has(`template/${profile}`) ||
    stems.has(`schemas/${profile}.schema`) ||
    directories.has(`tenants/${tenant}/${environment}`);
};

const selectProfiles = async (
  tree: Tree,
  selection: Selection,
  workspace: Workspace,
): Promise<readonly ProfileRef[]> => {
  const all = listProfileRefs(tree, selection);
  rejectUnmatched('tenants', selection.tenants, tree.tenants.keys());
  rejectUnmatched('profiles', selection.profiles, new Set(all.map(({ profile }) => profile)));
  const { changedSince } = selection;
  const changedFiles =
    changedSince === undefined ? undefined : await workspace.listChangedFiles(tree.root, changedSince);
  const isAffected = changedFiles === undefined ? () => true : createChangeFilter(changedFiles);
  return all.filter(
    (ref) =>
      isSelected(ref.tenant, selection.tenants) && isSelected(ref.profile, selection.profiles) && isAffected(ref),
  );
};

const collectTenants = (tree: Tree, selection: Selection): DesiredConfiguration['tenants'] =>
  new Map(
    [...tree.tenants].map(([name, environmentFiles]): [string, DesiredTenant] => {
      const environments = selectEnvironments(selection, environmentFiles.keys());
      const files = [...environmentFiles.values()].flatMap((entries) => [...entries.keys()]);
      const knownEnvironments = new Set([...environments, ...environmentFiles.keys()]);
      return [name, { environments, knownEnvironments, profiles: new Set(listProfileNames(tree, files)) }];
    }),
  );

const NO_SELECTION: Selection = { environments: [], tenants: [], profiles: [], changedSince: undefined };

/**
 * Reads and validates the desired configuration. Modes `revert` and `cleanup` read no content, so that an invalid file
 * does not block them. Throws InvalidFilesError, and `not-found` or `invalid-input` for inputs that do not match the
 * tree.
 */
export const readConfiguration = async (request: Request, workspace: Workspace): Promise<DesiredConfiguration> => {
  const { source, merge, mode } = request;
  const { files } = workspace;
  const tree = source.kind === 'tree' ? await readTree(files, source.root) : createFileTree(source);
  // Inputs that select part of a tree have no effect on a single file.
  const selection = source.kind === 'tree' ? request.selection : NO_SELECTION;
  const configuration = {
    profiles: [],
    tenants: collectTenants(tree, selection),
    settings: tree.settings,
    unknownPatterns: [],
  };
  if (mode === 'revert' || mode === 'cleanup') return configuration;
  const refs = await selectProfiles(tree, selection, workspace);
  assertNameLengths(refs);
  const patterns = new PatternMatcher();
  try {
    const composer = await Composer.load({ files, tree, merge, patterns });
    return {
      ...configuration,
      profiles: await composer.composeAll(refs),
      unknownPatterns: patterns.unknownPatterns,
    };
  } finally {
    patterns.close();
  }
};
