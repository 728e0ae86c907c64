import { type FileHandle, open } from 'node:fs/promises';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { fileError } from '@aws-delivery/artifact/file-error';
import type { LayoutFiles } from './layout.js';

/** Where a file's bytes are in an archive. */
interface TarEntry {
  readonly offset: number;
  readonly size: number;
  /** The name of the entry this one is a link to. */
  readonly link: string | undefined;
}

const BLOCK = 512;
const PIECE = 256 * 1024;

/** An image has a few entries for each layer: what has more is no image. */
const MOST_ENTRIES = 20_000;
const MOST_HEADER_BYTES = 1024 * 1024;
const MOST_LINKS = 8;

const textAt = (block: Buffer, start: number, length: number): string => {
  const field = block.subarray(start, start + length);
  const end = field.indexOf(0);
  return field.subarray(0, end === -1 ? length : end).toString('utf8');
};

/** Octal digits, or a binary number where the first bit is set (GNU tar). */
const numberAt = (block: Buffer, start: number, length: number): number => {
  if (((block[start] ?? 0) & 0x80) !== 0) return Number(block.readBigUInt64BE(start + length - 8));
  return Number.parseInt(textAt(block, start, length).trim() || '0', 8);
};

const checksumFits = (block: Buffer): boolean => {
  const spaces = Buffer.from(block);
  spaces.fill(0x20, 148, 156);
  return spaces.reduce((sum, byte) => sum + byte, 0) === numberAt(block, 148, 8);
};

/** Records `length key=value\n` of a PAX header. */
const paxRecords = (text: string): ReadonlyMap<string, string> => {
  const records = new Map<string, string>();
  for (const [, key, value] of text.matchAll(/\d+ ([^=\n]+)=([^\n]*)\n/gu)) records.set(key ?? '', value ?? '');
  return records;
};

const nameIn = (block: Buffer): string => {
  const prefix = textAt(block, 257, 5) === 'ustar' ? textAt(block, 345, 155) : '';
  const name = textAt(block, 0, 100);
  return prefix === '' ? name : `${prefix}/${name}`;
};

/** A name without `./`. Nothing here is ever unpacked; a name that leads out is still no image's. */
const normalised = (name: string, archive: string): string => {
  const parts = name.split('/').filter((part) => part !== '' && part !== '.');
  if (!name.startsWith('/') && !parts.includes('..')) return parts.join('/');
  throw new DeliveryError('refused', `${archive} holds '${name}', a name that leads out of it: no image has one`);
};

