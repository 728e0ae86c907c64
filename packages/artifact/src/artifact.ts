import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { hashContent, hashFile, hashTree } from './digest.js';
import { readFileEntry, readTree, type TreeEntry, type TreeOptions } from './tree.js';

/** Content that can be sent repeatedly. */
export interface Body {
  readonly size: number;
  /** SHA-256 of the bytes in hexadecimal. */
  readonly sha256: string;
  /** A new stream or the bytes, from the start. */
  open(): Readable | Uint8Array;
}

/** Content to store under a content-addressed name. */
export interface Artifact {
  /** For messages: `directory 'src/api'`. */
  readonly label: string;
  /** Digest of the content and a file extension: equal content has equal names. */
  readonly name: string;
  /** Creates the content, passes it to `use`, and removes temporary files afterwards. */
  withBody<T>(use: (body: Body) => Promise<T>): Promise<T>;
}

export interface ArchiveOptions extends TreeOptions {
  /** Parent of the temporary directory for archives; default the system's. */
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
 * A zip archive of files and links.
 * @param label for messages: `source code in 'src'`
 * @param entries in the order of the archive
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
        // Loaded only for an upload: in most runs every artifact is already stored.
        const { writeZip } = await import('./zip.js');
        const { path, size, sha256 } = await writeZip(join(directory, 'archive.zip'), entries, files);
        return use({ size, sha256, open: () => createReadStream(path) });
      }),
  };
};

/**
 * A zip archive of a directory, written only when it is uploaded.
 * @throws DeliveryError as `readTree`
 */
export const createDirectoryArtifact = async (directory: string, options: ArchiveOptions = {}): Promise<Artifact> =>
  createArchiveArtifact(`directory '${directory}'`, await readTree(directory, options), options);

/** A zip archive of a single file, for services that accept only archives. */
export const createZippedFileArtifact = async (path: string, options: ArchiveOptions = {}): Promise<Artifact> =>
  createArchiveArtifact(`file '${path}', zipped`, [await readFileEntry(path, basename(path))], options);

/** A file, uploaded unchanged. */
export const createFileArtifact = async (path: string): Promise<Artifact> => {
  const entry = await readFileEntry(path, basename(path));
  const sha256 = await hashFile(path);
  const body = { size: entry.size, sha256, open: () => createReadStream(path) };
  return { label: `file '${path}'`, name: `${sha256}${extname(path)}`, withBody: (use) => use(body) };
};

/**
 * A string as an artifact.
 * @param extension with its dot: `.template`
 */
export const createTextArtifact = (label: string, content: string, extension: string): Artifact => {
  const bytes = Buffer.from(content);
  const sha256 = hashContent(bytes);
  const body = { size: bytes.length, sha256, open: () => bytes };
  return { label, name: `${sha256}${extension}`, withBody: (use) => use(body) };
};
