import { mapConcurrent } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { type RetryPolicy, withRetry } from '../registry/retry.js';
import { type Digest, verifyContent } from './digest.js';
import type { Identity, ImageSource } from './image-source.js';
import {
  type Descriptor,
  type ImageManifest,
  isAttestation,
  isManifest,
  MAX_MANIFEST_BYTES,
  type Manifest,
  MEDIA_TYPES,
  parseJsonBytes,
  parseManifest,
} from './manifest.js';

/** A platform as an index has it (OCI image specification, "image index"). */
type PlatformDocument = Readonly<Record<string, unknown>> & { readonly os: string; readonly architecture: string };

/** An entry of the new index. */
interface Entry {
  readonly manifest: Manifest;
  readonly platform: PlatformDocument;
  readonly annotations: Readonly<Record<string, string>>;
  /** The image in messages. */
  readonly name: string;
}

const READ_CONCURRENCY = 4;

/** Configurations of images; those of artifacts have no platform. */
const CONFIG_TYPES: readonly string[] = [MEDIA_TYPES.ociConfig, MEDIA_TYPES.dockerConfig];

/** Variants that an architecture has when none is named (containerd, "platforms"). */
const DEFAULT_VARIANTS: Readonly<Record<string, string>> = { arm64: 'v8', arm: 'v7', amd64: 'v1' };

const formatPlatformDocument = ({ os, architecture, variant, 'os.version': version }: PlatformDocument): string =>
  [os, architecture, variant, version].filter((part) => part !== undefined).join('/');

/** Equal for platforms between which a client cannot choose. */
const buildPlatformKey = ({ os, architecture, variant, ...others }: PlatformDocument): string =>
  JSON.stringify([
    os,
    architecture,
    variant ?? DEFAULT_VARIANTS[architecture],
    others['os.version'],
    others['os.features'],
  ]);

const parsePlatform = (config: unknown, name: string): PlatformDocument => {
  const { os, architecture, ...others } = isRecord(config) ? config : {};
  if (typeof os !== 'string' || os === '' || typeof architecture !== 'string' || architecture === '') {
    const message = `${name} has no platform: its configuration does not contain os and architecture`;
    throw new DeliveryError('invalid-input', `${message}: build the image again`);
  }
  const optional = ['variant', 'os.version', 'os.features'].flatMap((key) =>
    others[key] === undefined || others[key] === '' ? [] : [[key, others[key]] as const],
  );
  return { architecture, os, ...Object.fromEntries(optional) };
};

/** Joins images of single platforms into one index. The platforms are those of the images' configurations. */
export class IndexSource implements ImageSource {
  private rootManifest: Promise<Manifest> | undefined;
  /** The source of each manifest and blob that has been listed. */
  private readonly owners = new Map<Digest, ImageSource>();

  constructor(
    readonly name: string,
    private readonly sources: readonly ImageSource[],
    private readonly retry: RetryPolicy,
  ) {}

  async getIdentity(): Promise<Identity> {
    return { by: 'manifest', digest: (await this.getRootManifest()).digest };
  }

  getRootManifest(): Promise<Manifest> {
    this.rootManifest ??= this.buildIndex();
    return this.rootManifest;
  }

  async getManifest(descriptor: Descriptor): Promise<Manifest> {
    const owner = this.getOwner(descriptor.digest);
    return this.register(await owner.getManifest(descriptor), owner);
  }

  open(descriptor: Descriptor): AsyncIterable<Uint8Array> {
    return this.getOwner(descriptor.digest).open(descriptor);
  }

  findRemoteRepository(digest: Digest) {
    return this.owners.get(digest)?.findRemoteRepository?.(digest);
  }

  async close(): Promise<void> {
    for (const source of this.sources) await source.close();
  }

  private getOwner(digest: Digest): ImageSource {
    const owner = this.owners.get(digest);
    if (owner === undefined) throw new DeliveryError('unexpected', `${this.name} does not contain ${digest}`);
    return owner;
  }

