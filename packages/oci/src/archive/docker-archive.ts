import { createHash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { pluralize } from '@aws-delivery/action-kit/util/format';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { computeDigest, type Digest, parseDigest, streamBytes } from '../image/digest.js';
import { type ImageSelector, selectImage } from '../image/image-selector.js';
import type { Identity, ImageSource } from '../image/image-source.js';
import {
  type Descriptor,
  MAX_MANIFEST_BYTES,
  type Manifest,
  MEDIA_TYPES,
  parseJsonBytes,
  parseManifest,
} from '../image/manifest.js';
import { parseReference } from '../image/reference.js';
import { readFileAhead } from '../layout/read-ahead.js';
import { compressBlocks, estimateRatio } from './block-gzip.js';
import type { CreateTempPath } from './open-archive.js';
import type { TarArchive } from './tar-archive.js';

/** An entry of `manifest.json`, as `docker save` writes it. */
interface SavedImage {
  readonly config: string;
  readonly tags: readonly string[];
  readonly layers: readonly string[];
}

/** Content as it is uploaded: a compressed temporary file, or an entry of the archive unchanged. */
interface PackedBlob {
  readonly descriptor: Descriptor;
  readonly open: () => AsyncIterable<Uint8Array>;
}

/** A layer to pack. */
interface LayerPlan {
  /** Position in the image. */
  readonly index: number;
  readonly name: string;
  /** Undefined for a tar archive, which is compressed. */
  readonly mediaType: string | undefined;
  /** Estimate. */
  readonly uploadBytes: number;
}

const parseStrings = (value: unknown): readonly string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];

/** Whether two names, with Docker's defaults for registry and tag, are the same. */
export const isSameImage = (a: string, b: string): boolean => {
  const [left, right] = [parseReference(a), parseReference(b)];
  return left.registry === right.registry && left.repository === right.repository && left.tag === right.tag;
};

const parseSavedImages = (document: unknown, name: string): readonly SavedImage[] => {
  const items = Array.isArray(document) ? document.filter(isRecord) : [];
  return items.map(({ Config: config, RepoTags: tags, Layers: layers }) => {
    if (typeof config !== 'string')
      throw new DeliveryError('invalid-input', `${name}: manifest.json contains an image without a configuration`);
    return { config, tags: parseStrings(tags), layers: parseStrings(layers) };
  });
};

/** The configuration's digest: its file is named after it. */
const listSavedDigests = ({ config }: SavedImage): readonly string[] => [
  `sha256:${config.replace(/^.*\//u, '').replace(/\.json$/u, '')}`,
];

const GZIP = Buffer.from([0x1f, 0x8b]);
const ZSTD = Buffer.from([0x28, 0xb5, 0x2f, 0xfd]);

/** Media type of a compressed layer; undefined for a tar archive. */
const getCompressedMediaType = (bytes: Uint8Array): string | undefined => {
  if (ZSTD.equals(bytes)) return MEDIA_TYPES.ociZstdLayer;
  return GZIP.equals(bytes.subarray(0, GZIP.length)) ? MEDIA_TYPES.dockerLayer : undefined;
};

/** An image in an archive written by `docker save`. Uncompressed layers are compressed before they are uploaded. */
export class DockerArchiveSource implements ImageSource {
  private selected: Promise<SavedImage> | undefined;
  private rootManifest: Promise<Manifest> | undefined;
  private readonly packedBlobs = new Map<Digest, PackedBlob>();

  constructor(
    readonly name: string,
    private readonly files: TarArchive,
    private readonly selector: ImageSelector | undefined,
    private readonly createTempPath: CreateTempPath,
  ) {}

  async getIdentity(): Promise<Identity> {
    return { by: 'config', digest: computeDigest(await this.readConfig()) };
  }

  getRootManifest(onBlob: (descriptor: Descriptor) => void = () => {}): Promise<Manifest> {
    this.rootManifest ??= this.packImage(onBlob);
    return this.rootManifest;
  }

  async getManifest({ digest }: Descriptor): Promise<Manifest> {
    throw new DeliveryError('unexpected', `${this.name} does not contain manifest ${digest}`);
  }

  open({ digest }: Descriptor): AsyncIterable<Uint8Array> {
    const packedBlob = this.packedBlobs.get(digest);
    if (packedBlob === undefined) throw new DeliveryError('unexpected', `${this.name} does not contain blob ${digest}`);
    return packedBlob.open();
  }

  close(): Promise<void> {
    return this.files.close();
  }

  private selectImage(): Promise<SavedImage> {
    this.selected ??= this.files.read('manifest.json', MAX_MANIFEST_BYTES).then((bytes) => {
      const all = parseSavedImages(parseJsonBytes(bytes, `${this.name}: manifest.json`), this.name);
      if (all.length === 0) {
        throw new DeliveryError(
          'invalid-input',
          `${this.name}: manifest.json lists no image: create the archive again`,
        );
      }
      const images = all.map((image) => ({ image, names: image.tags, digests: listSavedDigests(image) }));
      const matchesName = (name: string, { image }: { readonly image: SavedImage }) =>
        image.tags.some((tag) => isSameImage(tag, name));
      return selectImage(images, this.selector, { label: this.name, matchesName }).image;
    });
    return this.selected;
  }

  private async readConfig(): Promise<Buffer> {
    return this.files.read((await this.selectImage()).config, MAX_MANIFEST_BYTES);
  }

