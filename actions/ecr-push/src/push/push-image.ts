import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { matchesPath } from '@aws-delivery/findings/ignore/pattern';
import type { Digest } from '@aws-delivery/oci/image/digest';
import type { Identity, ImageSource, PlatformImage } from '@aws-delivery/oci/image/image-source';
import type { Manifest } from '@aws-delivery/oci/image/manifest';
import { hasRegistryErrorCode } from '@aws-delivery/oci/registry/registry-error';
import { withRetry } from '@aws-delivery/oci/registry/retry';
import {
  copyBlob,
  copyContent,
  NO_TRANSFER,
  type TransferObserver,
  type TransferStats,
  UPLOAD_CONCURRENCY,
} from '@aws-delivery/oci/transfer/copy-content';
import type { EnginePushResult } from '../engine/engine.js';
import type { EngineImage } from '../engine/find-engine.js';
import type { ExistingTag } from '../inputs/parse-request.js';
import type { Registry } from '../login/registry.js';
import { ensureRepository, type RepositorySettings } from './ensure-repository.js';
import type { Outcome } from './push-result.js';
import type { PushSpec } from './push-spec.js';

export interface PushOptions {
  readonly spec: PushSpec;
  readonly registry: Registry;
  readonly onExistingTag: ExistingTag;
  readonly settings: RepositorySettings;
  readonly source: ImageSource | EngineImage;
  readonly observer: TransferObserver;
  readonly log: Log;
}

/** What a tag points to, compared with the image to push. */
export type TagState =
  | { readonly tag: string; readonly state: 'absent' | 'no-repository' }
  | { readonly tag: string; readonly state: 'same' | 'different'; readonly manifest: Manifest };

/** Whether an index contains the images of all platforms, and no others. */
const matchesPlatforms = async (
  platforms: readonly PlatformImage[],
  manifest: Manifest,
  findManifest: (digest: Digest) => Promise<Manifest | undefined>,
): Promise<boolean> => {
  if (manifest.kind !== 'index' || manifest.manifests.length !== platforms.length) return false;
  const children = await Promise.all(manifest.manifests.map(({ digest }) => findManifest(digest)));
  return platforms.every(({ manifest: digest, config }) =>
    children.some((child) => child?.digest === digest || (child?.kind === 'image' && child.config.digest === config)),
  );
};

/** Whether a manifest in a repository is the image of the source. */
const matchesIdentity = async (
  identity: Identity,
  manifest: Manifest,
  findManifest: (digest: Digest) => Promise<Manifest | undefined>,
): Promise<boolean> => {
  if (identity.by === 'platforms') return matchesPlatforms(identity.platforms, manifest, findManifest);
  const { by, digest } = identity;
  const isConfig = manifest.kind === 'image' && manifest.config.digest === digest;
  if (by === 'config') return isConfig;
  return manifest.digest === digest || (by === 'either' && isConfig);
};

/** Returns a function that fetches manifests of a repository by digest. */
const createManifestFinder =
  ({ client }: Registry, repository: string) =>
  async (digest: Digest) => {
    const found = await client.findManifest(repository, digest);
    return found.kind === 'found' ? found.manifest : undefined;
  };

/** Fetches what the tags point to. Without an identity to compare with, any image counts as the same. */
const fetchTagStates = async (
  registry: Registry,
  { repository, tags }: PushSpec,
  pendingIdentity: Promise<Identity> | undefined,
): Promise<readonly TagState[]> => {
  const findManifest = createManifestFinder(registry, repository);
  // In parallel, because the source may be in a registry too.
  const [identity, lookups] = await Promise.all([
    pendingIdentity,
    Promise.all(tags.map(async (tag) => ({ tag, found: await registry.client.findManifest(repository, tag) }))),
  ]);
  return Promise.all(
    lookups.map(async ({ tag, found }): Promise<TagState> => {
      if (found.kind === 'no-image') return { tag, state: 'absent' };
      if (found.kind === 'no-repository') return { tag, state: 'no-repository' };
      const { manifest } = found;
      const isSame = identity === undefined || (await matchesIdentity(identity, manifest, findManifest));
      return { tag, manifest, state: isSame ? 'same' : 'different' };
    }),
  );
};

type ExistingTagState = Extract<TagState, { readonly manifest: Manifest }>;

const hasState =
  <S extends ExistingTagState['state']>(state: S) =>
  (tagState: TagState): tagState is ExistingTagState & { readonly state: S } =>
    tagState.state === state;

const formatTaggedName = ({ login }: Registry, repository: string, tag: string): string =>
  `${login.host}/${repository}:${tag}`;

