import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { createRandom } from '@aws-delivery/local-aws/random';

export interface Blob {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  readonly bytes: Buffer;
}

export const computeDigest = (bytes: Uint8Array): string =>
  `sha256:${createHash('sha256').update(bytes).digest('hex')}`;

export const createBlob = (mediaType: string, bytes: Buffer): Blob => ({
  mediaType,
  digest: computeDigest(bytes),
  size: bytes.length,
  bytes,
});

const toDescriptor = ({ mediaType, digest, size }: Blob) => ({ mediaType, digest, size });

/** A tar header and a file's content, padded to blocks. */
export const createTarEntry = (name: string, bytes: Buffer, { type = '0', link = '' } = {}): Buffer => {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${bytes.length.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(type, 156);
  header.write(link, 157, 100);
  header.write('ustar\x0000', 257, 'latin1');
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
};

export const createTar = (files: Readonly<Record<string, Buffer>>): Buffer =>
  Buffer.concat([...Object.entries(files).map(([name, bytes]) => createTarEntry(name, bytes)), Buffer.alloc(1024)]);

/** A layer with one file of pseudo-random bytes (equal seeds give equal bytes), as tar and compressed. */
export const createLayer = (seed: string, size = 300) => {
  const bytes = Buffer.alloc(size);
  const random = createRandom(seed);
  for (let index = 0; index < size; index += 32) bytes.write(random.hex(32), index, Math.min(32, size - index));
  const tar = createTar({ [`${seed}.txt`]: bytes });
  return { tar, blob: createBlob('application/vnd.oci.image.layer.v1.tar+gzip', gzipSync(tar)) };
};

export type Layer = ReturnType<typeof createLayer>;

export interface Image {
  readonly manifest: Blob;
  readonly config: Blob;
  readonly layers: readonly Layer[];
  readonly blobs: readonly Blob[];
}

export interface ImageOptions {
  readonly layers?: readonly Layer[];
  readonly architecture?: string;
  readonly command?: string;
}

/** An image; with another `command`, images of the same layers differ. */
export const createImage = ({
  layers = [createLayer('base')],
  architecture = 'amd64',
  command = 'run',
}: ImageOptions = {}): Image => {
  const config = createBlob(
    'application/vnd.oci.image.config.v1+json',
    Buffer.from(
      JSON.stringify({
        architecture,
        os: 'linux',
        config: { Cmd: [command] },
        rootfs: { type: 'layers', diff_ids: layers.map(({ tar }) => computeDigest(tar)) },
        history: [],
      }),
    ),
  );
  const mediaType = 'application/vnd.oci.image.manifest.v1+json';
  const document = {
    schemaVersion: 2,
    mediaType,
    config: toDescriptor(config),
    layers: layers.map(({ blob }) => toDescriptor(blob)),
  };
  const manifest = createBlob(mediaType, Buffer.from(JSON.stringify(document)));
  return { manifest, config, layers, blobs: [config, ...layers.map(({ blob }) => blob)] };
};

/** An index over images of several platforms. */
export const createIndex = (images: readonly Image[], architectures: readonly string[]): Blob => {
  const mediaType = 'application/vnd.oci.image.index.v1+json';
  const manifests = images.map(({ manifest }, index) => ({
    ...toDescriptor(manifest),
    platform: { os: 'linux', architecture: architectures[index] },
  }));
  return createBlob(mediaType, Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests })));
};

/** The files of an OCI image layout with these manifests by tag, and these images. */
export const createLayoutFiles = (
  tagged: Readonly<Record<string, Blob>>,
  images: readonly Image[],
): Readonly<Record<string, Buffer>> => {
  const all = [...Object.values(tagged), ...images.flatMap(({ manifest, blobs }) => [manifest, ...blobs])];
  const manifests = Object.entries(tagged).map(([tag, blob]) => ({
    ...toDescriptor(blob),
    annotations: { 'org.opencontainers.image.ref.name': tag },
  }));
  return {
    'oci-layout': Buffer.from('{"imageLayoutVersion":"1.0.0"}'),
    'index.json': Buffer.from(JSON.stringify({ schemaVersion: 2, manifests })),
    ...Object.fromEntries(all.map(({ digest, bytes }) => [`blobs/sha256/${digest.slice(7)}`, bytes])),
  };
};

/** The files of an archive as `docker save` wrote it before Docker 25. */
export const createDockerSaveFiles = (tag: string, { config, layers }: Image): Readonly<Record<string, Buffer>> => {
  const name = `${config.digest.slice(7)}.json`;
  const files = layers.map(({ tar }) => [`${computeDigest(tar).slice(7)}/layer.tar`, tar] as const);
  const document = [{ Config: name, RepoTags: [tag], Layers: files.map(([path]) => path) }];
  return { [name]: config.bytes, ...Object.fromEntries(files), 'manifest.json': Buffer.from(JSON.stringify(document)) };
};

/** Writes files below a directory. */
export const writeFiles = async (directory: string, files: Readonly<Record<string, Buffer>>): Promise<string> => {
  for (const [name, bytes] of Object.entries(files)) {
    await mkdir(dirname(join(directory, name)), { recursive: true });
    await writeFile(join(directory, name), bytes);
  }
  return directory;
};
