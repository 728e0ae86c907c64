import { DeliveryError } from '@aws-delivery/action-kit/error';
import type { Log } from '@aws-delivery/action-kit/log';
import { matchesPath } from '@aws-delivery/findings/pattern';
import type { EngineImage, Pushed } from './engine.js';
import { type CopyObserver, copyContent, NO_TRAFFIC, type Traffic } from './oci/copy.js';
import type { Manifest } from './oci/manifest.js';
import { withPatience } from './oci/patience.js';
import { isFault } from './oci/registry-error.js';
import type { Identity, ImageSource } from './oci/source.js';
import type { Registry } from './registry.js';
import { ensureRepository, type Wish } from './repository.js';
import type { ExistingTag, Order } from './request.js';
import type { Outcome } from './result.js';

/** How many blobs of one image travel at once. */
const BLOBS = 4;

export interface DeliveryOptions {
  readonly order: Order;
  readonly registry: Registry;
  readonly onExistingTag: ExistingTag;
  readonly wish: Wish;
  readonly source: ImageSource | EngineImage;
  readonly observer: CopyObserver;
  readonly log: Log;
}

/** What a tag holds, seen from the image that is wanted there. */
export type Standing =
  | { readonly tag: string; readonly state: 'absent' | 'no-repository' }
  | { readonly tag: string; readonly state: 'same' | 'other'; readonly manifest: Manifest };

const isSame = ({ by, digest }: Identity, manifest: Manifest): boolean => {
  const isConfig = manifest.kind === 'image' && manifest.config.digest === digest;
  if (by === 'config') return isConfig;
  return manifest.digest === digest || (by === 'either' && isConfig);
};

/** Looks what the tags hold; whatever is there is the same for somebody who just looks. */
export const look = (
  { client }: Registry,
  { repository, tags }: Order,
  identity: Identity | undefined,
): Promise<readonly Standing[]> =>
  Promise.all(
    tags.map(async (tag): Promise<Standing> => {
      const found = await client.find(repository, tag);
      if (found.kind === 'no-image') return { tag, state: 'absent' };
      if (found.kind === 'no-repository') return { tag, state: 'no-repository' };
      const { manifest } = found;
      return { tag, manifest, state: identity === undefined || isSame(identity, manifest) ? 'same' : 'other' };
    }),
  );

type Taken = Extract<Standing, { readonly manifest: Manifest }>;

const inState =
  <S extends Taken['state']>(state: S) =>
  (standing: Standing): standing is Taken & { readonly state: S } =>
    standing.state === state;

const nameOf = ({ login }: Registry, repository: string, tag: string): string => `${login.host}/${repository}:${tag}`;

const cannotMove = (name: string, cause?: unknown): DeliveryError =>
  new DeliveryError(
    'conflict',
    `${name} is an immutable tag and holds another image: use another tag, or on-existing-tag: keep to take what is there`,
    { cause },
  );

/** Fails before a byte moves where a tag cannot; a caller who may not know learns it from the registry in the end. */
const refuseImmutable = async ({ order, registry, log }: DeliveryOptions, tags: readonly string[]): Promise<void> => {
  const { ecr, login } = registry;
  if (ecr === undefined || tags.length === 0) return;
  const { repository } = order;
  const found = await ecr
    .describe({ repositoryName: repository, registryId: login.account })
    .catch((error: unknown) => {
      if (error instanceof DeliveryError && error.code === 'denied') return undefined;
      throw error;
    });
  if (found === undefined) {
    log.debug('ecr:DescribeRepositories is not allowed: whether the tags may move shows when they do');
    return;
  }
  const { imageTagMutability = 'MUTABLE', imageTagMutabilityExclusionFilters: filters = [] } = found;
  const stuck = tags.find((tag) => {
    const isExcluded = filters.some(({ filter }) => matchesPath(filter ?? '', tag));
    return imageTagMutability.startsWith('IMMUTABLE') !== isExcluded;
  });
  if (stuck !== undefined) throw cannotMove(nameOf(registry, repository, stuck));
};

/** Puts a manifest whose content is there under tags. */
const setTags = async ({ order, registry }: DeliveryOptions, manifest: Manifest, tags: readonly string[]) => {
  for (const tag of tags) {
    try {
      await registry.client.put(order.repository, tag, manifest);
    } catch (error) {
      throw isFault(error, 'TAG_INVALID') ? cannotMove(nameOf(registry, order.repository, tag), error) : error;
    }
  }
};

interface Transferred {
  readonly manifest: Manifest;
  readonly traffic: Traffic;
}