const createImmutableTagError = (name: string, cause?: unknown): DeliveryError =>
  new DeliveryError(
    'conflict',
    `${name} is immutable and points to another image: use another tag, or set on-existing-tag: keep to use the existing image`,
    { cause },
  );

/**
 * Throws `conflict` before anything is uploaded when a tag is immutable. Without permission to read the repository's
 * settings the registry rejects the tag at the end of the push.
 */
const rejectImmutableTags = async ({ spec, registry, log }: PushOptions, tags: readonly string[]): Promise<void> => {
  const { ecr, login } = registry;
  if (ecr === undefined || tags.length === 0) return;
  const { repository } = spec;
  const found = await ecr
    .describeRepository({ repositoryName: repository, registryId: login.account })
    .catch((error: unknown) => {
      if (error instanceof DeliveryError && error.code === 'denied') return undefined;
      throw error;
    });
  if (found === undefined) {
    log.debug('ecr:DescribeRepositories is denied: immutable tags are not detected before the upload');
    return;
  }
  const { imageTagMutability = 'MUTABLE', imageTagMutabilityExclusionFilters: filters = [] } = found;
  const immutableTag = tags.find((tag) => {
    const isExcluded = filters.some(({ filter }) => matchesPath(filter ?? '', tag));
    return imageTagMutability.startsWith('IMMUTABLE') !== isExcluded;
  });
  if (immutableTag !== undefined) throw createImmutableTagError(formatTaggedName(registry, repository, immutableTag));
};

/** Points tags to a manifest whose content is in the repository. */
const setTags = async ({ spec, registry }: PushOptions, manifest: Manifest, tags: readonly string[]) => {
  for (const tag of tags) {
    try {
      await registry.client.putManifest(spec.repository, tag, manifest);
    } catch (error) {
      throw hasRegistryErrorCode(error, 'TAG_INVALID')
        ? createImmutableTagError(formatTaggedName(registry, spec.repository, tag), error)
        : error;
    }
  }
};

interface TransferResult {
  readonly manifest: Manifest;
  readonly stats: TransferStats;
}

const createPartialPushError = (name: string, { engine, name: imageName }: EngineImage): DeliveryError => {
  const problem = `${engine.name} pushed only a part of ${imageName} to ${name}, because it does not have all platforms`;
  const hint = 'use source: docker://registry/… to copy the image index, or source: oci:… for a build of all platforms';
  return new DeliveryError('rejected', `${problem}: ${hint}`);
};

/** Pushes one tag with the engine and verifies that the tag then points to the engine's image. */
const pushByEngine = async (options: PushOptions, image: EngineImage, tag: string): Promise<TransferResult> => {
  const { spec, registry, log } = options;
  const { client, retry } = registry;
  const targetName = `${client.origin.host}/${spec.repository}:${tag}`;
  const plainHttp = client.origin.protocol === 'http:';
  const onLine = (line: string): void => log.info(`${spec.repository}: ${line}`);
  let pushed: EnginePushResult;
  try {
    pushed = await withRetry(retry, `push of ${targetName}`, () => image.push(targetName, plainHttp, onLine));
  } catch (error) {
    const isImmutable = error instanceof DeliveryError && error.code === 'conflict';
    throw isImmutable ? createImmutableTagError(formatTaggedName(registry, spec.repository, tag), error) : error;
  }
  const found = await client.findManifest(spec.repository, tag);
  const manifest = found.kind === 'found' ? found.manifest : undefined;
  const isOwnPush = manifest !== undefined && manifest.digest === pushed.digest;
  const findManifest = createManifestFinder(registry, spec.repository);
  if (manifest !== undefined) {
    const isWhole =
      (isOwnPush && image.engine.identifiesByPush) ||
      (await matchesIdentity(await image.getIdentity(), manifest, findManifest));
    if (isWhole) return { manifest, stats: NO_TRANSFER };
  }
  // Docker pushes one platform of an index when it does not have the content of the others.
  if (isOwnPush) throw createPartialPushError(targetName, image);
  throw new DeliveryError(
    'unexpected',
    `${targetName} does not point to ${image.name} after the push: another push moved the tag`,
  );
};

/** Whether the image comes from the repository that it is pushed to: only a tag is missing. */
const isInRepository = ({ remoteRepository }: ImageSource, { spec, registry }: PushOptions): boolean =>
  remoteRepository?.origin === registry.client.origin.origin && remoteRepository.repository === spec.repository;

