import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { getErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { TarArchive } from './tar-archive.js';

/** First bytes of compressed files. */
const MAGIC = { gzip: Buffer.from([0x1f, 0x8b]), zstd: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) } as const;

/**
 * Layers compress to about a third of their size. An archive that expands to more than 1 GiB and a hundred times its
 * size is treated as a decompression bomb.
 */
const ALWAYS_ALLOWED_BYTES = 1024 ** 3;
const MAX_GROWTH_FACTOR = 100;

const readMagicBytes = async (path: string): Promise<Buffer> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

const hasMagicBytes = (magicBytes: Buffer, kind: keyof typeof MAGIC): boolean =>
  magicBytes.subarray(0, MAGIC[kind].length).equals(MAGIC[kind]);

const limitBytes = (path: string, limit: number) =>
  async function* (content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let read = 0;
    for await (const chunk of content) {
      read += chunk.length;
      if (read > limit)
        throw new DeliveryError(
          'rejected',
          `'${path}' decompresses to more than ${limit} bytes: rejected as a decompression bomb`,
        );
      yield chunk;
    }
  };

/** Returns a path for a new temporary file with this name or one that ends with it. */
export type CreateTempPath = (name: string) => Promise<string>;

/** Decompresses an archive into a temporary file: entries are read in any order, which a gzip stream does not allow. */
const decompress = async (path: string, createTempPath: CreateTempPath): Promise<string> => {
  const target = await createTempPath('archive.tar');
  const { size } = await stat(path);
  const limit = Math.max(ALWAYS_ALLOWED_BYTES, MAX_GROWTH_FACTOR * size);
  try {
    const output = createWriteStream(target, { mode: 0o600, flags: 'wx' });
    await pipeline(createReadStream(path), createGunzip(), limitBytes(path, limit), output);
    return target;
  } catch (error) {
    await rm(target, { force: true });
    if (getErrorCode(error)?.startsWith('Z_') === true) {
      throw new DeliveryError('rejected', `'${path}' is damaged (${errorMessage(error)}): create it again`, {
        cause: error,
      });
    }
    throw toFileError(target, error);
  }
};

/** Opens a tar archive, plain or compressed with gzip. Throws DeliveryError. */
export const openArchive = async (path: string, createTempPath: CreateTempPath): Promise<TarArchive> => {
  const magicBytes = await readMagicBytes(path).catch((error: unknown) => {
    throw toFileError(path, error);
  });
  if (hasMagicBytes(magicBytes, 'zstd')) {
    throw new DeliveryError(
      'invalid-input',
      `'${path}' is compressed with zstd, which is not supported: use gzip or no compression`,
    );
  }
  return TarArchive.open(hasMagicBytes(magicBytes, 'gzip') ? await decompress(path, createTempPath) : path);
};