  private register(manifest: Manifest, owner: ImageSource): Manifest {
    const content = manifest.kind === 'index' ? manifest.manifests : [manifest.config, ...manifest.layers];
    for (const { digest } of [manifest, ...content]) this.owners.set(digest, owner);
    return manifest;
  }

  private async buildIndex(): Promise<Manifest> {
    const found = await mapConcurrent(this.sources, READ_CONCURRENCY, async (source) =>
      this.listEntries(this.register(await source.getRootManifest(), source), source),
    );
    const entries = found.flat();
    this.validatePlatforms(entries);
    // The order of the jobs does not change the digest; attestations follow the images, as in BuildKit's indexes.
    const sorted = entries
      .map((entry) => ({
        entry,
        key: `${entry.platform.os === 'unknown'} ${formatPlatformDocument(entry.platform)} ${entry.manifest.digest}`,
      }))
      .sort((a, b) => (a.key < b.key ? -1 : 1));
    const manifests = sorted.map(({ entry: { manifest, platform, annotations } }) => ({
      mediaType: manifest.mediaType,
      digest: manifest.digest,
      size: manifest.bytes.length,
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      platform,
    }));
    const isDocker = entries.every(({ manifest }) => manifest.mediaType === MEDIA_TYPES.dockerManifest);
    const mediaType = isDocker ? MEDIA_TYPES.dockerList : MEDIA_TYPES.ociIndex;
    return parseManifest(Buffer.from(JSON.stringify({ schemaVersion: 2, mediaType, manifests })), mediaType, this.name);
  }

  /** The images of a manifest: one, or those of an index with their attestations. */
  private async listEntries(
    manifest: Manifest,
    source: ImageSource,
    descriptor?: Descriptor,
  ): Promise<readonly Entry[]> {
    if (manifest.kind === 'image') {
      const isOther = descriptor !== undefined && isAttestation(descriptor);
      const platform = isOther ? { architecture: 'unknown', os: 'unknown' } : await this.readPlatform(manifest, source);
      return [{ manifest, platform, annotations: descriptor?.annotations ?? {}, name: source.name }];
    }
    const children = await mapConcurrent(manifest.manifests.filter(isManifest), READ_CONCURRENCY, async (child) =>
      this.listEntries(this.register(await source.getManifest(child), source), source, child),
    );
    return children.flat();
  }

  private async readPlatform({ config }: ImageManifest, source: ImageSource): Promise<PlatformDocument> {
    const label = `${source.name}: configuration`;
    if (!CONFIG_TYPES.includes(config.mediaType)) {
      throw new DeliveryError(
        'invalid-input',
        `${source.name} is not an image but an artifact (${config.mediaType}): remove it from 'index-of'`,
      );
    }
    if (config.size > MAX_MANIFEST_BYTES) throw new DeliveryError('rejected', `${label} is larger than 4 MiB`);
    const bytes = await withRetry(this.retry, label, async () => {
      const chunks: Buffer[] = [];
      // Sources use their buffers again.
      for await (const chunk of verifyContent(source.open(config), config, label)) chunks.push(Buffer.from(chunk));
      return Buffer.concat(chunks);
    });
    return parsePlatform(parseJsonBytes(bytes, label), source.name);
  }

  private validatePlatforms(entries: readonly Entry[]): void {
    const images = entries.filter(({ platform }) => platform.os !== 'unknown');
    if (images.length === 0) throw new DeliveryError('invalid-input', `${this.name} contains no image: add images`);
    const seen = new Map<string, Entry>();
    for (const entry of images) {
      const key = buildPlatformKey(entry.platform);
      const other = seen.get(key);
      if (other !== undefined) {
        const platform = formatPlatformDocument(entry.platform);
        throw new DeliveryError(
          'invalid-input',
          `${this.name}: ${other.name} and ${entry.name} are both for ${platform}: use one image for each platform`,
        );
      }
      seen.set(key, entry);
    }
  }
}
