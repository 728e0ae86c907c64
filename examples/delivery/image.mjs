// Writes the shop's image as an OCI layout: the same sources give the same digest, and no engine is needed.
// usage: node image.mjs FOLDER
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error('name the folder of the layout: node image.mjs FOLDER');
const sources = join(import.meta.dirname, 'shop');
const block = 512;

/** A header of the ustar format (POSIX 1003.1), of a file that belongs to root and was changed in 1970. */
const headerOf = (name, size) => {
  const header = Buffer.alloc(block);
  const put = (text, at) => header.write(text, at, 'latin1');
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

const archive = (names) =>
  Buffer.concat([
    ...names.flatMap((name) => {
      const content = readFileSync(join(sources, name));
      return [headerOf(`var/task/${name}`, content.length), content, Buffer.alloc(-content.length & (block - 1))];
    }),
    Buffer.alloc(2 * block),
  ]);

const digestOf = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** Keeps a blob under its digest; gives its descriptor. */
const keep = (mediaType, bytes) => {
  const digest = digestOf(bytes);
  writeFileSync(join(folder, 'blobs', 'sha256', digest), bytes);
  return { mediaType, digest: `sha256:${digest}`, size: bytes.length };
};
const json = (value) => Buffer.from(JSON.stringify(value));

rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, 'blobs', 'sha256'), { recursive: true });
const tar = archive(readdirSync(sources).sort());
const layer = keep('application/vnd.oci.image.layer.v1.tar', tar);
const config = keep(
  'application/vnd.oci.image.config.v1+json',
  json({
    architecture: 'amd64',
    os: 'linux',
    config: { Cmd: ['index.handler'], WorkingDir: '/var/task' },
    rootfs: { type: 'layers', diff_ids: [`sha256:${digestOf(tar)}`] },
  }),
);
const mediaType = 'application/vnd.oci.image.manifest.v1+json';
const manifest = keep(mediaType, json({ schemaVersion: 2, mediaType, config, layers: [layer] }));
writeFileSync(join(folder, 'oci-layout'), json({ imageLayoutVersion: '1.0.0' }));
writeFileSync(join(folder, 'index.json'), json({ schemaVersion: 2, manifests: [manifest] }));
console.log(`${manifest.digest} in ${folder}`);