/** Lets an engine push under one tag, and looks whether the registry then holds what the engine has. */
const transferByEngine = async (options: DeliveryOptions, image: EngineImage, tag: string): Promise<Transferred> => {
  const { order, registry, log } = options;
  const { client, patience } = registry;
  const target = `${client.origin.host}/${order.repository}:${tag}`;
  const plainHttp = client.origin.protocol === 'http:';
  const follow = (line: string): void => log.info(`${order.repository}: ${line}`);
  let pushed: Pushed;
  try {
    pushed = await withPatience(patience, `push of ${target}`, () => image.push(target, plainHttp, follow));
  } catch (error) {
    const isStuck = error instanceof DeliveryError && error.code === 'conflict';
    throw isStuck ? cannotMove(nameOf(registry, order.repository, tag), error) : error;
  }
  const found = await client.find(order.repository, tag);
  // Of an index that an engine has in part it pushes that part, and knows it by another digest.
  const isPushed = async (manifest: Manifest): Promise<boolean> =>
    manifest.digest === pushed.digest || isSame(await image.identity(), manifest);
  if (found.kind === 'found' && (await isPushed(found.manifest))) {
    return { manifest: found.manifest, traffic: NO_TRAFFIC };
  }
  throw new DeliveryError('unexpected', `${target} does not hold ${image.name} after its push: somebody else moved it`);
};

const transferContent = async (options: DeliveryOptions, source: ImageSource): Promise<Transferred> => {
  const { order, registry, observer } = options;
  const manifest = await source.root();
  const { client, ledger } = registry;
  // A re-tag, or a push whose tag never came: the image may be there under another name.
  const found = await client.find(order.repository, manifest.digest);
  if (found.kind === 'found') return { manifest, traffic: NO_TRAFFIC };
  const to = { client, ledger, repository: order.repository };
  return { manifest, traffic: await copyContent(manifest, { source, to, blobs: BLOBS, observer }) };
};

/** The image's manifest, once all it points to is in the repository. */
const transfer = async (options: DeliveryOptions, standings: readonly Standing[], tags: readonly string[]) => {
  const { source } = options;
  const there = standings.find(inState('same'))?.manifest;
  if (there !== undefined) return { manifest: there, traffic: NO_TRAFFIC };
  return 'kind' in source ? transferByEngine(options, source, tags[0] ?? '') : transferContent(options, source);
};

/** Leaves what is there, and gives the tags that hold nothing to it, so that all of them name one image. */
const keep = async (
  options: DeliveryOptions,
  others: readonly Taken[],
  absent: readonly string[],
): Promise<Outcome> => {
  const [first] = others;
  if (first === undefined) throw new DeliveryError('unexpected', 'there is nothing to keep');
  const tags = others.map(({ tag }) => tag);
  const { registry, order, log } = options;
  const name = nameOf(registry, order.repository, tags.join(', '));
  log.warning(`${name} holds another image (${first.manifest.digest}), which is kept: on-existing-tag says so`);
  await setTags(options, first.manifest, absent);
  return { kind: 'kept', digest: first.manifest.digest, tags };
};

const missingRepository = ({ order, registry }: DeliveryOptions): DeliveryError =>
  new DeliveryError(
    'not-found',
    `there is no repository ${order.repository} in ${registry.login.host}: create it, or set create-repository: true`,
  );

/** Brings one image into one registry, if it is not there yet. Throws DeliveryError. */
export const deliver = async (options: DeliveryOptions): Promise<Outcome> => {
  const { order, registry, onExistingTag, wish, source, log } = options;
  const name = { repositoryName: order.repository, registryId: registry.login.account };
  await ensureRepository(registry, wish, { name, log });
  const standings = await look(registry, order, await source.identity());
  if (standings.some(({ state }) => state === 'no-repository')) throw missingRepository(options);
  const others = standings.filter(inState('other'));
  const absent = standings.flatMap(({ state, tag }) => (state === 'absent' ? [tag] : []));
  const [other] = others;
  if (other !== undefined && onExistingTag === 'keep') return keep(options, others, absent);
  if (other !== undefined && onExistingTag === 'fail') {
    const text = `${nameOf(registry, order.repository, other.tag)} holds another image (${other.manifest.digest})`;
    throw new DeliveryError('conflict', `${text}: use another tag, or another on-existing-tag`);
  }
  const moving = others.map(({ tag }) => tag);
  await refuseImmutable(options, moving);
  const tags = [...absent, ...moving];
  const { manifest, traffic } = await transfer(options, standings, tags);
  // The engine has set the first tag; an immutable one takes nothing twice.
  const isSet = 'kind' in source && !standings.some(inState('same'));
  await setTags(options, manifest, isSet ? tags.slice(1) : tags);
  const { digest } = manifest;
  return tags.length === 0 ? { kind: 'unchanged', digest } : { kind: 'pushed', digest, traffic, tags };
};

/** Looks whether an image is there; with a source, whether it is that one. */
export const check = async (
  registry: Registry,
  order: Order,
  source: ImageSource | EngineImage | undefined,
): Promise<Outcome> => {
  const standings = await look(registry, order, await source?.identity());
  const lacking = standings.filter(({ state }) => state !== 'same').map(({ tag }) => tag);
  const [first] = standings.filter(inState('same'));
  if (first === undefined || lacking.length > 0) return { kind: 'absent', tags: lacking };
  return { kind: 'present', digest: first.manifest.digest };
};
