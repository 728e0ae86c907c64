import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { DeliveryError } from '@aws-delivery/action-kit/error';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { fileError } from '@aws-delivery/artifact/file-error';
import type { Workshop } from '../workshop.js';
import { type Digest, digestOf, parseDigest } from './digest.js';
import {
  type Descriptor,
  type Manifest,
  MEDIA_TYPES,
  MOST_MANIFEST_BYTES,
  parseJsonBytes,
  parseManifest,
} from './manifest.js';
import { parseReference } from './reference.js';
import type { Identity, ImageSource } from './source.js';
import type { TarFiles } from './tar.js';

/** One image of `manifest.json`, as `docker save` writes it. */
interface Saved {
  readonly config: string;
  readonly tags: readonly string[];
  readonly layers: readonly string[];
}

/** A layer as it goes to the registry: a file of ours, or an entry of the archive as it is. */
interface Packed {
  readonly descriptor: Descriptor;
  readonly open: () => AsyncIterable<Uint8Array>;
}

const textsIn = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

const sameImage = (one: string, other: string): boolean => {
  const [left, right] = [parseReference(one), parseReference(other)];
  return left.registry === right.registry && left.repository === right.repository && left.tag === right.tag;
};

const savedIn = (document: unknown, name: string): readonly Saved[] => {
  const items = Array.isArray(document) ? document.filter(isMapping) : [];
  return items.map(({ Config: config, RepoTags: tags, Layers: layers }) => {
    if (typeof config !== 'string') throw new DeliveryError('invalid-input', `${name}: an image has no configuration`);
    return { config, tags: textsIn(tags), layers: textsIn(layers) };
  });
};

const GZIP = Buffer.from([0x1f, 0x8b]);

/** An image in an archive made by `docker save`. Its layers are not compressed; registries expect that they are. */
export class DockerArchiveSource implements ImageSource {
  #saved: Promise<Saved> | undefined;
  #root: Promise<Manifest> | undefined;
  readonly #packed = new Map<Digest, Packed>();

  constructor(
    readonly name: string,
    private readonly files: TarFiles,
    private readonly reference: string | undefined,
    private readonly workshop: Workshop,
  ) {}

  async identity(): Promise<Identity> {
    return { by: 'config', digest: digestOf(await this.#config()) };
  }

  root(): Promise<Manifest> {
    this.#root ??= this.#pack();
    return this.#root;
  }

  async manifest({ digest }: Descriptor): Promise<Manifest> {
    throw new DeliveryError('unexpected', `${this.name} holds one image and no ${digest}`);
  }

  open({ digest }: Descriptor): AsyncIterable<Uint8Array> {
    const packed = this.#packed.get(digest);
    if (packed === undefined) throw new DeliveryError('unexpected', `${this.name} has no ${digest}`);
    return packed.open();
  }

  close(): Promise<void> {
    return this.files.close();
  }

  #choose(): Promise<Saved> {
    this.#saved ??= this.files.read('manifest.json', MOST_MANIFEST_BYTES).then((bytes) => {
      const all = savedIn(parseJsonBytes(bytes, `${this.name}: manifest.json`), this.name);
      const { reference } = this;
      const fitting =
        reference === undefined ? all : all.filter(({ tags }) => tags.some((tag) => sameImage(tag, reference)));
      const [first, ...others] = fitting;
      if (first !== undefined && others.length === 0) return first;
      const names = all.flatMap(({ tags }) => tags).join(', ') || 'without names';
      const remedy = reference === undefined ? 'add :name:tag to the source' : 'name one of them';
      const fault = `${this.name} holds ${fitting.length} images that fit (there are ${all.length}: ${names})`;
      throw new DeliveryError('invalid-input', `${fault}: ${remedy}`);
    });
    return this.#saved;
  }

  async #config(): Promise<Buffer> {
    return this.files.read((await this.#choose()).config, MOST_MANIFEST_BYTES);
  }

  async #pack(): Promise<Manifest> {
    const bytes = await this.#config();
    const what = `${this.name}: the configuration`;
    const document = parseJsonBytes(bytes, what);
    const rootfs = isMapping(document) ? document['rootfs'] : undefined;
    const diffIds = textsIn(isMapping(rootfs) ? rootfs['diff_ids'] : undefined).map((id) => parseDigest(id, what));
    const { layers } = await this.#choose();
    if (layers.length !== diffIds.length) {
      throw new DeliveryError('refused', `${what} names ${diffIds.length} layers and the archive ${layers.length}`);
    }
    const descriptors: Descriptor[] = [];
    // One after the other: each takes the disk and a processor for itself.
    for (const [index, layer] of layers.entries()) {
      descriptors.push(await this.#layer(layer, diffIds[index] ?? digestOf(bytes)));
    }
    return this.#manifest(bytes, descriptors);
  }

  #manifest(config: Buffer, layers: readonly Descriptor[]): Manifest {
    const open = async function* (): AsyncGenerator<Uint8Array> {
      yield config;
    };
    const descriptor = this.#keep(
      { mediaType: MEDIA_TYPES.dockerConfig, digest: digestOf(config), size: config.length },
      open,
    );
    const plain = ({ mediaType, size, digest }: Descriptor) => ({ mediaType, size, digest });
    const mediaType = MEDIA_TYPES.dockerManifest;
    const document = { schemaVersion: 2, mediaType, config: plain(descriptor), layers: layers.map(plain) };
    return parseManifest(Buffer.from(JSON.stringify(document)), mediaType, this.name);
  }

  #keep(
    { mediaType, digest, size }: { readonly mediaType: string; readonly digest: Digest; readonly size: number },
    open: Packed['open'],
  ): Descriptor {
    const descriptor = { mediaType, digest, size, platform: undefined, annotations: {} };
    this.#packed.set(digest, { descriptor, open });
    return descriptor;
  }

  /** A layer that is compressed already goes as it is; what is inside is checked by its digest in the registry. */
  async #layer(name: string, diffId: Digest): Promise<Descriptor> {
    const open = (): AsyncIterable<Uint8Array> => this.files.open(name);
    const hash = createHash('sha256');
    let beginning: Uint8Array | undefined;
    for await (const piece of open()) {
      beginning ??= piece.subarray(0, GZIP.length);
      hash.update(piece);
    }
    const digest = parseDigest(`sha256:${hash.digest('hex')}`, name);
    if (beginning !== undefined && GZIP.equals(beginning)) {
      return this.#keep({ mediaType: MEDIA_TYPES.dockerLayer, digest, size: this.files.sizeOf(name) }, open);
    }
    if (digest !== diffId) {
      throw new DeliveryError('refused', `${this.name}: the layer ${name} is corrupt (${digest}, not ${diffId})`);
    }
    return this.#compress(open);
  }

  async #compress(open: () => AsyncIterable<Uint8Array>): Promise<Descriptor> {
    const path = join(await this.workshop.folder(), `layer-${this.workshop.ordinal()}.tar.gz`);
    const hash = createHash('sha256');
    let size = 0;
    const measured = async function* (content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const piece of content) {
        hash.update(piece);
        size += piece.length;
        yield piece;
      }
    };
    try {
      await pipeline(open(), createGzip(), measured, createWriteStream(path, { mode: 0o600, flags: 'wx' }));
    } catch (error) {
      throw fileError(path, error);
    }
    const digest = parseDigest(`sha256:${hash.digest('hex')}`, path);
    return this.#keep({ mediaType: MEDIA_TYPES.dockerLayer, digest, size }, () => createReadStream(path));
  }
}
