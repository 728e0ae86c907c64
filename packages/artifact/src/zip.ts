import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { getErrorPath, toFileError } from '@aws-delivery/action-kit/util/file-error';
import { Zip, ZipDeflate, ZipPassThrough } from 'fflate';
import type { FileEntry, TreeEntry } from './tree.js';

// Node's zlib gives other bytes on other processors and versions; fflate is the same everywhere.
const COMPRESSION_LEVEL = 6;

/** Attributes as Unix has them, in the upper half of a field. */
const UNIX_HOST = 3;
const encodeAttributes = (mode: number): number => (mode << 16) >>> 0;

/**
 * Only the executable bit is kept, as git does: other bits come from the umask of whoever checked the files out, and
 * Lambda runs functions as a user who may not read 0600.
 */
const getMode = (entry: TreeEntry): number => {
  if (entry.kind === 'link') return 0o120777;
  return entry.executable ? 0o100755 : 0o100644;
};

// The earliest time the format knows. It has no time zone: these parts are written as they are on every machine.
const getEarliestDate = (): Date => new Date(1980, 0, 1, 0, 0, 0);

const withAttributes = <F extends ZipDeflate | ZipPassThrough>(file: F, entry: TreeEntry): F =>
  Object.assign(file, { os: UNIX_HOST, attrs: encodeAttributes(getMode(entry)), mtime: getEarliestDate() });

/** Turns fflate's callback into pieces that wait to be taken, so that nothing piles up beyond one piece read. */
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

/** The files' SHA-256 by name, as `digestTree` found them. */
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
    const hint = 'let nothing write to the folder while it is packaged';
    throw new DeliveryError('conflict', `'${entry.path}' changed while it was read: ${hint}`);
  }
};

/** The bytes of an archive, piece by piece, in the order of the entries; at most one piece of a file is in memory. */
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

/** A file that is ready to be sent. */
export interface ZipFile {
  readonly path: string;
  readonly size: number;
  /** SHA-256 of its bytes in hexadecimal digits. */
  readonly sha256: string;
}

/**
 * Writes an archive to a file. The same entries with the same contents give the same bytes, on every machine.
 * @throws DeliveryError `conflict` when a file is no longer what its digest says; `denied` or `not-found` when it
 * cannot be read
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
