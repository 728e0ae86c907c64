import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import type { Digest } from '../image/digest.js';
import { isManifest, type Manifest, MEDIA_TYPES, parseManifest } from '../image/manifest.js';
import type { RegistryClient } from '../registry/registry-client.js';
import type { RemoteSource } from '../registry/remote-source.js';
import { type CopyOptions, copyContent, listChildren, type TargetRepository } from './copy-content.js';

/** A repository, with its registry's client. */
interface RepositoryClient {
  readonly client: RegistryClient;
  readonly repository: string;
}

/** A manifest that refers to another one. */
export interface Referrer {
  readonly manifest: Manifest;
  readonly subject: Manifest;
  /** The tag by which cosign finds it; undefined for a referrer of OCI 1.1. */
  readonly tag: string | undefined;
}

/** A referrer in the target; `copied` is false if it was there already, or if another one was kept under its tag. */
export interface CopiedReferrer extends Referrer {
  readonly copied: boolean;
}

export interface CopyReferrersOptions extends Omit<CopyOptions, 'source'> {
  readonly source: RemoteSource;
  /** Whether a tag of cosign that points to another manifest in the target is moved; may throw. */
  readonly shouldMoveTag: (tag: string, existing: Digest) => boolean;
}

/** Suffixes of the tags under which cosign stores signatures, attestations and SBOMs of a digest. */
const COSIGN_SUFFIXES = ['sig', 'att', 'sbom'] as const;

/** Bounds the work for one image: referrers may have referrers. */
const MAX_REFERRERS = 1000;

const SEARCH_CONCURRENCY = 4;

/** `sha256-…`: the tag of the index of referrers (distribution specification, "Referrers Tag Schema"). */
const toTag = (digest: Digest): string => digest.replace(':', '-');

const findManifest = async ({ client, repository }: RepositoryClient, reference: string) => {
  const found = await client.findManifest(repository, reference);
  return found.kind === 'found' ? found.manifest : undefined;
};

/** Digests in the index under the tag that replaces the referrers API. */
const listTaggedDigests = async (repository: RepositoryClient, subject: Digest): Promise<readonly Digest[]> => {
  const index = await findManifest(repository, toTag(subject));
  return index?.kind === 'index' ? index.manifests.filter(isManifest).map(({ digest }) => digest) : [];
};

/** Digests that the referrers API lists; undefined without the API. Throws RegistryError when it is denied. */
const listApiDigests = async ({ client, repository }: RepositoryClient, subject: Digest) => {
  const result = await client.listReferrers(repository, subject);
  if (result.kind === 'denied') throw result.error;
  return result.kind === 'listed' ? result.referrers.map(({ digest }) => digest) : undefined;
};

/** Clients without the API may have written the tag to a registry that has it, so both are read. */
const findOciReferrers = async (source: RemoteSource, subject: Manifest): Promise<readonly Referrer[]> => {
  const [listed = [], tagged] = await Promise.all([
    listApiDigests(source, subject.digest),
    listTaggedDigests(source, subject.digest),
  ]);
  const manifests = await mapConcurrent([...new Set([...listed, ...tagged])], SEARCH_CONCURRENCY, async (digest) => {
    const manifest = await findManifest(source, digest);
    if (manifest !== undefined) return manifest;
    const message = `${source.name}: the referrer ${digest} of ${subject.digest} is listed, but does not exist`;
    throw new DeliveryError('not-found', `${message}: repair the source, or disable copy-referrers`);
  });
  return manifests
    .filter((manifest) => manifest.subject === subject.digest)
    .map((manifest) => ({ manifest, subject, tag: undefined }));
};

const findCosignReferrers = async (source: RemoteSource, subject: Manifest): Promise<readonly Referrer[]> => {
  const found = await Promise.all(
    COSIGN_SUFFIXES.map(async (suffix) => {
      const tag = `${toTag(subject.digest)}.${suffix}`;
      return { tag, manifest: await findManifest(source, tag) };
    }),
  );
  return found.flatMap(({ tag, manifest }) => (manifest === undefined ? [] : [{ manifest, subject, tag }]));
};

/** A manifest, and all manifests of an index. */
const listManifests = async (source: RemoteSource, root: Manifest): Promise<readonly Manifest[]> => {
  const children = await mapConcurrent(listChildren(root), SEARCH_CONCURRENCY, async (each) =>
    listManifests(source, await source.getManifest(each)),
  );
  return [root, ...children.flat()];
};

