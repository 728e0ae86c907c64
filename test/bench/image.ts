import { createHash } from 'node:crypto';
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Ground } from './bench.js';

/** Content by its digest, in hexadecimal digits. */
interface Layer {
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly write: (path: string) => void;
}

const digestOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** A layer of its own; nobody unpacks it. */
export const layerOf = (seed: string, size: number): Layer => {
  const bytes = Buffer.alloc(size, digestOf(Buffer.from(seed)));
  return { digest: digestOf(bytes), size, write: (path) => writeFileSync(path, bytes) };
};

/** A layer of nothing, which takes no room on a disk; whole MiB. */
export const emptyLayer = (mebibytes: number): Layer => {
  const hash = createHash('sha256');
  const piece = Buffer.alloc(1024 ** 2);
  for (let index = 0; index < mebibytes; index += 1) hash.update(piece);
  const size = mebibytes * piece.length;
  const write = (path: string): void => {
    writeFileSync(path, '');
    truncateSync(path, size);
  };
  return { digest: hash.digest('hex'), size, write };
};

/** Writes an OCI layout with one image of these layers to the ground's folder; the source that names it. */
export const writeLayout = ({ folder }: Ground, name: string, layers: readonly Layer[]): string => {
  const blobs = join(folder, name, 'blobs', 'sha256');
  mkdirSync(blobs, { recursive: true });
  const keep = (mediaType: string, { digest, size, write }: Layer) => {
    write(join(blobs, digest));
    return { mediaType, digest: `sha256:${digest}`, size };
  };
  const json = (document: object): Layer => {
    const bytes = Buffer.from(JSON.stringify(document));
    return { digest: digestOf(bytes), size: bytes.length, write: (path) => writeFileSync(path, bytes) };
  };
  const kept = layers.map((layer) => keep('application/vnd.oci.image.layer.v1.tar', layer));
  const rootfs = { type: 'layers', diff_ids: kept.map(({ digest }) => digest) };
  const config = keep('application/vnd.oci.image.config.v1+json', json({ architecture: 'amd64', os: 'linux', rootfs }));
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const manifest = keep(mediaType, json({ schemaVersion: 2, mediaType, config, layers: kept }));
  json({ imageLayoutVersion: '1.0.0' }).write(join(folder, name, 'oci-layout'));
  json({ schemaVersion: 2, manifests: [manifest] }).write(join(folder, name, 'index.json'));
  return `oci:${name}`;
};
