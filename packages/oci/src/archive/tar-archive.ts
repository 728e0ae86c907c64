import type { FileHandle } from 'node:fs/promises';
import { openRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import type { LayoutFiles } from '../layout/layout-source.js';
import { readAhead } from '../layout/read-ahead.js';

/** Position of a file's content in an archive, in bytes. */
interface TarEntry {
  readonly offset: number;
  readonly size: number;
  /** Name of the entry that a link points to. */
  readonly link: string | undefined;
}

const BLOCK_BYTES = 512;

/** An image archive has a few entries for each layer; the limit bounds the time spent on hostile archives. */
const MAX_ENTRIES = 20_000;
const MAX_HEADER_BYTES = 1024 * 1024;
const MAX_LINK_DEPTH = 8;

const readString = (block: Buffer, start: number, length: number): string => {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? length : end).toString('utf8');
};

/** A numeric field: octal digits, or binary when the highest bit is set (GNU tar). */
const readNumber = (block: Buffer, start: number, length: number): number => {
  if (((block[start] ?? 0) & 0x80) !== 0) return Number(block.readBigUInt64BE(start + length - 8));
  return Number.parseInt(readString(block, start, length).trim() || '0', 8);
};

const hasValidChecksum = (block: Buffer): boolean => {
  const spaces = Buffer.from(block);
  spaces.fill(0x20, 148, 156);
  return spaces.reduce((sum, byte) => sum + byte, 0) === readNumber(block, 148, 8);
};

/** Digits of a record's length: a header has at most `MAX_HEADER_BYTES`. */
const MAX_LENGTH_DIGITS = 7;

/**
 * Parses the records `length key=value\n` of a PAX header; undefined when a length is wrong. The length counts bytes,
 * so that a value may contain line ends.
 */
const parsePaxRecords = (content: Buffer): ReadonlyMap<string, string> | undefined => {
  const records = new Map<string, string>();
  for (let start = 0; start < content.length; ) {
    const space = content.subarray(start, start + MAX_LENGTH_DIGITS + 1).indexOf(0x20);
    const digits = content.subarray(start, start + Math.max(space, 0)).toString('latin1');
    const end = start + Number(digits);
    if (!/^\d+$/u.test(digits) || end > content.length || content[end - 1] !== 0x0a) return undefined;
    const record = content.subarray(start + space + 1, end - 1).toString('utf8');
    const equals = record.indexOf('=');
    if (equals < 1) return undefined;
    records.set(record.slice(0, equals), record.slice(equals + 1));
    start = end;
  }
  return records;
};

