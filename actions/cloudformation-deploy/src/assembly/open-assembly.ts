import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, open, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { getPathInside } from '@aws-delivery/action-kit/util/path';
import { extract, type Header } from 'tar-stream';
import type { Services } from '../services.js';

/** Bounds for archives: far above the needs of an application, far below what fills a runner. */
const MAX_ENTRIES = 200_000;
const MAX_BYTES = 20_000_000_000;

/** Extracts a tar archive. Links are created last, so that no entry is written through one. */
class TarExtractor {
  private readonly links: { readonly path: string; readonly target: string }[] = [];
  private count = 0;
  private bytes = 0;

  constructor(
    private readonly archive: string,
    private readonly directory: string,
  ) {}

  async extractAll(source: Readable): Promise<void> {
    const entries = extract();
    source.once('error', (error) => entries.destroy(error));
    source.pipe(entries as unknown as NodeJS.WritableStream);
    for await (const entry of entries) {
      await this.writeEntry(entry, entry.header);
      entry.resume();
    }
    for (const { path, target } of this.links) await symlink(target, path);
  }

  private async writeEntry(content: AsyncIterable<unknown>, header: Header): Promise<void> {
    const path = this.resolveName(header.name);
    this.count += 1;
    this.bytes += header.size;
    if (this.count > MAX_ENTRIES || this.bytes > MAX_BYTES) throw this.createError('is larger than an assembly can be');
    if (header.type === 'directory') {
      await mkdir(path, { recursive: true });
      return;
    }
    await mkdir(dirname(path), { recursive: true });
    if (header.type === 'symlink') {
      const target = header.linkname;
      this.resolveTarget(path, target);
      this.links.push({ path, target });
    } else if (header.type === 'file' || header.type === 'contiguous-file') {
      const mode = (header.mode & 0o111) === 0 ? 0o644 : 0o755;
      await pipeline(content, createWriteStream(path, { mode, flags: 'wx' }));
    } else throw this.createError(`has an entry '${header.name}' of the type ${header.type}`);
  }

  private resolveName(name: string): string {
    const path = resolve(this.directory, name);
    if (getPathInside(this.directory, path) !== undefined) return path;
    throw this.createError(`has an entry outside of it ('${name}')`);
  }

  private resolveTarget(path: string, target: string): void {
    if (getPathInside(this.directory, resolve(dirname(path), target)) === undefined) {
      throw this.createError(`has a link that leads out of it ('${target}')`);
    }
  }

  private createError(problem: string): DeliveryError {
    return new DeliveryError('rejected', `'${this.archive}' ${problem}: create the archive again with tar`);
  }
}

const isGzip = async (path: string): Promise<boolean> => {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer[0] === 0x1f && buffer[1] === 0x8b;
  } finally {
    await file.close();
  }
};

const extractArchive = async (path: string, archive: string, directory: string): Promise<void> => {
  const file = createReadStream(path);
  const source = (await isGzip(path)) ? file.pipe(createGunzip()) : file;
  if (source !== file) file.once('error', (error) => source.destroy(error));
  try {
    await new TarExtractor(archive, directory).extractAll(source);
  } catch (error) {
    if (error instanceof DeliveryError) throw error;
    const hint = 'create it with tar -cf cdk.tar -C cdk.out .';
    throw new DeliveryError('invalid-input', `'${archive}' is not a tar archive (${errorMessage(error)}): ${hint}`, {
      cause: error,
    });
  }
};

/**
 * Passes the directory of an assembly to `use`: the path itself, or a temporary directory with the content of a tar
 * archive (also with gzip), which is deleted afterwards.
 * @throws DeliveryError `not-found`, `rejected` for an archive with paths or links outside of it
 */
export const withAssemblyDirectory = async <T>(
  assembly: string,
  { workspace, host }: Pick<Services, 'workspace' | 'host'>,
  use: (directory: string) => Promise<T>,
): Promise<T> => {
  const path = resolve(workspace, assembly);
  const status = await stat(path).catch((error: unknown) => {
    throw toFileError(assembly, error);
  });
  if (status.isDirectory()) return use(path);
  const directory = await mkdtemp(join(host.env['RUNNER_TEMP'] || tmpdir(), 'assembly-'));
  try {
    await extractArchive(path, assembly, directory);
    return await use(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
};
