import type { FileHandle } from 'node:fs/promises';
import { openRegularFile } from '@aws-delivery/action-kit/files/regular-file';

/** Each chunk costs time, however small it is. */
const CHUNK_BYTES = 512 * 1024;

/** One chunk at the consumer, one that the consumer may hold back, and one that is read meanwhile. */
const BUFFER_COUNT = 3;

/** A part of a file, in bytes. */
export interface FileRange {
  readonly offset: number;
  readonly size: number;
}

/**
 * Streams a part of a file and reads the next chunk meanwhile. The buffers are used again, which bounds the memory: a
 * chunk is valid until two more chunks have been requested. Ends early where the file ends.
 */
export const readAhead = async function* (
  file: FileHandle,
  { offset, size }: FileRange,
): AsyncGenerator<Uint8Array, void, undefined> {
  const end = offset + size;
  const buffers: Buffer[] = [];
  const startRead = (position: number, index: number) => {
    const buffer = buffers[index % BUFFER_COUNT] ?? Buffer.allocUnsafeSlow(Math.min(CHUNK_BYTES, size));
    buffers[index % BUFFER_COUNT] = buffer;
    const pending = file.read(buffer, 0, Math.min(buffer.length, end - position), position);
    // Reported when it is awaited; the consumer may have ended before.
    pending.catch(() => {});
    return pending;
  };
  let position = offset;
  let next = startRead(position, 0);
  try {
    for (let index = 1; position < end; index += 1) {
      const { bytesRead, buffer } = await next;
      if (bytesRead === 0) return;
      position += bytesRead;
      if (position < end) next = startRead(position, index);
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    // The file must not be closed during a read.
    await next.catch(() => {});
  }
};

/** Streams a whole file as `readAhead` does. Throws for another kind of file. */
export const readFileAhead = async function* (path: string): AsyncGenerator<Uint8Array, void, undefined> {
  const file = await openRegularFile(path);
  try {
    yield* readAhead(file, { offset: 0, size: (await file.stat()).size });
  } finally {
    await file.close();
  }
};
