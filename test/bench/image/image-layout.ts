import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { BenchmarkContext } from '../benchmark.js';

/** A blob; the digest is in hexadecimal digits without `sha256:`. */
interface Layer {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly writeTo: (path: string) => void;
}

const computeDigest = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A layer with a unique digest; its content is not a valid archive. */
export const createLayer = (seed: string, size: number): Layer => {
  const bytes = Buffer.alloc(size, computeDigest(Buffer.from(seed)));
  return { digest: computeDigest(bytes), size, writeTo: (path) => writeFileSync(path, bytes) };
};

/** A layer of random bytes in a gzip file, which registry clients leave as it is. */
export const createGzipLayer = (size: number): Layer => {
  const bytes = gzipSync(randomBytes(size), { level: 0 });
  return { digest: computeDigest(bytes), size: bytes.length, writeTo: (path) => writeFileSync(path, bytes) };
};

/** A layer of so many MiB of zeros, written as a sparse file. */
export const createEmptyLayer = (mebibytes: number): Layer => {
  const hash = createHash('sha256');
  const chunk = Buffer.alloc(1024 ** 2);
  for (let index = 0; index < mebibytes; index += 1) hash.update(chunk);
  const size = mebibytes * chunk.length;
  const writeTo = (path: string): void => {
    writeFileSync(path, '');
    truncateSync(path, size);
  };
  return { digest: hash.digest('hex'), size, writeTo };
};

interface LayoutOptions {
  /** Name of the image in the layout. */
  readonly tag?: string;
  /** Media type of the layers. */
  readonly mediaType?: string;
}

/** Writes an OCI layout with one image of these layers to the context's directory. Returns its `source` input. */
export const writeLayout = (
  { directory }: BenchmarkContext,
  name: string,
  layers: readonly Layer[],
  { tag, mediaType: layerType = 'application/vnd.oci.image.layer.v1.tar' }: LayoutOptions = {},
): string => {
  const blobs = join(directory, name, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const writeBlob = (mediaType: string, { digest, size, writeTo }: Layer) => {
    writeTo(join(blobs, digest));
    return { mediaType, digest: `sha256:${digest}`, size };
  };
  const createJsonBlob = (document: object): Layer => {
    const bytes = Buffer.from(JSON.stringify(document));
    return { digest: computeDigest(bytes), size: bytes.length, writeTo: (path) => writeFileSync(path, bytes) };
  };
  const descriptors = layers.map((layer) => writeBlob(layerType, layer));
  const rootfs = { type: 'layers', diff_ids: descriptors.map(({ digest }) => digest) };
  const config = writeBlob(
    'application/vnd.oci.image.config.v1+json',
    createJsonBlob({ architecture: 'amd64', os: 'linux', rootfs }),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = writeBlob(mediaType, createJsonBlob({ schemaVersion: 2, mediaType, config, layers: descriptors }));
  createJsonBlob({ imageLayoutVersion: '1.0.0' }).writeTo(join(directory, name, 'oci-layout'));
  const annotations = tag === undefined ? {} : { annotations: { 'org.opencontainers.image.ref.name': tag } };
  createJsonBlob({ schemaVersion: 2, manifests: [{ ...manifest, ...annotations }] }).writeTo(
    join(directory, name, 'index.json'),
  );
  return `oci:${name}`;
};
