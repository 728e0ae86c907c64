import { DeliveryError, textOf } from '@aws-delivery/action-kit/error';
import { isMapping } from '@aws-delivery/action-kit/parse';
import { type Digest, digestOf, parseDigest } from './digest.js';

export const MEDIA_TYPES = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
} as const;

/** What a registry is asked for. */
export const ACCEPTED = [
  MEDIA_TYPES.ociIndex,
  MEDIA_TYPES.ociManifest,
  MEDIA_TYPES.dockerList,
  MEDIA_TYPES.dockerManifest,
].join(', ');

/** ECR's limit for a manifest, in bytes. */
export const MOST_MANIFEST_BYTES = 4 * 1024 * 1024;

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | undefined;
}

/** Points to content (OCI image specification, "descriptor"). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly platform: Platform | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

interface Document {
  readonly mediaType: string;
  readonly digest: Digest;
  /** As they are: their digest is the image's identity. */
  readonly bytes: Buffer;
}

export interface ImageManifest extends Document {
  readonly kind: 'image';
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

export interface IndexManifest extends Document {
  readonly kind: 'index';
  readonly manifests: readonly Descriptor[];
}

export type Manifest = ImageManifest | IndexManifest;

const invalid = (what: string, fault: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', `${what} ${fault}`, { cause });

const platformIn = (value: unknown): Platform | undefined => {
  if (!isMapping(value)) return undefined;
  const { os, architecture, variant } = value;
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return { os, architecture, variant: typeof variant === 'string' ? variant : undefined };
};

const textsIn = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(isMapping(value) ? value : {}).flatMap(([key, text]) =>
      typeof text === 'string' ? [[key, text] as const] : [],
    ),
  );

/** Reads a descriptor. Throws `invalid-input` for anything else, naming `what` it stands in. */
export const parseDescriptor = (value: unknown, what: string): Descriptor => {
  const { mediaType, digest, size, platform, annotations }: Readonly<Record<string, unknown>> = isMapping(value)
    ? value
    : {};
  if (typeof mediaType !== 'string' || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw invalid(what, 'has a descriptor without media type or size');
  }
  return {
    mediaType,
    digest: parseDigest(digest, what),
    size,
    platform: platformIn(platform),
    annotations: textsIn(annotations),
  };
};

/** Reads bytes as JSON. Throws `invalid-input`, naming `what` they are. */
export const parseJsonBytes = (bytes: Buffer, what: string): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw invalid(what, `is not JSON: ${textOf(error)}`, error);
  }
};

const descriptorsIn = (value: unknown, what: string): readonly Descriptor[] => {
  if (!Array.isArray(value)) throw invalid(what, 'lists no content');
  return value.map((item) => parseDescriptor(item, what));
};

/**
 * Reads a manifest or an index; `declared` is the media type it came with, which its own wins over. Throws
 * `invalid-input` for anything else, the outdated schema 1 among it.
 */
export const parseManifest = (bytes: Buffer, declared: string, what: string): Manifest => {
  if (bytes.length > MOST_MANIFEST_BYTES) throw invalid(what, 'is larger than the 4 MiB of a manifest');
  const document = parseJsonBytes(bytes, what);
  if (!isMapping(document)) throw invalid(what, 'is no manifest');
  if (document['schemaVersion'] !== 2) throw invalid(what, 'is a manifest of schema 1: push the image anew');
  const own = document['mediaType'];
  const isIndex = document['manifests'] !== undefined;
  const fallback = declared === '' ? (isIndex ? MEDIA_TYPES.ociIndex : MEDIA_TYPES.ociManifest) : declared;
  const mediaType = typeof own === 'string' ? own : fallback;
  const common = { mediaType, digest: digestOf(bytes), bytes };
  if (isIndex) return { kind: 'index', ...common, manifests: descriptorsIn(document['manifests'], what) };
  const config = parseDescriptor(document['config'], what);
  return { kind: 'image', ...common, config, layers: descriptorsIn(document['layers'], what) };
};

/** Layers that are not for distribution stay where their URLs point to (OCI image specification). */
export const isDistributable = ({ mediaType }: Descriptor): boolean => !/nondistributable|foreign/u.test(mediaType);

/** Whether a descriptor points to another manifest. */
export const isManifest = ({ mediaType }: Descriptor): boolean => ACCEPTED.split(', ').includes(mediaType);

/** BuildKit's attestations hang in an index under a platform that is none. */
export const isAttestation = ({ platform }: Descriptor): boolean => platform?.os === 'unknown';

export const platformText = ({ platform }: Descriptor): string =>
  platform === undefined ? '' : [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/');
