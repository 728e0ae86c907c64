import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { computeDigest, type Digest } from '../image/digest.js';
import { type ImageSelector, selectImage } from '../image/image-selector.js';
import type { Identity, ImageSource } from '../image/image-source.js';
import {
  type Descriptor,
  MAX_MANIFEST_BYTES,
  type Manifest,
  parseDescriptor,
  parseJsonBytes,
  parseManifest,
} from '../image/manifest.js';
import { readFileAhead } from './read-ahead.js';

/** The files of an OCI image layout, in a directory or a tar archive, by their path in the layout. */
export interface LayoutFiles {
  /** Reads a whole file. Throws `not-found`, or `rejected` when it is larger than `limit` bytes. */
  read(name: string, limit: number): Promise<Buffer>;
  /** Streams a file; a chunk is valid until two more chunks have been requested. */
  open(name: string): AsyncIterable<Uint8Array>;
  close(): Promise<void>;
}

/** Annotation with an image's name in a layout (OCI image specification, "annotations"). */
export const REF_NAME_ANNOTATION = 'org.opencontainers.image.ref.name';
// containerd and docker save write the full reference here, and only the tag into the annotation above.
const CONTAINERD_NAME_ANNOTATION = 'io.containerd.image.name';

/** Path of a blob in a layout. A digest has only hexadecimal digits, so the path stays in the layout. */
export const getBlobPath = (digest: Digest): string => `blobs/sha256/${digest.slice('sha256:'.length)}`;

/** The names of an image in a layout: a tag, or a full name. */
export const listNames = ({ annotations }: Descriptor): readonly string[] =>
  [annotations[REF_NAME_ANNOTATION], annotations[CONTAINERD_NAME_ANNOTATION]].flatMap((name) => name ?? []);

/** Reads `index.json`, which lists the images of a layout. Throws `invalid-input` when there are none. */
export const readLayoutIndex = async (files: LayoutFiles, name: string): Promise<readonly Descriptor[]> => {
  const label = `${name}: index.json`;
  const document = parseJsonBytes(await files.read('index.json', MAX_MANIFEST_BYTES), label);
  const entries = isRecord(document) && Array.isArray(document['manifests']) ? document['manifests'] : [];
  if (entries.length === 0) {
    throw new DeliveryError('invalid-input', `${label} lists no image: create the layout again`);
  }
  return entries.map((item) => parseDescriptor(item, label));
};

/** Bounds the manifests that are read to choose one image. */
const MAX_READ_ENTRIES = 100;

/** An image in an OCI image layout. */
export class LayoutSource implements ImageSource {
  private rootManifest: Promise<Manifest> | undefined;

  constructor(
    readonly name: string,
    private readonly files: LayoutFiles,
    /** One of several images; undefined when the layout has one image. */
    private readonly selector: ImageSelector | undefined,
  ) {}

  async getIdentity(): Promise<Identity> {
    return { by: 'manifest', digest: (await this.getRootManifest()).digest };
  }

  getRootManifest(): Promise<Manifest> {
    this.rootManifest ??= this.selectDescriptor().then((descriptor) => this.getManifest(descriptor));
    return this.rootManifest;
  }

  async getManifest({ digest, mediaType }: Descriptor): Promise<Manifest> {
    const bytes = await this.files.read(getBlobPath(digest), MAX_MANIFEST_BYTES);
    if (computeDigest(bytes) !== digest) {
      throw new DeliveryError('rejected', `${this.name}: manifest ${digest} is corrupt: create the image again`);
    }
    return parseManifest(bytes, mediaType, `${this.name}: manifest ${digest}`);
  }

  open({ digest }: Descriptor): AsyncIterable<Uint8Array> {
    return this.files.open(getBlobPath(digest));
  }

  close(): Promise<void> {
    return this.files.close();
  }

  private async selectDescriptor(): Promise<Descriptor> {
    const { selector } = this;
    const all = await readLayoutIndex(this.files, this.name);
    if (selector?.by === 'digest' && !all.some(({ digest }) => digest === selector.digest)) {
      // Not in index.json, but it may be one platform's manifest in an image index.
      return { mediaType: '', digest: selector.digest, size: 0, platform: undefined, annotations: {} };
    }
    const images = (selector === undefined ? await this.listIndependent(all) : all).map((descriptor) => ({
      descriptor,
      names: listNames(descriptor),
      digests: [descriptor.digest],
    }));
    const matchesName = (name: string, { names }: { readonly names: readonly string[] }) => names.includes(name);
    return selectImage(images, selector, { label: this.name, matchesName }).descriptor;
  }

  /**
   * Entries that are not part of another one: oras and others also list the images of an index, and what refers to an
   * image. All entries if that leaves none.
   */
  private async listIndependent(all: readonly Descriptor[]): Promise<readonly Descriptor[]> {
    if (new Set(all.map(({ digest }) => digest)).size < 2) return all;
    const members = new Set<Digest>();
    for (const descriptor of all.slice(0, MAX_READ_ENTRIES)) {
      // An entry that cannot be read may still be one of the images; it is read again when it is selected.
      const manifest = await this.getManifest(descriptor).catch(() => undefined);
      for (const { digest } of manifest?.kind === 'index' ? manifest.manifests : []) members.add(digest);
      if (manifest?.subject !== undefined) members.add(manifest.digest);
    }
    const independent = all.filter((each) => listNames(each).length > 0 || !members.has(each.digest));
    return independent.length === 0 ? all : independent;
  }
}

/** The files of a layout in a directory. */
export class LayoutDirectory implements LayoutFiles {
  constructor(private readonly directory: string) {}

  async read(name: string, limit: number): Promise<Buffer> {
    const path = join(this.directory, name);
    try {
      const { size } = await stat(path);
      if (size > limit) throw new DeliveryError('rejected', `'${path}' is larger than the limit of ${limit} bytes`);
      return await readRegularFile(path);
    } catch (error) {
      throw toFileError(path, error);
    }
  }

  async *open(name: string): AsyncGenerator<Uint8Array> {
    const path = join(this.directory, name);
    try {
      yield* readFileAhead(path);
    } catch (error) {
      throw toFileError(path, error);
    }
  }

  async close(): Promise<void> {}
}
