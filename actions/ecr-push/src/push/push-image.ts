import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Digest } from '@aws-delivery/oci/image/digest';
import type { ImageSource } from '@aws-delivery/oci/image/image-source';
import type { Manifest } from '@aws-delivery/oci/image/manifest';
import {
  copyBlob,
  copyContent,
  isInTarget,
  NO_TRANSFER,
  type TransferObserver,
  type TransferStats,
  UPLOAD_CONCURRENCY,
} from '@aws-delivery/oci/transfer/copy-content';
import type { EngineImage } from '../engine/find-engine.js';
import type { ExistingTag } from '../inputs/parse-request.js';
import type { Registry } from '../login/registry.js';
import { createPublicRepository, ensureRepository, type RepositorySettings } from './ensure-repository.js';
import { pushByEngine, type TransferResult } from './push-by-engine.js';
import type { Outcome } from './push-result.js';
import type { PushSpec } from './push-spec.js';
import {
  type ExistingTagState,
  fetchTagStates,
  formatTaggedName,
  hasState,
  rejectImmutableTags,
  setTags,
  type TagState,
} from './tag-state.js';

export interface PushOptions {
  readonly spec: PushSpec;
  readonly registry: Registry;
  readonly onExistingTag: ExistingTag;
  readonly settings: RepositorySettings;
  readonly source: ImageSource | EngineImage;
  readonly observer: TransferObserver;
  readonly log: Log;
  /** Pushes the image by its digest and leaves its tags to `publishTags`. */
  readonly tagLater: boolean;
  /** Uploads an engine's image from an archive: an engine cannot push an image without a tag. */
  readonly useExport: (
    image: EngineImage,
    upload: (source: ImageSource) => Promise<TransferResult>,
  ) => Promise<TransferResult>;
}

const uploadContent = async (options: PushOptions, source: ImageSource): Promise<TransferResult> => {
  const { spec, registry, observer } = options;
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
  // Only a tag is missing.
  if (isInTarget(source, target, manifest.digest)) return { manifest, stats: NO_TRANSFER };
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
  const { registry, spec, log, tagLater } = options;
  const name = formatTaggedName(registry, spec.repository, tags.join(', '));
  log.warning(
    `${name} already points to another image (${first.manifest.digest}); kept because of on-existing-tag: keep`,
  );
  if (!tagLater) await setTags(options, first.manifest, absentTags);
  return { kind: 'kept', digest: first.manifest.digest, tags, pendingTags: tagLater ? absentTags : [] };
};

const createMissingRepositoryError = ({ spec, registry, settings }: PushOptions): DeliveryError => {
  // With the input, the repository exists under another alias.
  const hint = settings.create ? 'correct the alias of the registry' : 'create it, or set create-repository: true';
  return new DeliveryError('not-found', `repository '${spec.repository}' not found in ${registry.login.host}: ${hint}`);
};

/** Compares the tags, and creates a missing repository of ECR Public if `create-repository` is set. */
const prepareTagStates = async (options: PushOptions): Promise<readonly TagState[]> => {
  const { spec, registry, source, settings, log } = options;
  const found = await fetchTagStates(registry, spec, source.getIdentity());
  if (!found.some(({ state }) => state === 'no-repository')) return found;
  if (!settings.create) throw createMissingRepositoryError(options);
  const isCreated = await createPublicRepository(registry, settings, { spec, log });
  if (isCreated) return spec.tags.map((tag) => ({ tag, state: 'absent' }));
  // Created by a parallel push, or by a request of this one whose response was lost.
  const refetched = await fetchTagStates(registry, spec, source.getIdentity());
  if (refetched.some(({ state }) => state === 'no-repository')) throw createMissingRepositoryError(options);
  return refetched;
};

/** Uploads a source that is not in the registry under one of its tags. */
const uploadSource = (options: PushOptions): Promise<TransferResult> => {
  const { source, useExport } = options;
  if (!('kind' in source)) return uploadContent(options, source);
  return useExport(source, (archive) => uploadContent(options, archive));
};

/** Pushes an image by its digest, without a tag. */
const stageImage = async (
  options: PushOptions,
  existing: Manifest | undefined,
  tags: readonly string[],
): Promise<Outcome> => {
  const { registry, spec } = options;
  if (existing !== undefined) return { kind: 'untagged', digest: existing.digest, stats: NO_TRANSFER, tags };
  const { manifest, stats } = await uploadSource(options);
  await registry.client.putManifest(spec.repository, manifest.digest, manifest);
  return { kind: 'untagged', digest: manifest.digest, stats, tags };
};

/** Pushes one image to one registry unless its tags point to it already. Throws DeliveryError. */
export const pushImage = async (options: PushOptions): Promise<Outcome> => {
  const { spec, registry, onExistingTag, settings, source, log } = options;
  const name = { repositoryName: spec.repository, registryId: registry.login.account };
  await ensureRepository(registry, settings, { name, log });
  const tagStates = await prepareTagStates(options);
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
  if (existing !== undefined && tags.length === 0) return { kind: 'unchanged', digest: existing.digest };
  if (options.tagLater) return stageImage(options, existing, tags);
  const isByEngine = existing === undefined && 'kind' in source;
  const { manifest, stats } =
    existing !== undefined
      ? { manifest: existing, stats: NO_TRANSFER }
      : 'kind' in source
        ? await pushByEngine(options, source, tags[0] ?? '')
        : await uploadContent(options, source);
  // An engine sets the tag that it pushes; an immutable tag cannot be set twice.
  await setTags(options, manifest, isByEngine ? tags.slice(1) : tags);
  return { kind: 'pushed', digest: manifest.digest, stats, tags };
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
