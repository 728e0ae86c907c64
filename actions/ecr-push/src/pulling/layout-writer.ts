import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isCode } from '@aws-delivery/action-kit/aws-error';
import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { fileError } from '@aws-delivery/artifact/file-error';
import { type Expected, verified } from '../oci/digest.js';
import { blobName, REF_NAME } from '../oci/layout.js';
import type { Manifest } from '../oci/manifest.js';

const EMPTY = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests: [] };

/** A folder that is, or becomes, an OCI image layout. Every method throws DeliveryError. */
export class LayoutWriter {
  #count = 0;

  constructor(private readonly folder: string) {}

  /** Whether content is there, whole and unharmed: a pull that was broken off may have been here. */
  async has(expected: Expected): Promise<boolean> {
    try {
      const content = createReadStream(this.#path(expected));
      await pipeline(verified(content, expected, expected.digest), async (pieces) => {
        for await (const _ of pieces);
      });
      return true;
    } catch {
      return false;
    }
  }

  /** Keeps content; it gets its name once it is known to be what it should be. */
  async keep(expected: Expected, content: AsyncIterable<Uint8Array>): Promise<void> {
    const path = this.#path(expected);
    this.#count += 1;
    const draft = join(this.folder, `.incoming-${process.pid}-${this.#count}`);
    await this.#orExplain(path, () => mkdir(join(this.folder, 'blobs', 'sha256'), { recursive: true }));
    try {
      await pipeline(verified(content, expected, `blob ${expected.digest}`), createWriteStream(draft, { flags: 'wx' }));
      await rename(draft, path);
    } catch (error) {
      await rm(draft, { force: true });
      throw fileError(path, error);
    }
  }

  /** Lets the layout name an image, whose content is all there. What had the name before is no longer named. */
  async name({ mediaType, digest, bytes }: Manifest, tag: string | undefined): Promise<void> {
    const annotations = tag === undefined ? {} : { annotations: { [REF_NAME]: tag } };
    const entry = { mediaType, digest, size: bytes.length, ...annotations };
    const index = await this.#index();
    const others = index.manifests.filter((other) => !sameName(other, tag, digest));
    await this.#write('oci-layout', { imageLayoutVersion: '1.0.0' });
    await this.#write('index.json', { ...index.document, manifests: [...others, entry] });
  }

  async #index(): Promise<{ readonly document: object; readonly manifests: readonly unknown[] }> {
    const path = join(this.folder, 'index.json');
    try {
      const document: unknown = JSON.parse(await readFile(path, 'utf8'));
      if (isMapping(document) && Array.isArray(document['manifests'])) {
        return { document, manifests: document['manifests'] };
      }
    } catch (error) {
      if (isCode(error, 'ENOENT')) return { document: EMPTY, manifests: [] };
      throw new DeliveryError('invalid-input', `'${path}' cannot be read: ${textOf(error)}`, { cause: error });
    }
    throw new DeliveryError('invalid-input', `'${path}' is no OCI index: pull into another folder`);
  }

  /** At one stroke: a reader sees the file before or after, never half of it. */
  async #write(name: string, document: object): Promise<void> {
    const path = join(this.folder, name);
    await this.#orExplain(path, async () => {
      await writeFile(`${path}.incoming`, JSON.stringify(document));
      await rename(`${path}.incoming`, path);
    });
  }

  async #orExplain(path: string, work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      throw fileError(path, error);
    }
  }

  #path({ digest }: Expected): string {
    return join(this.folder, blobName(digest));
  }
}

const sameName = (entry: unknown, tag: string | undefined, digest: string): boolean => {
  if (!isMapping(entry)) return false;
  const annotations = isMapping(entry['annotations']) ? entry['annotations'] : {};
  return tag === undefined
    ? entry['digest'] === digest && annotations[REF_NAME] === undefined
    : annotations[REF_NAME] === tag;
};
