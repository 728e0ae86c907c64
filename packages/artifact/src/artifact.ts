import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { hashContent, hashFile, hashTree } from './digest.js';
import { readFileEntry, readTree, type TreeEntry, type TreeOptions } from './tree.js';

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
  readonly label: string;
  /** Digest of the content and an ending: the same content has the same name. */
  readonly name: string;
  /** Makes the bytes, lets `use` work with them, and removes what was made for it. */
  withBody<T>(use: (body: Body) => Promise<T>): Promise<T>;
}

export interface ArchiveOptions extends TreeOptions {
  /** Where archives are written until they are sent; the system's folder for such things if not given. */
  readonly tempDirectory?: string;
}

const withTempDirectory = async <T>(parent: string, use: (directory: string) => Promise<T>): Promise<T> => {
  const directory = await mkdtemp(join(parent, 'aws-delivery-'));
  try {
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};

/**
 * Files and links from wherever they are as one zip archive.
 * @param what for people: `source code in 'src'`
 * @param entries in the order in which they go in
 */
export const createArchiveArtifact = async (
  label: string,
  entries: readonly TreeEntry[],
  { tempDirectory = tmpdir() }: Pick<ArchiveOptions, 'tempDirectory'> = {},
): Promise<Artifact> => {
  const { digest, files } = await hashTree(entries);
  return {
    label,
    name: `${digest}.zip`,
    withBody: (use) =>
      withTempDirectory(tempDirectory, async (directory) => {
        // Loaded when something must be sent: most runs find everything in its place.
        const { writeZip } = await import('./zip.js');
        const { path, size, sha256 } = await writeZip(join(directory, 'archive.zip'), entries, files);
        return use({ size, sha256, open: () => createReadStream(path) });
      }),
  };
};

/**
 * A folder as a zip archive, which is only written when it must be sent.
 * @throws DeliveryError as `readTree` does
 */
export const createDirectoryArtifact = async (directory: string, options: ArchiveOptions = {}): Promise<Artifact> =>
  createArchiveArtifact(`folder '${directory}'`, await readTree(directory, options), options);

/** A single file in a zip archive, for services that take nothing else. */
export const createZippedFileArtifact = async (path: string, options: ArchiveOptions = {}): Promise<Artifact> =>
  createArchiveArtifact(`file '${path}', zipped`, [await readFileEntry(path, basename(path))], options);

/** A file as it is. */
export const createFileArtifact = async (path: string): Promise<Artifact> => {
  const entry = await readFileEntry(path, basename(path));
  const sha256 = await hashFile(path);
  const body = { size: entry.size, sha256, open: () => createReadStream(path) };
  return { label: `file '${path}'`, name: `${sha256}${extname(path)}`, withBody: (use) => use(body) };
};

/**
 * A text that is nowhere on disk.
 * @param ending with its dot: `.template`
 */
export const createTextArtifact = (label: string, content: string, extension: string): Artifact => {
  const bytes = Buffer.from(content);
  const sha256 = hashContent(bytes);
  const body = { size: bytes.length, sha256, open: () => bytes };
  return { label, name: `${sha256}${extension}`, withBody: (use) => use(body) };
};
