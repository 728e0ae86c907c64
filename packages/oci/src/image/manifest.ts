import { DeliveryError, errorMessage } from '@aws-delivery/action-kit/util/error';
import { isRecord } from '@aws-delivery/action-kit/util/is-record';
import { computeDigest, type Digest, parseDigest } from './digest.js';

export const MEDIA_TYPES = {
  ociIndex: 'application/vnd.oci.image.index.v1+json',
  ociManifest: 'application/vnd.oci.image.manifest.v1+json',
  dockerList: 'application/vnd.docker.distribution.manifest.list.v2+json',
  dockerManifest: 'application/vnd.docker.distribution.manifest.v2+json',
  dockerConfig: 'application/vnd.docker.container.image.v1+json',
  dockerLayer: 'application/vnd.docker.image.rootfs.diff.tar.gzip',
  ociConfig: 'application/vnd.oci.image.config.v1+json',
  ociLayer: 'application/vnd.oci.image.layer.v1.tar+gzip',
  ociZstdLayer: 'application/vnd.oci.image.layer.v1.tar+zstd',
} as const;

/** Value of the `Accept` header for manifests. */
export const ACCEPTED_MEDIA_TYPES = [
  MEDIA_TYPES.ociIndex,
  MEDIA_TYPES.ociManifest,
  MEDIA_TYPES.dockerList,
  MEDIA_TYPES.dockerManifest,
].join(', ');

/** ECR's limit for a manifest, in bytes. */
export const MAX_MANIFEST_BYTES = 4 * 1024 * 1024;

export interface Platform {
  readonly os: string;
  readonly architecture: string;
  readonly variant: string | undefined;
}

/** A reference to content (OCI image specification, "descriptor"). */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly platform: Platform | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

interface ManifestDocument {
  readonly mediaType: string;
  readonly digest: Digest;
  /** The bytes as received; their digest identifies the image. */
  readonly bytes: Buffer;
  /** The type of an artifact, or that of an image's configuration; undefined for an index without one. */
  readonly artifactType: string | undefined;
  /** The manifest that this one refers to (OCI image specification 1.1). */
  readonly subject: Digest | undefined;
  readonly annotations: Readonly<Record<string, string>>;
}

export interface ImageManifest extends ManifestDocument {
  readonly kind: 'image';
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
}

export interface IndexManifest extends ManifestDocument {
  readonly kind: 'index';
  readonly manifests: readonly Descriptor[];
}

export type Manifest = ImageManifest | IndexManifest;

const createInputError = (label: string, problem: string, cause?: unknown): DeliveryError =>
  new DeliveryError('invalid-input', `${label} ${problem}`, { cause });

const parsePlatform = (value: unknown): Platform | undefined => {
  if (!isRecord(value)) return undefined;
  const { os, architecture, variant } = value;
  if (typeof os !== 'string' || typeof architecture !== 'string') return undefined;
  return { os, architecture, variant: typeof variant === 'string' ? variant : undefined };
};

const parseAnnotations = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(isRecord(value) ? value : {}).flatMap(([key, annotation]) =>
      typeof annotation === 'string' ? [[key, annotation] as const] : [],
    ),
  );

/** Throws `invalid-input` with `label`, the document that the descriptor is in. */
export const parseDescriptor = (value: unknown, label: string): Descriptor => {
  const { mediaType, digest, size, platform, annotations }: Readonly<Record<string, unknown>> = isRecord(value)
    ? value
    : {};
  if (typeof mediaType !== 'string' || typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) {
    throw createInputError(label, 'contains a descriptor without a media type or size');
  }
  return {
    mediaType,
    digest: parseDigest(digest, label),
    size,
    platform: parsePlatform(platform),
    annotations: parseAnnotations(annotations),
  };
};

/** Throws `invalid-input` with `label`, the name of the document. */
export const parseJsonBytes = (bytes: Buffer, label: string): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw createInputError(label, `is not valid JSON: ${errorMessage(error)}`, error);
  }
};

const parseDescriptors = (value: unknown, label: string): readonly Descriptor[] => {
  if (!Array.isArray(value)) throw createInputError(label, 'does not contain a list of descriptors');
  return value.map((item) => parseDescriptor(item, label));
};

/**
 * Parses a manifest or an index. The document's own media type takes precedence over `declaredMediaType`, which may be
 * empty. Throws `invalid-input` for other documents, including the outdated schema 1.
 */
export const parseManifest = (bytes: Buffer, declaredMediaType: string, label: string): Manifest => {
  if (bytes.length > MAX_MANIFEST_BYTES)
    throw createInputError(label, 'is larger than 4 MiB, the limit for a manifest');
  const document = parseJsonBytes(bytes, label);
  if (!isRecord(document)) throw createInputError(label, 'is not an image manifest or an image index');
  if (document['schemaVersion'] !== 2)
    throw createInputError(label, 'is not a manifest of schema version 2: push the image again with a current tool');
  const ownMediaType = document['mediaType'];
  const isIndex = document['manifests'] !== undefined;
  const fallback =
    declaredMediaType === '' ? (isIndex ? MEDIA_TYPES.ociIndex : MEDIA_TYPES.ociManifest) : declaredMediaType;
  const mediaType = typeof ownMediaType === 'string' ? ownMediaType : fallback;
  const { artifactType: ownType, subject } = document;
  const common = {
    mediaType,
    digest: computeDigest(bytes),
    bytes,
    artifactType: typeof ownType === 'string' ? ownType : undefined,
    subject: isRecord(subject) ? parseDescriptor(subject, label).digest : undefined,
    annotations: parseAnnotations(document['annotations']),
  };
  if (isIndex) return { kind: 'index', ...common, manifests: parseDescriptors(document['manifests'], label) };
  const config = parseDescriptor(document['config'], label);
  const artifactType = common.artifactType ?? config.mediaType;
  return { kind: 'image', ...common, artifactType, config, layers: parseDescriptors(document['layers'], label) };
};

/** False for layers that must not be uploaded and are fetched from their own URLs (OCI image specification). */
export const isDistributable = ({ mediaType }: Descriptor): boolean => !/nondistributable|foreign/u.test(mediaType);

/** Whether a descriptor refers to a manifest or an index. */
export const isManifest = ({ mediaType }: Descriptor): boolean => ACCEPTED_MEDIA_TYPES.split(', ').includes(mediaType);

/** BuildKit lists attestations in the index under the platform `unknown/unknown`. */
export const isAttestation = ({ platform }: Descriptor): boolean => platform?.os === 'unknown';

export const formatPlatform = ({ platform }: Descriptor): string =>
  platform === undefined ? '' : [platform.os, platform.architecture, platform.variant].filter(Boolean).join('/');
