import { join } from 'node:path';
import type { BenchmarkContext, Figure } from '../benchmark.js';
import { createGzipLayer, writeLayout } from './image-layout.js';
import { runPeer, type Transfer } from './peer-clients.js';
import { type RegistryProcess, ROUND_TRIP_MS } from './registry-process.js';
import { writeSavedImage } from './saved-image.js';

/** Transfers that all clients are measured with, one after the other where a client has no command for several. */
export interface Row {
  readonly label: string;
  readonly transfers: readonly Transfer[];
  /** The host of the target in the transfers. */
  readonly host: string;
  readonly budget: Figure['budget'];
  /** Prepares the registries before each run. */
  readonly prepare: () => Promise<void>;
}

const IMAGE_COUNT = 20;

const LAYER_TYPE = 'application/vnd.oci.image.layer.v1.tar+gzip';

/** The images of the rows, in directories. */
interface Images {
  readonly large: string;
  readonly saved: string;
  readonly sharing: readonly string[];
}

const writeImages = async (context: BenchmarkContext): Promise<Images> => {
  const options = { tag: 'latest', mediaType: LAYER_TYPE };
  const write = (name: string, layers: Parameters<typeof writeLayout>[2]): string =>
    join(context.directory, writeLayout(context, name, layers, options).slice('oci:'.length));
  const shared = Array.from({ length: 3 }, () => createGzipLayer(5_000_000));
  const large = Array.from({ length: 4 }, () => createGzipLayer(125_000_000));
  return {
    large: write('large', large),
    saved: await writeSavedImage(context),
    sharing: Array.from({ length: IMAGE_COUNT }, (_, index) =>
      write(`sharing-${index}`, [...shared, createGzipLayer(100_000)]),
    ),
  };
};

/** What a row with requests alone may take more than the best client: a tenth of a second and one round trip. */
const getShortBudget = (roundTripMs: number): Figure['budget'] => ({
  kind: 'max-increase',
  limit: (100 + roundTripMs) / 1000,
});

interface RowOptions {
  readonly context: BenchmarkContext;
  readonly images: Images;
  readonly target: RegistryProcess;
  readonly other: RegistryProcess;
}

const createRowsAt = (distance: 'near' | 'distant', { context, images, target, other }: RowOptions): readonly Row[] => {
  const [host, otherHost] = distance === 'near' ? [target.host, other.host] : [target.distantHost, other.distantHost];
  const shortBudget = getShortBudget(distance === 'near' ? 0 : ROUND_TRIP_MS);
  const suffix = distance === 'near' ? '' : `, ${ROUND_TRIP_MS} ms away`;
  const createLayoutTransfer = (directory: string, reference: string): Transfer => ({
    kind: 'layout',
    directory,
    target: reference,
  });
  const large = createLayoutTransfer(images.large, `${host}/large:1`);
  const copy: Transfer = { kind: 'registry', source: `${otherHost}/large:1`, target: `${host}/large:1` };
  const saved: Transfer = { kind: 'docker-archive', path: images.saved, target: `${host}/saved:1` };
  const promotion: Transfer = { kind: 'registry', source: `${host}/large:1`, target: `${host}/promoted:1` };
  const sharing = images.sharing.map((directory, index) =>
    createLayoutTransfer(directory, `${host}/sharing-${index}:1`),
  );
  const clear = async (): Promise<void> => target.clear();
  const fill = async (): Promise<void> => {
    target.clear();
    await runPeer('crane', createLayoutTransfer(images.large, `${target.host}/large:1`), context);
  };
  const fillOther = async (): Promise<void> => {
    target.clear();
    await runPeer('crane', createLayoutTransfer(images.large, `${other.host}/large:1`), context);
  };
  const long = { kind: 'no-increase' } as const;
  const createRow = (
    label: string,
    transfers: readonly Transfer[],
    budget: Row['budget'],
    prepare: Row['prepare'],
  ) => ({
    label: `${label}${suffix}`,
    transfers,
    host,
    budget,
    prepare,
  });
  return [
    createRow('500 MB from an OCI layout', [large], long, clear),
    createRow('500 MB between registries', [copy], long, fillOther),
    createRow('300 MB of docker save', [saved], long, clear),
    createRow(`${IMAGE_COUNT} images with common layers`, sharing, long, clear),
    createRow('an unchanged image', [large], shortBudget, fill),
    createRow('a promotion inside one registry', [promotion], shortBudget, fill),
  ];
};

/** The rows: large images, many images and requests alone; with a registry on this machine and with a distant one. */
export const createRows = async (
  context: BenchmarkContext,
  target: RegistryProcess,
  other: RegistryProcess,
): Promise<readonly Row[]> => {
  const options = { context, images: await writeImages(context), target, other };
  return [...createRowsAt('near', options), ...createRowsAt('distant', options)];
};