const uploadContent = async (options: PushOptions, source: ImageSource): Promise<TransferResult> => {
  const { spec, registry, observer } = options;
  if (isInRepository(source, options)) return { manifest: await source.getRootManifest(), stats: NO_TRANSFER };
  const { client, blobCache } = registry;
  const target = { client, blobCache, repository: spec.repository };
  const started = new Map<Digest, Promise<TransferStats>>();
  const copyOptions = { source, target, blobConcurrency: UPLOAD_CONCURRENCY, observer, started };
  const manifest = await source.getRootManifest((descriptor) => {
    const upload = started.get(descriptor.digest) ?? copyBlob(descriptor, copyOptions);
    // Reported when it is awaited; the preparation of the next layer may fail before.
    upload.catch(() => {});
    started.set(descriptor.digest, upload);
  });
  // The image may exist under another tag, or untagged after an interrupted push.
  const found = await client.findManifest(spec.repository, manifest.digest);
  if (found.kind === 'found') {
    await Promise.all(started.values());
    return { manifest, stats: NO_TRANSFER };
  }
  return { manifest, stats: await copyContent(manifest, copyOptions) };
};

/** Keeps the existing image, and points the absent tags to it, so that all tags name one image. */
const keepExistingTags = async (
  options: PushOptions,
  differing: readonly ExistingTagState[],
  absentTags: readonly string[],
): Promise<Outcome> => {
  const [first] = differing;
  if (first === undefined) throw new DeliveryError('unexpected', 'no existing image to keep');
  const tags = differing.map(({ tag }) => tag);
  const { registry, spec, log } = options;
  const name = formatTaggedName(registry, spec.repository, tags.join(', '));
  log.warning(
    `${name} already points to another image (${first.manifest.digest}); kept because of on-existing-tag: keep`,
  );
  await setTags(options, first.manifest, absentTags);
  return { kind: 'kept', digest: first.manifest.digest, tags };
};

const createMissingRepositoryError = ({ spec, registry }: PushOptions): DeliveryError => {
  // ECR Public: `create-repository` is not supported.
  const hint = registry.ecr === undefined ? 'create it first' : 'create it, or set create-repository: true';
  return new DeliveryError('not-found', `repository '${spec.repository}' not found in ${registry.login.host}: ${hint}`);
};

/** Pushes one image to one registry unless its tags point to it already. Throws DeliveryError. */
export const pushImage = async (options: PushOptions): Promise<Outcome> => {
  const { spec, registry, onExistingTag, settings, source, log } = options;
  const name = { repositoryName: spec.repository, registryId: registry.login.account };
  await ensureRepository(registry, settings, { name, log });
  const tagStates = await fetchTagStates(registry, spec, source.getIdentity());
  if (tagStates.some(({ state }) => state === 'no-repository')) throw createMissingRepositoryError(options);
  const differing = tagStates.filter(hasState('different'));
  const absentTags = tagStates.flatMap(({ state, tag }) => (state === 'absent' ? [tag] : []));
  const [conflicting] = differing;
  if (conflicting !== undefined && onExistingTag === 'keep') return keepExistingTags(options, differing, absentTags);
  if (conflicting !== undefined && onExistingTag === 'fail') {
    const message = `${formatTaggedName(registry, spec.repository, conflicting.tag)} already points to another image (${conflicting.manifest.digest})`;
    throw new DeliveryError('conflict', `${message}: use another tag, or change 'on-existing-tag'`);
  }
  const movedTags = differing.map(({ tag }) => tag);
  await rejectImmutableTags(options, movedTags);
  const tags = [...absentTags, ...movedTags];
  const existing = tagStates.find(hasState('same'))?.manifest;
  const isByEngine = existing === undefined && 'kind' in source;
  const { manifest, stats } =
    existing !== undefined
      ? { manifest: existing, stats: NO_TRANSFER }
      : 'kind' in source
        ? await pushByEngine(options, source, tags[0] ?? '')
        : await uploadContent(options, source);
  // An engine sets the tag that it pushes; an immutable tag cannot be set twice.
  await setTags(options, manifest, isByEngine ? tags.slice(1) : tags);
  const { digest } = manifest;
  return tags.length === 0 ? { kind: 'unchanged', digest } : { kind: 'pushed', digest, stats, tags };
};

/** Checks whether every tag exists and, with a source, points to that image. */
export const checkImage = async (
  registry: Registry,
  spec: PushSpec,
  source: ImageSource | EngineImage | undefined,
): Promise<Outcome> => {
  const tagStates = await fetchTagStates(registry, spec, source?.getIdentity());
  const missingTags = tagStates.filter(({ state }) => state !== 'same').map(({ tag }) => tag);
  const [first] = tagStates.filter(hasState('same'));
  if (first === undefined || missingTags.length > 0) return { kind: 'absent', tags: missingTags };
  return { kind: 'present', digest: first.manifest.digest };
};
