import { createReadStream, createWriteStream } from 'node:fs';
import { rm, stat } from 'node:fs/promises';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import zlib from 'node:zlib';
import { openRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { type RunProgram, selectEnv } from '@aws-delivery/action-kit/host/run-program';
import type { Env } from '@aws-delivery/action-kit/util/env';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { getErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { TarArchive } from './tar-archive.js';

/** First bytes of compressed files, by the program that decompresses them. */
const MAGIC_BYTES = {
  gzip: Buffer.from([0x1f, 0x8b]),
  zstd: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]),
  xz: Buffer.from([0xfd, 0x37, 0x7a, 0x58, 0x5a, 0x00]),
  bzip2: Buffer.from('BZh'),
} as const;

type Compression = keyof typeof MAGIC_BYTES;

const MAX_MAGIC_BYTES = Math.max(...Object.values(MAGIC_BYTES).map(({ length }) => length));

/**
 * Layers compress to about a third of their size. An archive that expands to more than 1 GiB and a hundred times its
 * size is treated as a decompression bomb.
 */
const ALWAYS_ALLOWED_BYTES = 1024 ** 3;
const MAX_GROWTH_FACTOR = 100;

/** Returns a path for a new temporary file with this name or one that ends with it. */
export type CreateTempPath = (name: string) => Promise<string>;

export interface ArchiveTools {
  readonly createTempPath: CreateTempPath;
  readonly runProgram: RunProgram;
  readonly env: Env;
  readonly signal: AbortSignal;
}

/** A frame without content (RFC 8878, section 3.1.2); pzstd starts its files with one. */
const isSkippableFrame = (start: Buffer): boolean =>
  start.length >= 4 && (start[0] ?? 0) >> 4 === 0x5 && start.subarray(1, 4).equals(Buffer.from([0x2a, 0x4d, 0x18]));

const detectCompression = async (path: string): Promise<Compression | undefined> => {
  const file = await openRegularFile(path);
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_MAGIC_BYTES), 0, MAX_MAGIC_BYTES, 0);
    const start = buffer.subarray(0, bytesRead);
    if (isSkippableFrame(start)) return 'zstd';
    const found = Object.entries(MAGIC_BYTES).find(([, magic]) => start.subarray(0, magic.length).equals(magic));
    return found?.[0] as Compression | undefined;
  } finally {
    await file.close();
  }
};

const limitBytes = (path: string, limit: number) =>
  async function* (content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    let read = 0;
    for await (const chunk of content) {
      read += chunk.length;
      if (read > limit) {
        const message = `'${path}' decompresses to more than ${limit} bytes: rejected as a decompression bomb`;
        throw new DeliveryError('rejected', message);
      }
      yield chunk;
    }
  };

const createDamagedError = (path: string, problem: string, cause?: unknown): DeliveryError =>
  new DeliveryError('rejected', `'${path}' is damaged (${problem}): create it again`, { cause });

/** Decompresses with Node; undefined for formats that this version of Node does not have (zstd before 22.15). */
const createDecompressor = (compression: Compression) => {
  if (compression === 'gzip') return zlib.createGunzip();
  return compression === 'zstd' && 'createZstdDecompress' in zlib ? zlib.createZstdDecompress() : undefined;
};

/** Decompresses with the machine's program, which writes into a stream. Throws DeliveryError when it fails. */
const runDecompressor = async (
  path: string,
  program: Compression,
  output: PassThrough,
  { runProgram, env, signal }: ArchiveTools,
): Promise<void> => {
  const options = { env: selectEnv(env), signal, output };
  const { exitCode, lastLines } = await runProgram(program, ['-d', '-c', path], options);
  if (exitCode === 0) return;
  const isMissing = exitCode === 127;
  const problem = `'${path}' is compressed with ${program}, and the program ${program} is not installed: install it, or use gzip`;
  const error = isMissing
    ? new DeliveryError('missing', problem)
    : createDamagedError(path, lastLines.join(' ') || `exit code ${exitCode}`);
  output.destroy(error);
  throw error;
};

type Limit = ReturnType<typeof limitBytes>;

const createTarget = (target: string) => createWriteStream(target, { mode: 0o600, flags: 'wx' });

const decompressWithProgram = async (
  path: string,
  program: Compression,
  { target, limit, tools }: { readonly target: string; readonly limit: Limit; readonly tools: ArchiveTools },
): Promise<void> => {
  const output = new PassThrough();
  const [written] = await Promise.allSettled([
    pipeline(output, limit, createTarget(target)),
    runDecompressor(path, program, output, tools),
  ]);
  if (written.status === 'rejected') throw written.reason;
};

/** Returns false when the program is not installed and Node can decompress instead. */
const tryProgram = async (
  path: string,
  program: Compression,
  options: Parameters<typeof decompressWithProgram>[2],
  alternative: object | undefined,
): Promise<boolean> => {
  try {
    await decompressWithProgram(path, program, options);
    return true;
  } catch (error) {
    await rm(options.target, { force: true });
    const isMissing = error instanceof DeliveryError && error.code === 'missing';
    if (!isMissing || alternative === undefined) throw error;
    return false;
  }
};

/** Decompresses an archive into a temporary file: entries are read in any order, which a stream does not allow. */
const decompress = async (path: string, compression: Compression, tools: ArchiveTools): Promise<string> => {
  const target = await tools.createTempPath('archive.tar');
  const { size } = await stat(path);
  const limit = limitBytes(path, Math.max(ALWAYS_ALLOWED_BYTES, MAX_GROWTH_FACTOR * size));
  const decompressor = createDecompressor(compression);
  try {
    // Node ends silently after the first frame of a zstd file.
    const isByProgram =
      compression !== 'gzip' && (await tryProgram(path, compression, { target, limit, tools }, decompressor));
    if (decompressor !== undefined && !isByProgram) {
      await pipeline(createReadStream(path), decompressor, limit, createTarget(target));
    }
    return target;
  } catch (error) {
    await rm(target, { force: true });
    const code = getErrorCode(error);
    if (code?.startsWith('Z_') === true || code?.startsWith('ERR_ZSTD') === true || code?.startsWith('ZSTD_') === true)
      throw createDamagedError(path, errorMessage(error), error);
    throw toFileError(target, error);
  }
};

/** Opens a tar archive, plain or compressed with gzip, zstd, xz or bzip2. Throws DeliveryError. */
export const openArchive = async (path: string, tools: ArchiveTools): Promise<TarArchive> => {
  const compression = await detectCompression(path).catch((error: unknown) => {
    throw toFileError(path, error);
  });
  return TarArchive.open(compression === undefined ? path : await decompress(path, compression, tools), path);
};