/** A link's target, relative to the folder of the link, as `docker save` once wrote layers that repeat. */
const targetOf = (name: string, link: string): string => {
  const parts = name.split('/').slice(0, -1);
  for (const part of link.split('/')) {
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
};

/** Reads the table of contents of a tar archive (POSIX ustar and pax, GNU), skipping over the files' bytes. */
class Scan {
  readonly entries = new Map<string, TarEntry>();
  private position = 0;
  /** Of all headers: those of one name, or of folders, take time too. */
  private count = 0;
  private longName: string | undefined;
  private pax: ReadonlyMap<string, string> = new Map();

  constructor(
    private readonly file: FileHandle,
    private readonly size: number,
    private readonly archive: string,
  ) {}

  async run(): Promise<ReadonlyMap<string, TarEntry>> {
    while (this.position + BLOCK <= this.size) {
      const block = await this.bytes(this.position, BLOCK);
      if (block.every((byte) => byte === 0)) return this.entries;
      if (!checksumFits(block)) throw this.broken('is no tar archive, or a damaged one');
      await this.entry(block);
      this.count += 1;
      if (this.count > MOST_ENTRIES) throw this.broken(`has more than ${MOST_ENTRIES} entries`);
    }
    throw this.broken('ends too early');
  }

  private async entry(block: Buffer): Promise<void> {
    const type = textAt(block, 156, 1);
    const size = Number(this.pax.get('size') ?? numberAt(block, 124, 12));
    const offset = this.position + BLOCK;
    if (!Number.isSafeInteger(size) || size < 0 || offset + size > this.size) {
      throw this.broken('ends in the middle of a file');
    }
    this.position = offset + Math.ceil(size / BLOCK) * BLOCK;
    if (type === 'L' || type === 'x') await this.extension(type, offset, size);
    else if (type !== 'g' && type !== 'K') this.add(block, { offset, size, type });
  }

  private async extension(type: 'L' | 'x', offset: number, size: number): Promise<void> {
    if (size > MOST_HEADER_BYTES) throw this.broken('has a header of absurd length');
    const text = (await this.bytes(offset, size)).toString('utf8');
    if (type === 'x') this.pax = paxRecords(text);
    else this.longName = text.replace(/\0.*$/su, '');
  }

  private add(block: Buffer, { offset, size, type }: { offset: number; size: number; type: string }): void {
    const name = normalised(this.pax.get('path') ?? this.longName ?? nameIn(block), this.archive);
    const link = this.pax.get('linkpath') ?? textAt(block, 157, 100);
    this.pax = new Map();
    this.longName = undefined;
    if (type === '1') this.entries.set(name, { offset, size: 0, link: normalised(link, this.archive) });
    else if (type === '2') this.entries.set(name, { offset, size: 0, link: targetOf(name, link) });
    else if (type === '' || type === '0') this.entries.set(name, { offset, size, link: undefined });
    else if (type !== '5') throw this.broken(`holds '${name}', which is neither file, folder nor link`);
  }

  private async bytes(position: number, length: number): Promise<Buffer> {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await this.file.read(buffer, 0, length, position);
    if (bytesRead < length) throw this.broken('ends too early');
    return buffer;
  }

  private broken(fault: string): DeliveryError {
    return new DeliveryError('refused', `${this.archive} ${fault}: make it anew`);
  }
}

/** Files in a tar archive, read where they are: nothing is unpacked. */
export class TarFiles implements LayoutFiles {
  private constructor(
    private readonly file: FileHandle,
    private readonly archive: string,
    private readonly entries: ReadonlyMap<string, TarEntry>,
  ) {}

  /** Throws `not-found`, or `refused` for what is no tar archive or no harmless one. */
  static async open(path: string): Promise<TarFiles> {
    const file = await open(path).catch((error: unknown) => {
      throw fileError(path, error);
    });
    try {
      const { size } = await file.stat();
      return new TarFiles(file, `'${path}'`, await new Scan(file, size, `'${path}'`).run());
    } catch (error) {
      await file.close();
      throw fileError(path, error);
    }
  }

  has(name: string): boolean {
    return this.entries.has(name);
  }

  sizeOf(name: string): number {
    return this.find(name).size;
  }

  async read(name: string, limit: number): Promise<Buffer> {
    const { size } = this.find(name);
    if (size > limit) {
      throw new DeliveryError('refused', `${name} in ${this.archive} has more than the ${limit} bytes it may have`);
    }
    const pieces: Uint8Array[] = [];
    for await (const piece of this.open(name)) pieces.push(piece);
    return Buffer.concat(pieces);
  }

  async *open(name: string): AsyncGenerator<Uint8Array> {
    const { offset, size } = this.find(name);
    for (let done = 0; done < size; ) {
      const buffer = Buffer.allocUnsafe(Math.min(PIECE, size - done));
      const { bytesRead } = await this.file.read(buffer, 0, buffer.length, offset + done);
      if (bytesRead === 0) throw new DeliveryError('refused', `${this.archive} ends too early: make it anew`);
      done += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  close(): Promise<void> {
    return this.file.close();
  }

  private find(name: string): TarEntry {
    let entry = this.entries.get(name);
    for (let links = 0; entry?.link !== undefined && links < MOST_LINKS; links += 1) {
      entry = this.entries.get(entry.link);
    }
    if (entry !== undefined && entry.link === undefined) return entry;
    throw new DeliveryError('not-found', `${this.archive} has no ${name}: it is not complete, or of another kind`);
  }
}
