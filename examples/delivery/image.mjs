// Writes the shop's image as an OCI layout. The same sources result in the same digest; no container engine is needed.
// Usage: node image.mjs DIRECTORY
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [directory] = process.argv.slice(2);
if (directory === undefined) throw new Error('directory of the layout is required: node image.mjs DIRECTORY');
const sources = join(import.meta.dirname, 'shop');
const block = 512;

/** A header in ustar format (POSIX 1003.1) for a file of root with a modification time of 1970. */
const createHeader = (name, size) => {
  const header = Buffer.alloc(block);
  const put = (value, offset) => header.write(value, offset, 'latin1');
  put(name, 0);
  put(`0000644\0${'0000000\0'.repeat(2)}`, 100);
  put(`${size.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0`, 124);
  put(`${' '.repeat(8)}0`, 148);
  put('ustar\x0000', 257);
  put(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  return header;
};

const createArchive = (names) =>
  Buffer.concat([
    ...names.flatMap((name) => {
      const content = readFileSync(join(sources, name));
      return [createHeader(`var/task/${name}`, content.length), content, Buffer.alloc(-content.length & (block - 1))];
    }),
    Buffer.alloc(2 * block),
  ]);

const computeDigest = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Writes a blob under its digest and returns its descriptor. */
const writeBlob = (mediaType, bytes) => {
  const digest = computeDigest(bytes);
  writeFileSync(join(directory, 'blobs', 'sha256', digest), bytes);
  return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
};
const toJson = (value) => Buffer.from(JSON.stringify(value));

rmSync(directory, { recursive: true, force: true });
mkdirSync(join(directory, 'blobs', 'sha256'), { recursive: true });
const tar = createArchive(readdirSync(sources).sort());
const layer = writeBlob('application/vnd.oci.image.layer.v1.tar', tar);
const config = writeBlob(
  'application/vnd.oci.image.config.v1+json',
  toJson({
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['index.handler'], WorkingDir: '/var/task' },
    rootfs: { type: 'layers', diff_ids: [`sha256:${computeDigest(tar)}`] },
  }),
);
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const manifest = writeBlob(mediaType, toJson({ schemaVersion: 2, mediaType, config, layers: [layer] }));
writeFileSync(join(directory, 'oci-layout'), toJson({ imageLayoutVersion: '1.0.0' }));
writeFileSync(join(directory, 'index.json'), toJson({ schemaVersion: 2, manifests: [manifest] }));
console.log(`${manifest.digest} in ${directory}`);
