import { resolve } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { type EngineName, type EngineOptions, findEngine } from '../engine.js';
import type { CopyObserver } from '../oci/copy.js';
import type { Manifest } from '../oci/manifest.js';
import { withPatience } from '../oci/patience.js';
import { RemoteSource } from '../oci/remote.js';
import type { Registry } from '../registry.js';
import type { Outcome } from '../result.js';
import { type Haul, haul, NOTHING_HAULED } from './haul.js';
import { LayoutWriter } from './layout-writer.js';
import type { Destination, PullWish } from './wish.js';

/** How many blobs of one image travel at once. */
const BLOBS = 4;

export interface PullOptions {
  readonly wish: PullWish;
  readonly registry: Registry;
  readonly workspace: string;
  readonly observer: CopyObserver;
  /** Hears what an engine says. */
  readonly follow: (line: string) => void;
  readonly engine: EngineName | undefined;
  /** Engines that are logged in; asked for only where one pulls. */
  readonly engines: () => Promise<EngineOptions>;
}

/** The registry that an image lies in, of those that are logged in to. Throws `invalid-input`. */
export const registryOf = ({ host, repository }: PullWish, registries: readonly Registry[]): Registry => {
  const hosts = registries.map(({ login }) => login.host).join(', ');
  const fitting = host === undefined ? registries : registries.filter(({ login }) => login.host === host);
  const [first, ...others] = fitting;
  if (first !== undefined && others.length === 0) return first;
  const text =
    first === undefined
      ? `${host} is not a registry that is logged in to (${hosts}): other registries are for the engine's own pull`
      : `${repository} may be in any of ${hosts}: name one by source: docker://registry/${repository}:tag`;
  throw new DeliveryError('invalid-input', text);
};

type LayoutPlace = Extract<Destination, { readonly kind: 'layout' }>;

const pullToLayout = async (options: PullOptions, place: LayoutPlace, manifest: Manifest): Promise<Haul> => {
  const { registry, wish, workspace, observer } = options;
  const { client, patience } = registry;
  const source = new RemoteSource(wish.repository, client, { ...wish, registry: registry.login.host });
  const to = new LayoutWriter(resolve(workspace, place.path));
  const moved = await haul(manifest, { source, to, patience, blobs: BLOBS, observer });
  await to.name(manifest, place.tag ?? wish.tag);
  return moved;
};

const pullToEngine = async (options: PullOptions, manifest: Manifest): Promise<void> => {
  const { wish, registry, engine, follow } = options;
  const { destination, repository, tag } = wish;
  const { client, login, patience } = registry;
  const reference = `${client.origin.host}/${repository}@${manifest.digest}`;
  const own = tag === undefined ? reference : `${login.host}/${repository}:${tag}`;
  const named = destination?.kind === 'engine' ? destination : undefined;
  const found = await findEngine(named?.engine ?? engine, await options.engines());
  const pull = { reference, name: named?.image ?? own, plainHttp: client.origin.protocol === 'http:', follow };
  await withPatience(patience, `pull of ${reference}`, () => found.pull(pull));
};

/** Brings one image here, by the digest that its tag has now. Throws DeliveryError. */
export const pull = async (options: PullOptions): Promise<Outcome> => {
  const { wish, registry } = options;
  const { repository, digest, tag = 'latest', destination } = wish;
  const found = await registry.client.find(repository, digest ?? tag);
  if (found.kind !== 'found') {
    const what =
      found.kind === 'no-image' ? `no image ${digest ?? tag} in ${repository}` : `no repository ${repository}`;
    throw new DeliveryError('not-found', `${registry.login.host} has ${what}: correct it, or push it there first`);
  }
  const { manifest } = found;
  if (destination?.kind === 'layout') {
    return { kind: 'pulled', digest: manifest.digest, haul: await pullToLayout(options, destination, manifest) };
  }
  await pullToEngine(options, manifest);
  return { kind: 'pulled', digest: manifest.digest, haul: NOTHING_HAULED };
};
