import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { streamBytes } from '../image/digest.js';
import type { ImageSource } from '../image/image-source.js';
import type { Descriptor, Manifest } from '../image/manifest.js';
import type { LayoutWriter } from '../layout/layout-writer.js';
import { type RetryPolicy, withRetry } from '../registry/retry.js';
import {
  countBytes,
  listBlobs,
  listChildren,
  type ManifestTasks,
  runOncePerManifest,
  type TransferObserver,
} from './copy-content.js';

/** Numbers of blobs by result. */
export interface PullStats {
  readonly present: number;
  readonly fetched: number;
  /** Bytes received from the registry. */
  readonly bytes: number;
}

/** How many blobs of one image are downloaded in parallel. */
export const DOWNLOAD_CONCURRENCY = 4;

export interface DownloadOptions {
  readonly source: ImageSource;
  readonly layout: LayoutWriter;
  readonly retry: RetryPolicy;
  /** How many blobs of one image at once. */
  readonly blobConcurrency: number;
  readonly observer: TransferObserver;
}

export const NO_DOWNLOAD: PullStats = { present: 0, fetched: 0, bytes: 0 };

const combineStats = (all: readonly PullStats[]): PullStats =>
  all.reduce(
    (total, { present, fetched, bytes }) => ({
      present: total.present + present,
      fetched: total.fetched + fetched,
      bytes: total.bytes + bytes,
    }),
    NO_DOWNLOAD,
  );

/** Downloads a blob that the layout does not have, from its beginning after an interruption. */
const downloadBlob = async (
  descriptor: Descriptor,
  { source, layout, retry, observer }: DownloadOptions,
): Promise<PullStats> => {
  if (await layout.hasContent(descriptor)) {
    observer.onBlobDone(descriptor, 'present');
    return { ...NO_DOWNLOAD, present: 1 };
  }
  const open = () => countBytes(source.open(descriptor), (bytes) => observer.onBytes(bytes));
  await withRetry(retry, `blob ${descriptor.digest}`, () => layout.saveContent(descriptor, open()));
  observer.onBlobDone(descriptor, 'fetched');
  return { present: 0, fetched: 1, bytes: descriptor.size };
};

/** Downloads a manifest and everything it refers to into a layout; the layout's index does not list it yet. */
export const downloadContent = async (
  manifest: Manifest,
  options: DownloadOptions,
  tasks: ManifestTasks<PullStats> = new Map(),
): Promise<PullStats> => {
  const blobs = await mapConcurrent(listBlobs(manifest), options.blobConcurrency, (each) =>
    downloadBlob(each, options),
  );
  const children = await mapConcurrent(listChildren(manifest), 2, (each) =>
    runOncePerManifest(tasks, each.digest, NO_DOWNLOAD, async () =>
      downloadContent(await options.source.getManifest(each), options, tasks),
    ),
  );
  const { digest, bytes } = manifest;
  await options.layout.saveContent({ digest, size: bytes.length }, streamBytes(bytes));
  return combineStats([...blobs, ...children]);
};
