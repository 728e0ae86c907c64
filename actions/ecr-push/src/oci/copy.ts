import { mapBounded } from '@aws-delivery/artifact/bounded';
import type { BlobLedger } from './blob-ledger.js';
import type { Digest } from './digest.js';
import { type Descriptor, isDistributable, isManifest, type Manifest } from './manifest.js';
import type { BlobFate, RegistryClient } from './registry-client.js';
import type { ImageSource } from './source.js';

/** One repository, and what is known of its registry. */
export interface Destination {
  readonly client: RegistryClient;
  readonly ledger: BlobLedger;
  readonly repository: string;
}

/** What happened to the blobs of an image. */
export interface Traffic {
  readonly present: number;
  readonly mounted: number;
  readonly uploaded: number;
  /** Sent to the registry. */
  readonly bytes: number;
}

export const NO_TRAFFIC: Traffic = { present: 0, mounted: 0, uploaded: 0, bytes: 0 };

export interface CopyOptions {
  readonly source: ImageSource;
  readonly to: Destination;
  /** How many blobs of one image at once. */
  readonly blobs: number;
  /** Hears of each blob as it is done, and of bytes as they go. */
  readonly observer: CopyObserver;
}

export interface CopyObserver {
  done(descriptor: Descriptor, fate: BlobFate | 'fetched'): void;
  moved(bytes: number): void;
}

/** The content as it is; `moved` hears of bytes as they go. */
export const counted = async function* (
  content: AsyncIterable<Uint8Array>,
  moved: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  for await (const piece of content) {
    moved(piece.length);
    yield piece;
  }
};

const sum = (all: readonly Traffic[]): Traffic =>
  all.reduce(
    (total, each) => ({
      present: total.present + each.present,
      mounted: total.mounted + each.mounted,
      uploaded: total.uploaded + each.uploaded,
      bytes: total.bytes + each.bytes,
    }),
    NO_TRAFFIC,
  );

/** A repository of the same registry that the source lies in, from which blobs can be mounted. */
const homeOf = ({ place }: ImageSource, { client, repository }: Destination): string | undefined =>
  place?.origin === client.origin.origin && place.repository !== repository ? place.repository : undefined;

const copyBlob = async (descriptor: Descriptor, { source, to, observer }: CopyOptions): Promise<Traffic> => {
  const { fate: awaited, first } = to.ledger.ensure({
    repository: to.repository,
    descriptor,
    open: () => counted(source.open(descriptor), (bytes) => observer.moved(bytes)),
    from: homeOf(source, to),
  });
  const fate = first ? await awaited : await awaited.then(() => 'present' as const);
  observer.done(descriptor, fate);
  return { ...NO_TRAFFIC, [fate]: 1, bytes: fate === 'uploaded' ? descriptor.size : 0 };
};

/** What a manifest points to and is no manifest, each once. */
export const blobsOf = (manifest: Manifest): readonly Descriptor[] => {
  if (manifest.kind === 'index') return manifest.manifests.filter((each) => !isManifest(each));
  const all = [manifest.config, ...manifest.layers.filter(isDistributable)];
  return [...new Map(all.map((descriptor) => [descriptor.digest, descriptor])).values()];
};

/**
 * What has been done for manifests, by digest. Indexes may list a manifest as often as they like, and each other's:
 * each is done once, or a small file would keep us busy for years.
 */
export type Done<T> = Map<Digest, Promise<T>>;

/** Does the work where nobody has begun it; else waits for it, and has nothing of its own to tell. */
export const onceFor = async <T>(done: Done<T>, digest: Digest, nothing: T, work: () => Promise<T>): Promise<T> => {
  const begun = done.get(digest);
  if (begun !== undefined) return begun.then(() => nothing);
  const doing = work();
  done.set(digest, doing);
  return doing;
};

/** The manifests that an index lists. */
export const childrenOf = (manifest: Manifest): readonly Descriptor[] =>
  manifest.kind === 'index' ? manifest.manifests.filter(isManifest) : [];

const copyChild = async (descriptor: Descriptor, options: CopyOptions, done: Done<Traffic>): Promise<Traffic> => {
  const manifest = await options.source.manifest(descriptor);
  const traffic = await copyContent(manifest, options, done);
  await options.to.client.put(options.to.repository, descriptor.digest, manifest);
  return traffic;
};

/**
 * Puts everything that a manifest points to into a repository: blobs, and an index's manifests whole. The manifest
 * itself is the caller's to put last, so that no tag ever shows an image that is not complete.
 */
export const copyContent = async (
  manifest: Manifest,
  options: CopyOptions,
  done: Done<Traffic> = new Map(),
): Promise<Traffic> => {
  const blobs = await mapBounded(blobsOf(manifest), options.blobs, (each) => copyBlob(each, options));
  const below = await mapBounded(childrenOf(manifest), 2, (each) =>
    onceFor(done, each.digest, NO_TRAFFIC, () => copyChild(each, options, done)),
  );
  return sum([...blobs, ...below]);
};
