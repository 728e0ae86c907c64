import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getErrorPath, toFileError } from '@aws-delivery/action-kit/util/file-error';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import type { FileEntry, TreeEntry } from './tree.js';

// Node's zlib produces different bytes on different processors and versions; fflate does not.
const COMPRESSION_LEVEL = 6;

/** Unix file attributes, in the upper 16 bits of the zip field. */
const UNIX_HOST = 3;
const encodeAttributes = (mode: number): number => (mode << 16) >>> 0;

/**
 * Preserves only the executable bit, as git does: other bits depend on the umask of the checkout, and Lambda runs
 * functions as a user without access to 0600.
 */
const getMode = (entry: TreeEntry): number => {
  if (entry.kind === 'link') return 0o120777;
  return entry.executable ? 0o100755 : 0o100644;
};

// The earliest time of the zip format, which stores local time without a zone.
const getEarliestDate = (): Date => new Date(1980, 0, 1, 0, 0, 0);

const withAttributes = <F extends ZipDeflate | ZipPassThrough>(file: F, entry: TreeEntry): F =>
  Object.assign(file, { os: UNIX_HOST, attrs: encodeAttributes(getMode(entry)), mtime: getEarliestDate() });

/** Collects the chunks of fflate's callback, so that at most the output of one input chunk is buffered. */
class ZipStream {
  private chunks: Uint8Array[] = [];
  private readonly zip = new Zip((error, chunk) => {
    if (error !== null) throw error;
    this.chunks.push(chunk);
  });

  add<F extends ZipDeflate | ZipPassThrough>(file: F): F {
    this.zip.add(file);
    return file;
  }

  finish(): void {
    this.zip.end();
  }

  take(): readonly Uint8Array[] {
    const takenChunks = this.chunks;
    this.chunks = [];
    return takenChunks;
  }
}

/** SHA-256 of the files by name, from `hashTree`. */
type Digests = ReadonlyMap<string, string>;

const EMPTY = new Uint8Array(0);

const zipFile = async function* (archive: ZipStream, entry: FileEntry, digests: Digests): AsyncGenerator<Uint8Array> {
  const file = archive.add(withAttributes(new ZipDeflate(entry.name, { level: COMPRESSION_LEVEL }), entry));
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(entry.path)) {
    hash.update(chunk);
    file.push(chunk, false);
    yield* archive.take();
  }
  file.push(EMPTY, true);
  yield* archive.take();
  if (hash.digest('hex') !== digests.get(entry.name)) {
    const hint = 'make sure that no other process writes to the directory while it is packaged';
    throw new DeliveryError('conflict', `'${entry.path}' changed while it was read: ${hint}`);
  }
};

/** The bytes of an archive in the order of the entries, streamed with one chunk of a file in memory. */
export const zipEntries = async function* (
  entries: readonly TreeEntry[],
  digests: Digests,
): AsyncGenerator<Uint8Array> {
  const archive = new ZipStream();
  for (const entry of entries) {
    if (entry.kind === 'file') yield* zipFile(archive, entry, digests);
    else archive.add(withAttributes(new ZipPassThrough(entry.name), entry)).push(Buffer.from(entry.target), true);
  }
  archive.finish();
  yield* archive.take();
};

/** A written archive. */
export interface ZipFile {
  readonly path: string;
  readonly size: number;
  /** SHA-256 in hexadecimal. */
  readonly sha256: string;
}

/**
 * Writes an archive to a file. Equal entries produce equal bytes on every machine.
 * @throws DeliveryError `conflict` when a file no longer matches its digest; `denied` or `not-found` when it cannot be
 * read
 */
export const writeZip = async (path: string, entries: readonly TreeEntry[], digests: Digests): Promise<ZipFile> => {
  const hash = createHash('sha256');
  let size = 0;
  const measureChunks = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of zipEntries(entries, digests)) {
      hash.update(chunk);
      size += chunk.length;
      yield chunk;
    }
  };
  try {
    await pipeline(measureChunks, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
  } catch (error) {
    throw toFileError(getErrorPath(error) ?? path, error);
  }
  return { path, size, sha256: hash.digest('hex') };
};
