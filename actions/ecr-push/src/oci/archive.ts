import { createReadStream, createWriteStream } from 'node:fs';
import { open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { codeOf } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { fileError } from '@aws-delivery/artifact/file-error';
import type { Workshop } from '../workshop.js';
import { TarFiles } from './tar.js';

/** The first bytes of what compressors write. */
const MAGIC = { gzip: Buffer.from([0x1f, 0x8b]), zstd: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]) } as const;

/** Layers shrink to a third or so. What grows a hundredfold past a gibibyte is made to fill a disk. */
const HARMLESS_BYTES = 1024 ** 3;
const MOST_GROWTH = 100;

const beginningOf = async (path: string): Promise<Buffer> => {
  const file = await open(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(4), 0, 4, 0);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
};

const isKind = (beginning: Buffer, kind: keyof typeof MAGIC): boolean =>
  beginning.subarray(0, MAGIC[kind].length).equals(MAGIC[kind]);

const limited = (path: string, limit: number) =>
  async function* (content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let read = 0;
    for await (const piece of content) {
      read += piece.length;
      if (read > limit)
        throw new DeliveryError('refused', `'${path}' unpacks to more than ${limit} bytes: not trusted`);
      yield piece;
    }
  };

/** Unpacks a compressed archive to a file of our own, since images are not read from beginning to end. */
const unpack = async (path: string, workshop: Workshop): Promise<string> => {
  const target = join(await workshop.folder(), `archive-${workshop.ordinal()}.tar`);
  const { size } = await stat(path);
  const limit = Math.max(HARMLESS_BYTES, MOST_GROWTH * size);
  try {
    const writing = createWriteStream(target, { mode: 0o600, flags: 'wx' });
    await pipeline(createReadStream(path), createGunzip(), limited(path, limit), writing);
    return target;
  } catch (error) {
    await rm(target, { force: true });
    if (codeOf(error)?.startsWith('Z_') === true) {
      throw new DeliveryError('refused', `'${path}' is damaged (${textOf(error)}): make it anew`, { cause: error });
    }
    throw fileError(target, error);
  }
};

/** Opens a tar archive, compressed by gzip or not at all. Throws DeliveryError. */
export const openArchive = async (path: string, workshop: Workshop): Promise<TarFiles> => {
  const beginning = await beginningOf(path).catch((error: unknown) => {
    throw fileError(path, error);
  });
  if (isKind(beginning, 'zstd')) {
    throw new DeliveryError('invalid-input', `'${path}' is compressed by zstd: use gzip, or do not compress it`);
  }
  return TarFiles.open(isKind(beginning, 'gzip') ? await unpack(path, workshop) : path);
};
