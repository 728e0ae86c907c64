import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import type { Digest } from '../image/digest.js';
import type { ImageSource } from '../image/image-source.js';
import { type Descriptor, isDistributable, isManifest, type Manifest } from '../image/manifest.js';
import type { BlobCache } from '../registry/blob-cache.js';
import type { BlobResult, RegistryClient } from '../registry/registry-client.js';

/** One repository, and what is known of its registry. */
export interface TargetRepository {
  readonly client: RegistryClient;
  readonly blobCache: BlobCache;
  readonly repository: string;
}

/** What happened to the blobs of an image. */
export interface TransferStats {
  readonly present: number;
  readonly mounted: number;
  readonly uploaded: number;
  /** Sent to the registry. */
  readonly bytes: number;
}

export const NO_TRANSFER: TransferStats = { present: 0, mounted: 0, uploaded: 0, bytes: 0 };

/** How many blobs of one image are transferred at once, unless the caller has a reason for another number. */
export const BLOB_CONCURRENCY = 4;

export interface CopyOptions {
  readonly source: ImageSource;
  readonly target: TargetRepository;
  /** How many blobs of one image at once. */
  readonly blobConcurrency: number;
  /** Hears of each blob as it is done, and of bytes as they go. */
  readonly observer: TransferObserver;
}

export interface TransferObserver {
  onBlobDone(descriptor: Descriptor, result: BlobResult | 'fetched'): void;
  onBytes(bytes: number): void;
}

/** The content as it is; `moved` hears of bytes as they go. */
export const countBytes = async function* (
  content: AsyncIterable<Uint8Array>,
  onBytes: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    onBytes(chunk.length);
    yield chunk;
  }
};

const combineStats = (all: readonly TransferStats[]): TransferStats =>
  all.reduce(
    (total, each) => ({
      present: total.present + each.present,
      mounted: total.mounted + each.mounted,
      uploaded: total.uploaded + each.uploaded,
      bytes: total.bytes + each.bytes,
    }),
    NO_TRANSFER,
  );

/** A repository of the same registry that the source lies in, from which blobs can be mounted. */
const findMountSource = (
  { remoteRepository }: ImageSource,
  { client, repository }: TargetRepository,
): string | undefined =>
  remoteRepository?.origin === client.origin.origin && remoteRepository.repository !== repository
    ? remoteRepository.repository
    : undefined;

const copyBlob = async (descriptor: Descriptor, { source, target, observer }: CopyOptions): Promise<TransferStats> => {
  const { result: pending, isFirst } = target.blobCache.ensure({
    repository: target.repository,
    descriptor,
    open: () => countBytes(source.open(descriptor), (bytes) => observer.onBytes(bytes)),
    mountSource: findMountSource(source, target),
  });
  const result = isFirst ? await pending : await pending.then(() => 'present' as const);
  observer.onBlobDone(descriptor, result);
  return { ...NO_TRANSFER, [result]: 1, bytes: result === 'uploaded' ? descriptor.size : 0 };
};

/** What a manifest points to and is no manifest, each once. */
export const listBlobs = (manifest: Manifest): readonly Descriptor[] => {
  if (manifest.kind === 'index') return manifest.manifests.filter((each) => !isManifest(each));
  const all = [manifest.config, ...manifest.layers.filter(isDistributable)];
  return [...new Map(all.map((descriptor) => [descriptor.digest, descriptor])).values()];
};

/**
 * What has been done for manifests, by digest. Indexes may list a manifest as often as they like, and each other's:
 * each is done once, or a small file would keep us busy for years.
 */
export type ManifestTasks<T> = Map<Digest, Promise<T>>;

/** Does the work where nobody has begun it; else waits for it, and has nothing of its own to tell. */
export const runOncePerManifest = async <T>(
  tasks: ManifestTasks<T>,
  digest: Digest,
  repeatResult: T,
  start: () => Promise<T>,
): Promise<T> => {
  const running = tasks.get(digest);
  if (running !== undefined) return running.then(() => repeatResult);
  const promise = start();
  tasks.set(digest, promise);
  return promise;
};

/** The manifests that an index lists. */
export const listChildren = (manifest: Manifest): readonly Descriptor[] =>
  manifest.kind === 'index' ? manifest.manifests.filter(isManifest) : [];

const copyChild = async (
  descriptor: Descriptor,
  options: CopyOptions,
  tasks: ManifestTasks<TransferStats>,
): Promise<TransferStats> => {
  const manifest = await options.source.getManifest(descriptor);
  const stats = await copyContent(manifest, options, tasks);
  await options.target.client.putManifest(options.target.repository, descriptor.digest, manifest);
  return stats;
};

/**
 * Puts everything that a manifest points to into a repository: blobs, and an index's manifests whole. The manifest
 * itself is the caller's to put last, so that no tag ever shows an image that is not complete.
 */
export const copyContent = async (
  manifest: Manifest,
  options: CopyOptions,
  tasks: ManifestTasks<TransferStats> = new Map(),
): Promise<TransferStats> => {
  const blobs = await mapConcurrent(listBlobs(manifest), options.blobConcurrency, (each) => copyBlob(each, options));
  const children = await mapConcurrent(listChildren(manifest), 2, (each) =>
    runOncePerManifest(tasks, each.digest, NO_TRANSFER, () => copyChild(each, options, tasks)),
  );
  return combineStats([...blobs, ...children]);
};
