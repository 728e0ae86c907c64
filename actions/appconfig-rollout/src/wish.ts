import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { ChangedFiles } from '@aws-delivery/action-kit/git';
import { affectedBy } from './changes.js';
import { Composer } from './composition.js';
import { type Fault, FaultyFiles, faultText } from './fault.js';
import type { Files } from './files.js';
import { isSelected } from './pattern.js';
import { inPool } from './pool.js';
import type { Request, Selection, Source } from './request.js';
import type { Check } from './schema.js';
import { NO_SETTINGS, type ProfileSettings, profileSettings, type TreeSettings } from './settings.js';
import type { Target, TenantWish, Wish } from './target.js';
import { readTree, type Tree } from './tree.js';

/** Where a wish is read from. */
export interface Reading {
  readonly files: Files;
  /** Asks the repository that a folder belongs to: a workspace may hold several. */
  readonly changedFilesIn: (folder: string) => ChangedFiles;
  /** A path as git writes it. */
  readonly repositoryPath: (path: string) => string;
}

/** Everything that is wanted, and the settings it was read with. */
export interface Asked {
  readonly wish: Wish;
  readonly settings: TreeSettings;
}

/** A target before its file is read. */
interface Spot {
  readonly tenant: string;
  readonly environment: string;
  readonly profile: string;
  readonly settings: ProfileSettings;
  readonly own: string | undefined;
  readonly template: string | undefined;
}

interface Schema {
  readonly text: string;
  readonly check: Check;
}

const TARGETS_AT_ONCE = 32;

const environmentsOf = ({ environments }: Selection, found: Iterable<string>): readonly string[] => [
  ...new Set(environments.length === 0 ? found : environments),
];

/** How long names in AppConfig may be (aws-facts §2.4): refused before anything is begun. */
const LONGEST = { tenant: 64, environment: 64, profile: 128 } as const;

const checkNames = (spots: readonly Spot[]): void => {
  for (const kind of ['tenant', 'environment', 'profile'] as const) {
    const long = spots.find((spot) => spot[kind].length > LONGEST[kind]);
    if (long === undefined) continue;
    throw new DeliveryError(
      'invalid-input',
      `${kind} '${long[kind]}' is longer than the ${LONGEST[kind]} characters of its name in AppConfig: shorten it`,
    );
  }
};

const spotsOf = (tree: Tree, selection: Selection): readonly Spot[] =>
  [...tree.tenants].flatMap(([tenant, folders]) =>
    environmentsOf(selection, folders.keys()).flatMap((environment) => {
      const files = folders.get(environment) ?? new Map<string, string>();
      return profilesOf(tree, files).map((profile): Spot => {
        const settings = profileSettings(tree.settings, profile);
        const own = files.get(profile);
        return { tenant, environment, profile, settings, own, template: tree.template.get(profile) };
      });
    }),
  );

const elsewhereIn = ({ profiles }: TreeSettings): readonly string[] =>
  [...profiles].filter(([, { location }]) => location.kind === 'elsewhere').map(([name]) => name);

const profilesOf = (tree: Tree, files: ReadonlyMap<string, string>): readonly string[] =>
  [...new Set([...tree.template.keys(), ...files.keys(), ...elsewhereIn(tree.settings)])].sort();

/** A pattern that selects nothing is a typing error, and a rollout of nothing would be green. */
const refuseIdle = (what: string, patterns: readonly string[], names: Iterable<string>): void => {
  const known = [...names];
  const idle = patterns.find((pattern) => !known.some((name) => isSelected(name, [pattern])));
  if (idle === undefined) return;
  throw new DeliveryError(
    'not-found',
    `input '${what}': '${idle}' fits none of ${known.slice(0, 20).join(', ') || 'none'}`,
  );
};

const readSchemas = async (composer: Composer, tree: Pick<Tree, 'schemas'>): Promise<ReadonlyMap<string, Schema>> => {
  const read = await inPool([...tree.schemas], TARGETS_AT_ONCE, async ([profile, file]) => {
    const schema = await composer.schema(file).catch((error: unknown) => {
      throw error instanceof DeliveryError ? new FaultyFiles([{ file, message: error.message }]) : error;
    });
    return [profile, { text: schema.text, check: schema.check }] as const;
  });
  return new Map(read);
};

interface Kitchen {
  readonly composer: Composer;
  readonly merge: 'replace' | 'deep';
  readonly schemas: ReadonlyMap<string, Schema>;
  readonly faults: Map<string, Fault>;
}