  private async packImage(onBlob: (descriptor: Descriptor) => void): Promise<Manifest> {
    const bytes = await this.readConfig();
    const label = `${this.name}: image configuration`;
    const document = parseJsonBytes(bytes, label);
    const rootfs = isRecord(document) ? document['rootfs'] : undefined;
    const diffIds = parseStrings(isRecord(rootfs) ? rootfs['diff_ids'] : undefined).map((id) => parseDigest(id, label));
    const { layers } = await this.selectImage();
    if (layers.length !== diffIds.length) {
      throw new DeliveryError(
        'rejected',
        `${label} lists ${pluralize(diffIds.length, 'layer')}, but manifest.json lists ${layers.length}: create the archive again`,
      );
    }
    const descriptors = new Map<number, Descriptor>();
    // Sequential, because each layer occupies all processors. The layers before it are uploaded meanwhile.
    for (const { index, name, mediaType } of await this.planLayers(layers)) {
      const descriptor = await this.packLayer(name, mediaType, diffIds[index] ?? computeDigest(bytes));
      descriptors.set(index, descriptor);
      onBlob(descriptor);
    }
    return this.buildManifest(
      bytes,
      layers.flatMap((_, index) => descriptors.get(index) ?? []),
    );
  }

  /** The layers in the order in which they are packed: the longest uploads first. */
  private async planLayers(names: readonly string[]): Promise<readonly LayerPlan[]> {
    const plans: LayerPlan[] = [];
    for (const [index, name] of names.entries()) {
      const start = await readStart(this.files.open(name));
      const mediaType = getCompressedMediaType(start.subarray(0, ZSTD.length));
      plans.push({ index, name, mediaType, uploadBytes: this.files.getSize(name) * estimateRatio(start) });
    }
    return plans.sort((a, b) => b.uploadBytes - a.uploadBytes);
  }

  /** Docker's manifests have no media type for zstd, so that an image with such a layer gets an OCI manifest. */
  private buildManifest(config: Buffer, layers: readonly Descriptor[]): Manifest {
    const isOci = layers.some(({ mediaType }) => mediaType === MEDIA_TYPES.ociZstdLayer);
    const descriptor = this.addBlob(
      {
        mediaType: isOci ? MEDIA_TYPES.ociConfig : MEDIA_TYPES.dockerConfig,
        digest: computeDigest(config),
        size: config.length,
      },
      () => streamBytes(config),
    );
    const toPlainDescriptor = ({ mediaType, size, digest }: Descriptor) => ({
      mediaType: isOci && mediaType === MEDIA_TYPES.dockerLayer ? MEDIA_TYPES.ociLayer : mediaType,
      size,
      digest,
    });
    const mediaType = isOci ? MEDIA_TYPES.ociManifest : MEDIA_TYPES.dockerManifest;
    const document = {
      schemaVersion: 2,
      mediaType,
      config: toPlainDescriptor(descriptor),
      layers: layers.map(toPlainDescriptor),
    };
    return parseManifest(Buffer.from(JSON.stringify(document)), mediaType, this.name);
  }

  private addBlob(
    { mediaType, digest, size }: { readonly mediaType: string; readonly digest: Digest; readonly size: number },
    open: PackedBlob['open'],
  ): Descriptor {
    const descriptor = { mediaType, digest, size, platform: undefined, annotations: {} };
    this.packedBlobs.set(digest, { descriptor, open });
    return descriptor;
  }

  /**
   * A layer that is compressed with gzip or zstd is uploaded unchanged. Its content cannot be compared with `diffId`
   * here; the registry verifies the digest of the compressed bytes.
   */
  private async packLayer(name: string, mediaType: string | undefined, diffId: Digest): Promise<Descriptor> {
    const open = (): AsyncIterable<Uint8Array> => this.files.open(name);
    if (mediaType === undefined) return this.compressLayer(name, diffId);
    const hash = createHash('sha256');
    for await (const chunk of open()) hash.update(chunk);
    const digest = parseDigest(`sha256:${hash.digest('hex')}`, name);
    return this.addBlob({ mediaType, digest, size: this.files.getSize(name) }, open);
  }

  /** Compresses a layer into a temporary file, and verifies its content in the same pass. */
  private async compressLayer(name: string, diffId: Digest): Promise<Descriptor> {
    const path = await this.createTempPath('layer.tar.gz');
    const content = new Measurement();
    const compressed = new Measurement();
    let output: FileHandle | undefined;
    try {
      output = await open(path, 'wx', 0o600);
      const members = compressBlocks(content.measure(this.files.open(name)));
      for await (const member of compressed.measure(members)) await output.writeFile(member);
    } catch (error) {
      throw toFileError(path, error);
    } finally {
      await output?.close();
    }
    if (content.digest !== diffId) {
      const problem = `digest ${content.digest}, expected ${diffId}`;
      throw new DeliveryError(
        'rejected',
        `${this.name}: layer ${name} is corrupt (${problem}): create the archive again`,
      );
    }
    const { digest, size } = compressed;
    return this.addBlob({ mediaType: MEDIA_TYPES.dockerLayer, digest, size }, () => readFileAhead(path));
  }
}

/** The first chunk of content. */
const readStart = async (content: AsyncIterable<Uint8Array>): Promise<Uint8Array> => {
  for await (const chunk of content) return chunk;
  return Buffer.alloc(0);
};

/** Digest and size of content that passes through. */
class Measurement {
  private readonly hash = createHash('sha256');
  private total = 0;
  private computed: Digest | undefined;

  async *measure(content: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of content) {
      this.hash.update(chunk);
      this.total += chunk.length;
      yield chunk;
    }
  }

  /** Bytes. */
  get size(): number {
    return this.total;
  }

  get digest(): Digest {
    this.computed ??= `sha256:${this.hash.digest('hex')}`;
    return this.computed;
  }
}
