import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { digestFile, digestOf, digestTree } from './digest.js';
import { fileEntry, readTree, type TreeEntry, type TreeOptions } from './tree.js';

/** Bytes ready to be sent, as often as it takes. */
export interface Body {
  readonly size: number;
  /** SHA-256 of the bytes in hexadecimal digits. */
  readonly sha256: string;
  /** The bytes from their beginning. */
  open(): Readable | Uint8Array;
}

/** Something to be put into a bucket under a name that says what is in it. */
export interface Artifact {
  /** What it is, for people: `folder 'src/api'`. */
  readonly what: string;
  /** Digest of the content and an ending: the same content has the same name. */
  readonly name: string;
  /** Makes the bytes, lets `use` work with them, and removes what was made for it. */
  withBody<T>(use: (body: Body) => Promise<T>): Promise<T>;
}

export interface ArchiveOptions extends TreeOptions {
  /** Where archives are written until they are sent; the system's folder for such things if not given. */
  readonly temporary?: string;
}

const withTemporaryFolder = async <T>(parent: string, use: (folder: string) => Promise<T>): Promise<T> => {
  const folder = await mkdtemp(join(parent, 'aws-delivery-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/**
 * Files and links from wherever they are as one zip archive.
 * @param what for people: `source code in 'src'`
 * @param entries in the order in which they go in
 */
export const archive = async (
  what: string,
  entries: readonly TreeEntry[],
  { temporary = tmpdir() }: Pick<ArchiveOptions, 'temporary'> = {},
): Promise<Artifact> => {
  const { digest, files } = await digestTree(entries);
  return {
    what,
    name: `${digest}.zip`,
    withBody: (use) =>
      withTemporaryFolder(temporary, async (folder) => {
        // Loaded when something must be sent: most runs find everything in its place.
        const { writeZip } = await import('./zip.js');
        const { path, size, sha256 } = await writeZip(join(folder, 'archive.zip'), entries, files);
        return use({ size, sha256, open: () => createReadStream(path) });
      }),
  };
};

/**
 * A folder as a zip archive, which is only written when it must be sent.
 * @throws DeliveryError as `readTree` does
 */
export const folderArtifact = async (folder: string, options: ArchiveOptions = {}): Promise<Artifact> =>
  archive(`folder '${folder}'`, await readTree(folder, options), options);

/** A single file in a zip archive, for services that take nothing else. */
export const zippedFileArtifact = async (path: string, options: ArchiveOptions = {}): Promise<Artifact> =>
  archive(`file '${path}', zipped`, [await fileEntry(path, basename(path))], options);

/** A file as it is. */
export const fileArtifact = async (path: string): Promise<Artifact> => {
  const entry = await fileEntry(path, basename(path));
  const sha256 = await digestFile(path);
  const body = { size: entry.size, sha256, open: () => createReadStream(path) };
  return { what: `file '${path}'`, name: `${sha256}${extname(path)}`, withBody: (use) => use(body) };
};

/**
 * A text that is nowhere on disk.
 * @param ending with its dot: `.template`
 */
export const textArtifact = (what: string, text: string, ending: string): Artifact => {
  const bytes = Buffer.from(text);
  const sha256 = digestOf(bytes);
  const body = { size: bytes.length, sha256, open: () => bytes };
  return { what, name: `${sha256}${ending}`, withBody: (use) => use(body) };
};