const targetOf = async (spot: Spot, { composer, merge, schemas, faults }: Kitchen): Promise<readonly Target[]> => {
  const { tenant, environment, profile, settings, own, template } = spot;
  const { type, location, validators: functions } = settings;
  const schema = schemas.get(profile);
  if (schema !== undefined && functions.length > 1) {
    const message = `profile '${profile}' has a JSON Schema and ${functions.length} functions: AppConfig takes at most 2 validators`;
    throw new DeliveryError('invalid-input', message);
  }
  const target = { tenant, environment, profile, type, functions, schema: schema?.text };
  if (location.kind === 'elsewhere') return [{ ...target, wanted: { kind: 'elsewhere', location } }];
  const composed = await composer.compose({ profile, type, own, template, merge, schema: schema?.check });
  if (composed.kind === 'faulty') {
    for (const fault of composed.faults) faults.set(faultText(fault), fault);
    return [];
  }
  const { content, file, template: below } = composed;
  return [{ ...target, wanted: { kind: 'hosted', content, file, template: below } }];
};

const compose = async (spots: readonly Spot[], kitchen: Kitchen): Promise<readonly Target[]> => {
  checkNames(spots);
  const targets = (await inPool(spots, TARGETS_AT_ONCE, (spot) => targetOf(spot, kitchen))).flat();
  if (kitchen.faults.size > 0) throw new FaultyFiles([...kitchen.faults.values()]);
  return targets;
};

const isDeploying = ({ mode }: Request): boolean => mode === 'rollout' || mode === 'preview';

const tenantsOf = (tree: Tree, selection: Selection): Wish['tenants'] =>
  new Map(
    [...tree.tenants].map(([name, folders]): [string, TenantWish] => {
      const environments = environmentsOf(selection, folders.keys());
      const files = new Map([...folders.values()].flatMap((own) => [...own]));
      const profiles = new Set(profilesOf(tree, files));
      return [name, { environments, known: new Set([...environments, ...folders.keys()]), profiles }];
    }),
  );

const selectSpots = async (tree: Tree, { selection }: Request, reading: Reading): Promise<readonly Spot[]> => {
  const all = spotsOf(tree, selection);
  refuseIdle('tenants', selection.tenants, tree.tenants.keys());
  refuseIdle('profiles', selection.profiles, new Set(all.map(({ profile }) => profile)));
  const { changedSince } = selection;
  const changed = changedSince === undefined ? undefined : await reading.changedFilesIn(tree.root)(changedSince);
  const isAffected = changed === undefined ? () => true : affectedBy(changed);
  return all.filter(
    (spot) =>
      isSelected(spot.tenant, selection.tenants) && isSelected(spot.profile, selection.profiles) && isAffected(spot),
  );
};

const readTargets = async (tree: Tree, request: Request, reading: Reading): Promise<readonly Target[]> => {
  // A file may be at fault: no reason not to take back what it has done.
  if (!isDeploying(request)) return [];
  const spots = await selectSpots(tree, request, reading);
  const composer = new Composer(reading.files);
  const schemas = await readSchemas(composer, tree);
  return compose(spots, { composer, merge: request.merge, schemas, faults: new Map() });
};

const readTreeWish = async (root: string, request: Request, reading: Reading): Promise<Asked> => {
  const tree = await readTree(reading.files, root);
  const targets = await readTargets(tree, request, reading);
  return { wish: { targets, tenants: tenantsOf(tree, request.selection) }, settings: tree.settings };
};

const readFileWish = async (
  source: Extract<Source, { kind: 'file' }>,
  request: Request,
  { files }: Reading,
): Promise<Asked> => {
  const { application: tenant, environment, profile, type, file } = source;
  const settings = { type, location: { kind: 'hosted' as const }, validators: [] };
  const spot: Spot = { tenant, environment, profile, settings, own: file, template: undefined };
  const kitchen = { composer: new Composer(files), merge: 'replace' as const, schemas: new Map(), faults: new Map() };
  const targets = isDeploying(request) ? await compose([spot], kitchen) : [];
  const own = { environments: [environment], known: new Set([environment]), profiles: new Set([profile]) };
  return { wish: { targets, tenants: new Map([[tenant, own]]) }, settings: NO_SETTINGS };
};

/** Reads what is wanted, checks all of it, and throws FaultyFiles before anything is begun where it cannot be. */
export const readWish = (request: Request, reading: Reading): Promise<Asked> =>
  request.source.kind === 'tree'
    ? readTreeWish(request.source.root, request, reading)
    : readFileWish(request.source, request, reading);