const readName = (block: Buffer): string => {
  const prefix = readString(block, 257, 5) === 'ustar' ? readString(block, 345, 155) : '';
  const name = readString(block, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
};

/**
 * Removes `./` and empty segments. Entries are never extracted, but a name outside the archive's root is rejected,
 * since images have none.
 */
const normalizeName = (name: string, archive: string): string => {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (!name.startsWith('/') && !parts.includes('..')) return parts.join('/');
  throw new DeliveryError(
    'rejected',
    `${archive} contains '${name}', a path outside of the archive: create the archive again`,
  );
};

/**
 * Resolves a symbolic link relative to its directory. Older versions of `docker save` link repeated layers this way.
 */
const resolveLinkTarget = (name: string, link: string): string => {
  const parts = name.split('/').slice(0, -1);
  for (const part of link.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
};

/** Lists the entries of a tar archive (POSIX ustar and pax, GNU) without reading the files' content. */
class TarScanner {
  readonly entries = new Map<string, TarEntry>();
  private position = 0;
  /** Headers read so far, including directories and entries with the same name. */
  private count = 0;
  private longName: string | undefined;
  private longLink: string | undefined;
  private pax: ReadonlyMap<string, string> = new Map();

  constructor(
    private readonly file: FileHandle,
    private readonly size: number,
    private readonly archive: string,
  ) {}

  async scanEntries(): Promise<ReadonlyMap<string, TarEntry>> {
    while (this.position + BLOCK_BYTES <= this.size) {
      const block = await this.readBytes(this.position, BLOCK_BYTES);
      if (block.every((byte) => byte === 0)) return this.entries;
      if (!hasValidChecksum(block)) throw this.createArchiveError('is not a tar archive or is damaged');
      await this.readEntry(block);
      this.count += 1;
      if (this.count > MAX_ENTRIES) throw this.createArchiveError(`has more than ${MAX_ENTRIES} entries`);
    }
    throw this.createArchiveError('ends too early');
  }

  private async readEntry(block: Buffer): Promise<void> {
    const type = readString(block, 156, 1);
    const size = Number(this.pax.get('size') ?? readNumber(block, 124, 12));
    const offset = this.position + BLOCK_BYTES;
    if (!Number.isSafeInteger(size) || size < 0 || offset + size > this.size) {
      throw this.createArchiveError('is truncated in the middle of a file');
    }
    this.position = offset + Math.ceil(size / BLOCK_BYTES) * BLOCK_BYTES;
    if (type === 'L' || type === 'K' || type === 'x') await this.readExtension(type, offset, size);
    else if (type !== 'g') this.addEntry(block, { offset, size, type });
  }

  private async readExtension(type: 'L' | 'K' | 'x', offset: number, size: number): Promise<void> {
    if (size > MAX_HEADER_BYTES)
      throw this.createArchiveError(`contains a header larger than ${MAX_HEADER_BYTES} bytes`);
    const content = await this.readBytes(offset, size);
    if (type !== 'x') {
      const name = readString(content, 0, content.length);
      if (type === 'L') this.longName = name;
      else this.longLink = name;
      return;
    }
    const records = parsePaxRecords(content);
    if (records === undefined) throw this.createArchiveError('contains a damaged PAX header');
    this.pax = records;
  }

  private addEntry(block: Buffer, { offset, size, type }: { offset: number; size: number; type: string }): void {
    const name = normalizeName(this.pax.get('path') ?? this.longName ?? readName(block), this.archive);
    const link = this.pax.get('linkpath') ?? this.longLink ?? readString(block, 157, 100);
    this.pax = new Map();
    this.longName = undefined;
    this.longLink = undefined;
    if (type === '1') this.entries.set(name, { offset, size: 0, link: normalizeName(link, this.archive) });
    else if (type === '2') this.entries.set(name, { offset, size: 0, link: resolveLinkTarget(name, link) });
    else if (type === '' || type === '0') this.entries.set(name, { offset, size, link: undefined });
    else if (type !== '5') throw this.createArchiveError(`contains '${name}', which is not a file, directory or link`);
  }

  private async readBytes(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await this.file.read(buffer, 0, length, position);
    if (bytesRead < length) throw this.createArchiveError('ends too early');
    return buffer;
  }

  private createArchiveError(problem: string): DeliveryError {
    return new DeliveryError('rejected', `${this.archive} ${problem}: create it again`);
  }
}

/** Random access to the files of a tar archive, without extracting them. */
export class TarArchive implements LayoutFiles {
  private constructor(
    private readonly file: FileHandle,
    private readonly archive: string,
    private readonly entries: ReadonlyMap<string, TarEntry>,
  ) {}

  /** `name` is the path for messages. Throws `not-found`, or `rejected` for a file that is not a tar archive or that has unsafe entries. */
  static async open(path: string, name = path): Promise<TarArchive> {
    const file = await openRegularFile(path).catch((error: unknown) => {
      throw toFileError(path, error);
    });
    try {
      const { size } = await file.stat();
      return new TarArchive(file, `'${name}'`, await new TarScanner(file, size, `'${name}'`).scanEntries());
    } catch (error) {
      await file.close();
      throw toFileError(path, error);
    }
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  getSize(name: string): number {
    return this.findEntry(name).size;
  }

  async read(name: string, limit: number): Promise<Buffer> {
    const { size } = this.findEntry(name);
    if (size > limit) {
      throw new DeliveryError('rejected', `${name} in ${this.archive} is larger than the limit of ${limit} bytes`);
    }
    const buffer = Buffer.alloc(size);
    let read = 0;
    for await (const chunk of this.open(name)) {
      buffer.set(chunk, read);
      read += chunk.length;
    }
    return buffer;
  }

  async *open(name: string): AsyncGenerator<Uint8Array> {
    const entry = this.findEntry(name);
    let read = 0;
    for await (const chunk of readAhead(this.file, entry)) {
      read += chunk.length;
      yield chunk;
    }
    if (read < entry.size) throw new DeliveryError('rejected', `${this.archive} is truncated: create it again`);
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private findEntry(name: string): TarEntry {
    let entry = this.entries.get(name);
    for (let links = 0; entry?.link !== undefined && links < MAX_LINK_DEPTH; links += 1) {
      entry = this.entries.get(entry.link);
    }
    if (entry !== undefined && entry.link === undefined) return entry;
    throw new DeliveryError(
      'not-found',
      `${this.archive} does not contain ${name}: it is incomplete or has a different format`,
    );
  }
}
