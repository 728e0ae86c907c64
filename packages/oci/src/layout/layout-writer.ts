import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { hasErrorCode } from '@aws-delivery/action-kit/util/error-code';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { type ExpectedContent, verifyContent } from '../image/digest.js';
import type { Manifest } from '../image/manifest.js';
import { getBlobPath, REF_NAME_ANNOTATION } from './layout-source.js';

const EMPTY_INDEX = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] };

/** Writes an OCI image layout into a new or existing directory. Methods throw DeliveryError. */
export class LayoutWriter {
  private count = 0;

  constructor(private readonly directory: string) {}

  /** Whether a blob exists with the expected digest. An interrupted pull may have left one. */
  async hasContent(expected: ExpectedContent): Promise<boolean> {
    try {
      const content = createReadStream(this.getPath(expected));
      await pipeline(verifyContent(content, expected, expected.digest), async (chunks) => {
        for await (const _ of chunks);
      });
      return true;
    } catch {
      return false;
    }
  }

  /** Writes a blob through a temporary file, which is renamed once the content is verified. */
  async saveContent(expected: ExpectedContent, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.getPath(expected);
    this.count += 1;
    const tempPath = join(this.directory, `.incoming-${process.pid}-${this.count}`);
    await this.withFileErrors(path, () => mkdir(join(this.directory, 'blobs', 'sha256'), { recursive: true }));
    try {
      await pipeline(
        verifyContent(content, expected, `blob ${expected.digest}`),
        createWriteStream(tempPath, { flags: 'wx' }),
      );
      await rename(tempPath, path);
    } catch (error) {
      await rm(tempPath, { force: true });
      throw toFileError(path, error);
    }
  }

  /** Adds an image, whose content must be complete, to the index. Another image with the same tag loses its entry. */
  async addManifest({ mediaType, digest, bytes }: Manifest, tag: string | undefined): Promise<void> {
    const annotations = tag === undefined ? {} : { annotations: { [REF_NAME_ANNOTATION]: tag } };
    const newEntry = { mediaType, digest, size: bytes.length, ...annotations };
    const index = await this.readIndex();
    const otherEntries = index.manifests.filter((entry) => !isSameEntry(entry, tag, digest));
    await this.writeDocument('oci-layout', { imageLayoutVersion: '1.0.0' });
    await this.writeDocument('index.json', { ...index.document, manifests: [...otherEntries, newEntry] });
  }

  private async readIndex(): Promise<{ readonly document: object; readonly manifests: readonly unknown[] }> {
    const path = join(this.directory, 'index.json');
    try {
      const document: unknown = JSON.parse((await readRegularFile(path)).toString('utf8'));
      if (isRecord(document) && Array.isArray(document['manifests'])) {
        return { document, manifests: document['manifests'] };
      }
    } catch (error) {
      if (hasErrorCode(error, 'ENOENT')) return { document: EMPTY_INDEX, manifests: [] };
      throw new DeliveryError('invalid-input', `cannot read '${path}': ${errorMessage(error)}`, { cause: error });
    }
    throw new DeliveryError(
      'invalid-input',
      `'${path}' is not an OCI image index: set 'destination' to another directory`,
    );
  }

  /** Replaces a file atomically. */
  private async writeDocument(name: string, document: object): Promise<void> {
    const path = join(this.directory, name);
    await this.withFileErrors(path, async () => {
      await writeFile(`${path}.incoming`, JSON.stringify(document));
      await rename(`${path}.incoming`, path);
    });
  }

  private async withFileErrors(path: string, operation: () => Promise<unknown>): Promise<void> {
    try {
      await operation();
    } catch (error) {
      throw toFileError(path, error);
    }
  }

  private getPath({ digest }: ExpectedContent): string {
    return join(this.directory, getBlobPath(digest));
  }
}

const isSameEntry = (entry: unknown, tag: string | undefined, digest: string): boolean => {
  if (!isRecord(entry)) return false;
  const annotations = isRecord(entry['annotations']) ? entry['annotations'] : {};
  return tag === undefined
    ? entry['digest'] === digest && annotations[REF_NAME_ANNOTATION] === undefined
    : annotations[REF_NAME_ANNOTATION] === tag;
};
