import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import type { Digest } from '../image/digest.js';
import type { ImageSource } from '../image/image-source.js';
import { type Descriptor, isDistributable, isManifest, type Manifest } from '../image/manifest.js';
import type { BlobCache } from '../registry/blob-cache.js';
import type { BlobResult, RegistryClient } from '../registry/registry-client.js';

/** A repository to copy to, with its registry's client and blob cache. */
export interface TargetRepository {
  readonly client: RegistryClient;
  readonly blobCache: BlobCache;
  readonly repository: string;
}

/** Numbers of blobs by result. */
export interface TransferStats {
  readonly present: number;
  readonly mounted: number;
  readonly uploaded: number;
  /** Bytes sent to the registry. */
  readonly bytes: number;
}

export const NO_TRANSFER: TransferStats = { present: 0, mounted: 0, uploaded: 0, bytes: 0 };

/**
 * How many blobs of one image are checked, mounted and uploaded in parallel: a request for each, mostly without content.
 * The client of the registry limits large uploads.
 */
export const UPLOAD_CONCURRENCY = 12;

export interface CopyOptions {
  readonly source: ImageSource;
  readonly target: TargetRepository;
  /** How many blobs of one image at once. */
  readonly blobConcurrency: number;
  readonly observer: TransferObserver;
  /** Blobs whose upload has started already, by digest. */
  readonly started?: ReadonlyMap<Digest, Promise<TransferStats>>;
}

export interface TransferObserver {
  onBlobDone(descriptor: Descriptor, result: BlobResult | 'fetched'): void;
  onBytes(bytes: number): void;
}

/** Passes content through and reports the size of each chunk. */
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

/** The repository of the target's registry that has content of the source; undefined for other sources. */
const findSourceRepository = (
  source: ImageSource,
  { client }: Pick<TargetRepository, 'client'>,
  digest: Digest,
): string | undefined => {
  const remote = source.findRemoteRepository?.(digest);
  return remote?.origin === client.origin.origin ? remote.repository : undefined;
};

/** Whether content of the source comes from the repository that it is copied to. */
export const isInTarget = (
  source: ImageSource,
  target: Pick<TargetRepository, 'client' | 'repository'>,
  digest: Digest,
): boolean => findSourceRepository(source, target, digest) === target.repository;

/** Ensures that a blob of the source is in the target repository. */
export const copyBlob = async (
  descriptor: Descriptor,
  { source, target, observer }: CopyOptions,
): Promise<TransferStats> => {
  const sourceRepository = findSourceRepository(source, target, descriptor.digest);
  const { result: pending, isFirst } = target.blobCache.ensure({
    repository: target.repository,
    descriptor,
    open: () => countBytes(source.open(descriptor), (bytes) => observer.onBytes(bytes)),
    mountSource: sourceRepository === target.repository ? undefined : sourceRepository,
  });
  const result = isFirst ? await pending : await pending.then(() => 'present' as const);
  observer.onBlobDone(descriptor, result);
  return { ...NO_TRANSFER, [result]: 1, bytes: result === 'uploaded' ? descriptor.size : 0 };
};

/** The content that a manifest refers to, without manifests and duplicates. */
export const listBlobs = (manifest: Manifest): readonly Descriptor[] => {
  if (manifest.kind === 'index') return manifest.manifests.filter((each) => !isManifest(each));
  const all = [manifest.config, ...manifest.layers.filter(isDistributable)];
  return [...new Map(all.map((descriptor) => [descriptor.digest, descriptor])).values()];
};

/**
 * Running and completed tasks by the manifest's digest. Indexes may list a manifest many times, and each other's:
 * without it a small file could cause an exponential number of requests.
 */
export type ManifestTasks<T> = Map<Digest, Promise<T>>;

/** Runs a task once per digest; later callers wait for it and get `repeatResult`. */
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

export const listChildren = (manifest: Manifest): readonly Descriptor[] =>
  manifest.kind === 'index' ? manifest.manifests.filter(isManifest) : [];

const copyChild = async (
  descriptor: Descriptor,
  options: CopyOptions,
  tasks: ManifestTasks<TransferStats>,
): Promise<TransferStats> => {
  const { source, target } = options;
  if (isInTarget(source, target, descriptor.digest)) return NO_TRANSFER;
  const manifest = await source.getManifest(descriptor);
  const stats = await copyContent(manifest, options, tasks);
  await target.client.putManifest(target.repository, descriptor.digest, manifest);
  return stats;
};

/**
 * Copies everything that a manifest refers to into a repository, including the manifests of an index. The caller puts
 * the manifest itself last, so that no tag ever points to an incomplete image.
 */
export const copyContent = async (
  manifest: Manifest,
  options: CopyOptions,
  tasks: ManifestTasks<TransferStats> = new Map(),
): Promise<TransferStats> => {
  const blobs = await mapConcurrent(
    listBlobs(manifest),
    options.blobConcurrency,
    (each) => options.started?.get(each.digest) ?? copyBlob(each, options),
  );
  const children = await mapConcurrent(listChildren(manifest), 2, (each) =>
    runOncePerManifest(tasks, each.digest, NO_TRANSFER, () => copyChild(each, options, tasks)),
  );
  return combineStats([...blobs, ...children]);
};
