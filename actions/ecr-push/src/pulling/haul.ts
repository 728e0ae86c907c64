import { mapBounded } from '@aws-delivery/artifact/bounded';
import { blobsOf, type CopyObserver, childrenOf, counted, type Done, onceFor } from '../oci/copy.js';
import type { Descriptor, Manifest } from '../oci/manifest.js';
import { type Patience, withPatience } from '../oci/patience.js';
import type { ImageSource } from '../oci/source.js';
import type { LayoutWriter } from './layout-writer.js';

/** What a pull has moved. */
export interface Haul {
  readonly present: number;
  readonly fetched: number;
  /** Received from the registry. */
  readonly bytes: number;
}

export interface HaulOptions {
  readonly source: ImageSource;
  readonly to: LayoutWriter;
  readonly patience: Patience;
  /** How many blobs of one image at once. */
  readonly blobs: number;
  readonly observer: CopyObserver;
}

export const NOTHING_HAULED: Haul = { present: 0, fetched: 0, bytes: 0 };

const sum = (all: readonly Haul[]): Haul =>
  all.reduce(
    (total, { present, fetched, bytes }) => ({
      present: total.present + present,
      fetched: total.fetched + fetched,
      bytes: total.bytes + bytes,
    }),
    NOTHING_HAULED,
  );

/** One blob, anew where its way breaks off. */
const haulBlob = async (descriptor: Descriptor, { source, to, patience, observer }: HaulOptions): Promise<Haul> => {
  if (await to.has(descriptor)) {
    observer.done(descriptor, 'present');
    return { ...NOTHING_HAULED, present: 1 };
  }
  const open = () => counted(source.open(descriptor), (bytes) => observer.moved(bytes));
  await withPatience(patience, `blob ${descriptor.digest}`, () => to.keep(descriptor, open()));
  observer.done(descriptor, 'fetched');
  return { present: 0, fetched: 1, bytes: descriptor.size };
};

const once = async function* (bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
};

/** Brings a manifest and everything it points to into a layout, an index whole; the layout does not name it yet. */
export const haul = async (manifest: Manifest, options: HaulOptions, done: Done<Haul> = new Map()): Promise<Haul> => {
  const blobs = await mapBounded(blobsOf(manifest), options.blobs, (each) => haulBlob(each, options));
  const below = await mapBounded(childrenOf(manifest), 2, (each) =>
    onceFor(done, each.digest, NOTHING_HAULED, async () => haul(await options.source.manifest(each), options, done)),
  );
  const { digest, bytes } = manifest;
  await options.to.keep({ digest, size: bytes.length }, once(bytes));
  return sum([...blobs, ...below]);
};
