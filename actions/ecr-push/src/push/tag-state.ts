import type { Log } from '@aws-delivery/action-kit/host/log';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { matchesPath } from '@aws-delivery/findings/ignore/pattern';
import type { Digest } from '@aws-delivery/oci/image/digest';
import type { Identity, PlatformImage } from '@aws-delivery/oci/image/image-source';
import type { Manifest } from '@aws-delivery/oci/image/manifest';
import { hasRegistryErrorCode } from '@aws-delivery/oci/registry/registry-error';
import type { Registry } from '../login/registry.js';
import type { PushSpec } from './push-spec.js';

/** The repository with the tags. */
export interface TagOptions {
  readonly spec: PushSpec;
  readonly registry: Registry;
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
export const matchesIdentity = async (
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
export const createManifestFinder =
  ({ client }: Registry, repository: string) =>
  async (digest: Digest) => {
    const found = await client.findManifest(repository, digest);
    return found.kind === 'found' ? found.manifest : undefined;
  };

/** Fetches what the tags point to. Without an identity to compare with, any image counts as the same. */
export const fetchTagStates = async (
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

export type ExistingTagState = Extract<TagState, { readonly manifest: Manifest }>;

export const hasState =
  <S extends ExistingTagState['state']>(state: S) =>
  (tagState: TagState): tagState is ExistingTagState & { readonly state: S } =>
    tagState.state === state;

export const formatTaggedName = ({ login }: Registry, repository: string, tag: string): string =>
  `${login.host}/${repository}:${tag}`;

export const createImmutableTagError = (name: string, cause?: unknown): DeliveryError =>
  new DeliveryError(
    'conflict',
    `${name} is immutable and points to another image: use another tag, or set on-existing-tag: keep to use the existing image`,
    { cause },
  );

/**
 * Throws `conflict` before anything is uploaded when a tag is immutable. Without permission to read the repository's
 * settings the registry rejects the tag at the end of the push.
 */
export const rejectImmutableTags = async (
  { spec, registry, log }: TagOptions,
  tags: readonly string[],
): Promise<void> => {
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
export const setTags = async (
  { spec, registry }: Omit<TagOptions, 'log'>,
  manifest: Manifest,
  tags: readonly string[],
) => {
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
