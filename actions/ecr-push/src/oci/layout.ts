import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { fileError } from '@aws-delivery/artifact/file-error';
import { type Digest, digestOf } from './digest.js';
import {
  type Descriptor,
  type Manifest,
  MOST_MANIFEST_BYTES,
  parseDescriptor,
  parseJsonBytes,
  parseManifest,
} from './manifest.js';
import type { Identity, ImageSource } from './source.js';

/** Files of an OCI image layout by their names: a folder, or a tar archive. */
export interface LayoutFiles {
  /** The whole file. Throws `not-found`, or `refused` where it is larger than `limit` bytes. */
  read(name: string, limit: number): Promise<Buffer>;
  open(name: string): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** The annotation that names an image in a layout (OCI image specification, "annotations"). */
export const REF_NAME = 'org.opencontainers.image.ref.name';
// containerd and docker save write the whole reference here, and only its tag above.
const FULL_NAME = 'io.containerd.image.name';

/** The name of content inside a layout. A digest is made of hexadecimal digits: no name leads out of the folder. */
export const blobName = (digest: Digest): string => `blobs/sha256/${digest.slice('sha256:'.length)}`;

const namesOf = ({ annotations }: Descriptor): readonly string[] =>
  [annotations[REF_NAME], annotations[FULL_NAME]].flatMap((name) => name ?? []);

/** An image in an OCI image layout. */
export class LayoutSource implements ImageSource {
  #root: Promise<Manifest> | undefined;

  constructor(
    readonly name: string,
    private readonly files: LayoutFiles,
    /** Which of several images; undefined where there is but one. */
    private readonly tag: string | undefined,
  ) {}

  async identity(): Promise<Identity> {
    return { by: 'manifest', digest: (await this.root()).digest };
  }

  root(): Promise<Manifest> {
    this.#root ??= this.#choose().then((descriptor) => this.manifest(descriptor));
    return this.#root;
  }

  async manifest({ digest, mediaType }: Descriptor): Promise<Manifest> {
    const bytes = await this.files.read(blobName(digest), MOST_MANIFEST_BYTES);
    if (digestOf(bytes) !== digest) {
      throw new DeliveryError('refused', `${this.name}: the manifest ${digest} is corrupt; make the image anew`);
    }
    return parseManifest(bytes, mediaType, `${this.name}: manifest ${digest}`);
  }

  open({ digest }: Descriptor): AsyncIterable<Uint8Array> {
    return this.files.open(blobName(digest));
  }

  close(): Promise<void> {
    return this.files.close();
  }

  async #choose(): Promise<Descriptor> {
    const what = `${this.name}: index.json`;
    const document = parseJsonBytes(await this.files.read('index.json', MOST_MANIFEST_BYTES), what);
    const listed = isMapping(document) && Array.isArray(document['manifests']) ? document['manifests'] : [];
    const all = listed.map((item) => parseDescriptor(item, what));
    const fitting = this.tag === undefined ? all : all.filter((each) => namesOf(each).includes(this.tag ?? ''));
    const [first, ...others] = fitting;
    if (first !== undefined && others.length === 0) return first;
    const names = all.flatMap(namesOf).join(', ') || 'without names';
    const remedy = this.tag === undefined ? 'add :tag to the source' : 'name one of them';
    const fault = first === undefined ? `holds no image '${this.tag ?? ''}'` : `holds ${fitting.length} images`;
    throw new DeliveryError('invalid-input', `${this.name} ${fault} (there are ${all.length}: ${names}): ${remedy}`);
  }
}

/** The files of a layout in a folder. */
export class LayoutFolder implements LayoutFiles {
  constructor(private readonly folder: string) {}

  async read(name: string, limit: number): Promise<Buffer> {
    const path = join(this.folder, name);
    try {
      const { size } = await stat(path);
      if (size > limit) throw new DeliveryError('refused', `'${path}' has more than the ${limit} bytes it may have`);
      return await readFile(path);
    } catch (error) {
      throw fileError(path, error);
    }
  }

  async *open(name: string): AsyncGenerator<Uint8Array> {
    const path = join(this.folder, name);
    try {
      yield* createReadStream(path);
    } catch (error) {
      throw fileError(path, error);
    }
  }

  async close(): Promise<void> {}
}