/** The referrers of an image and of its platforms' images, and the referrers of referrers. */
const findReferrers = async (source: RemoteSource, root: Manifest): Promise<readonly Referrer[]> => {
  const seen = new Set<Digest>();
  const all: Referrer[] = [];
  let pending = await listManifests(source, root);
  while (pending.length > 0) {
    const subjects = [...new Map(pending.map((each) => [each.digest, each])).values()].filter(
      ({ digest }) => !seen.has(digest),
    );
    for (const { digest } of subjects) seen.add(digest);
    const found = await mapConcurrent(subjects, SEARCH_CONCURRENCY, async (subject) =>
      (await Promise.all([findOciReferrers(source, subject), findCosignReferrers(source, subject)])).flat(),
    );
    all.push(...found.flat());
    if (all.length > MAX_REFERRERS)
      throw new DeliveryError('rejected', `${source.name}: more than ${MAX_REFERRERS} referrers: copy them separately`);
    pending = (
      await mapConcurrent(found.flat(), SEARCH_CONCURRENCY, ({ manifest }) => listManifests(source, manifest))
    ).flat();
  }
  return all;
};

const toReferrerDescriptor = ({ mediaType, digest, bytes, artifactType, annotations }: Manifest) => ({
  mediaType,
  digest,
  size: bytes.length,
  ...(artifactType === undefined ? {} : { artifactType }),
  ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
});

const readIndexEntries = (index: Manifest | undefined): readonly unknown[] => {
  const document: unknown = index === undefined ? undefined : JSON.parse(index.bytes.toString('utf8'));
  return isRecord(document) && Array.isArray(document['manifests']) ? document['manifests'] : [];
};

/** Adds referrers to the index under the tag that replaces the referrers API. */
export const addToReferrersTag = async (
  target: RepositoryClient,
  subject: Digest,
  referrers: readonly Manifest[],
): Promise<void> => {
  const existing = await findManifest(target, toTag(subject));
  const known = existing?.kind === 'index' ? existing.manifests.map(({ digest }) => digest) : [];
  const added = referrers.filter(({ digest }) => !known.includes(digest)).map(toReferrerDescriptor);
  if (added.length === 0) return;
  const manifests = [...readIndexEntries(existing), ...added];
  const bytes = Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType: MEDIA_TYPES.ociIndex, manifests }));
  const index = parseManifest(bytes, MEDIA_TYPES.ociIndex, `referrers of ${subject}`);
  await target.client.putManifest(target.repository, toTag(subject), index);
};

const createArrivalError = ({ repository }: TargetRepository, digest: Digest, location: string): DeliveryError =>
  new DeliveryError(
    'unexpected',
    `${repository}: the referrer ${digest} was copied, but the registry does not list it ${location}: rerun the job`,
  );

const copyTagged = async (referrer: Referrer, tag: string, options: CopyReferrersOptions): Promise<boolean> => {
  const { target, shouldMoveTag } = options;
  const { manifest } = referrer;
  const existing = await findManifest(target, tag);
  if (existing?.digest === manifest.digest) return false;
  if (existing !== undefined && !shouldMoveTag(tag, existing.digest)) return false;
  await copyContent(manifest, options);
  await target.client.putManifest(target.repository, tag, manifest);
  const stored = await findManifest(target, tag);
  if (stored?.digest !== manifest.digest) throw createArrivalError(target, manifest.digest, `under the tag ${tag}`);
  return true;
};

/** Copies the OCI referrers of one manifest that the target does not list, and verifies that it lists them then. */
const copyOciReferrers = async (
  subject: Digest,
  referrers: readonly Referrer[],
  options: CopyReferrersOptions,
): Promise<readonly CopiedReferrer[]> => {
  const { target } = options;
  const listed = await listApiDigests(target, subject);
  const known = listed ?? (await listTaggedDigests(target, subject));
  const missing = referrers.map(({ manifest }) => manifest).filter(({ digest }) => !known.includes(digest));
  for (const manifest of missing) {
    await copyContent(manifest, options);
    await target.client.putManifest(target.repository, manifest.digest, manifest);
  }
  if (missing.length > 0) {
    if (listed === undefined) await addToReferrersTag(target, subject, missing);
    const arrived = await (listed === undefined ? listTaggedDigests(target, subject) : listApiDigests(target, subject));
    const lost = missing.find(({ digest }) => arrived?.includes(digest) !== true);
    if (lost !== undefined) throw createArrivalError(target, lost.digest, `for ${subject}`);
  }
  return referrers.map((each) => ({ ...each, copied: missing.includes(each.manifest) }));
};

/**
 * Copies everything that refers to an image: referrers of OCI 1.1, and signatures, attestations and SBOMs under cosign's
 * tags. The image itself must be in the target. Throws DeliveryError.
 */
export const copyReferrers = async (
  root: Manifest,
  options: CopyReferrersOptions,
): Promise<readonly CopiedReferrer[]> => {
  const results: CopiedReferrer[] = [];
  const bySubject = new Map<Digest, readonly Referrer[]>();
  for (const referrer of await findReferrers(options.source, root)) {
    const { tag, subject } = referrer;
    if (tag === undefined) bySubject.set(subject.digest, [...(bySubject.get(subject.digest) ?? []), referrer]);
    else results.push({ ...referrer, copied: await copyTagged(referrer, tag, options) });
  }
  for (const [subject, referrers] of bySubject) results.push(...(await copyOciReferrers(subject, referrers, options)));
  return results;
};
