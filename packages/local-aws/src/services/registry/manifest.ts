import type { Document } from '../../api-call.js';
import { isDocument, readString } from '../../protocols/document.js';

/** The content that a manifest refers to, by digest. */
export interface ManifestContent {
  /** Configuration and layers that must be in the repository: all but foreign layers. */
  readonly blobs: readonly string[];
  readonly manifests: readonly string[];
  /** The manifest that this one refers to (OCI 1.1). */
  readonly subject: string | undefined;
}

/** The content of a manifest, or why it is not a manifest. */
export type ManifestResult =
  | { readonly kind: 'manifest'; readonly content: ManifestContent }
  | { readonly kind: 'invalid'; readonly message: string };

/** Media types that ECR accepts (ECR user guide, "Container image manifest format support"), by kind. */
const MEDIA_TYPES: Readonly<Record<string, 'image' | 'index'>> = {
  'application/vnd.docker.distribution.manifest.v2+json': 'image',
  'application/vnd.oci.image.manifest.v1+json': 'image',
  'application/vnd.docker.distribution.manifest.list.v2+json': 'index',
  'application/vnd.oci.image.index.v1+json': 'index',
};

const DIGEST = /^sha256:[0-9a-f]{64}$/;

class InvalidManifestError extends Error {}

const readDescriptor = (value: unknown, field: string): Document & { readonly digest: string } => {
  if (!isDocument(value)) throw new InvalidManifestError(`${field} is not a descriptor`);
  const { digest, mediaType, size } = value;
  if (typeof digest !== 'string' || !DIGEST.test(digest))
    throw new InvalidManifestError(`${field} has no valid digest`);
  if (typeof mediaType !== 'string' || mediaType === '') throw new InvalidManifestError(`${field} has no media type`);
  if (!Number.isSafeInteger(size) || Number(size) < 0) throw new InvalidManifestError(`${field} has no valid size`);
  return { ...value, digest };
};

const readDescriptors = (value: unknown, field: string) => {
  if (!Array.isArray(value)) throw new InvalidManifestError(`${field} is not a list`);
  return value.map((item, index) => readDescriptor(item, `${field}[${index}]`));
};

/** Layers that are fetched from their own URLs and are not stored in the registry. */
const isForeign = ({ mediaType }: Document): boolean => /foreign|nondistributable/.test(String(mediaType));

const parseDocument = (manifest: Buffer): Document => {
  try {
    const document: unknown = JSON.parse(manifest.toString('utf8'));
    if (isDocument(document)) return document;
  } catch {
    throw new InvalidManifestError('Invalid JSON syntax');
  }
  throw new InvalidManifestError('The manifest is not a JSON object');
};

const readContent = (manifest: Buffer, contentType: string): ManifestContent => {
  const document = parseDocument(manifest);
  const declared = contentType.split(';')[0]?.trim() ?? '';
  const mediaType = readString(document['mediaType']) ?? declared;
  if (declared !== '' && mediaType !== declared) {
    throw new InvalidManifestError(`The media type ${mediaType} does not match the content type ${declared}`);
  }
  const kind = Object.hasOwn(MEDIA_TYPES, mediaType) ? MEDIA_TYPES[mediaType] : undefined;
  if (kind === undefined) throw new InvalidManifestError(`The media type '${mediaType}' is not supported`);
  if (document['schemaVersion'] !== 2) throw new InvalidManifestError('The schema version is not 2');
  const subject = document['subject'] === undefined ? undefined : readDescriptor(document['subject'], 'subject').digest;
  if (kind === 'index') {
    const manifests = readDescriptors(document['manifests'], 'manifests').map(({ digest }) => digest);
    return { blobs: [], manifests, subject };
  }
  const config = readDescriptor(document['config'], 'config');
  const layers = readDescriptors(document['layers'], 'layers').filter((layer) => !isForeign(layer));
  return { blobs: [config, ...layers].map(({ digest }) => digest), manifests: [], subject };
};

/** Parses a manifest as ECR does when it is pushed. */
export const parseManifest = (manifest: Buffer, contentType: string): ManifestResult => {
  try {
    return { kind: 'manifest', content: readContent(manifest, contentType) };
  } catch (error) {
    if (error instanceof InvalidManifestError) return { kind: 'invalid', message: error.message };
    throw error;
  }
};
