import { z } from 'zod';

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

const descriptorSchema = z.looseObject({
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  mediaType: z.string().min(1),
  size: z.int().nonnegative(),
});

const imageSchema = z.looseObject({
  schemaVersion: z.literal(2),
  mediaType: z.string().optional(),
  config: descriptorSchema,
  layers: z.array(descriptorSchema),
  subject: descriptorSchema.optional(),
});

const indexSchema = imageSchema.omit({ config: true, layers: true }).extend({ manifests: z.array(descriptorSchema) });

/** Media types that ECR accepts (ECR user guide, "Container image manifest format support"), by kind. */
const MEDIA_TYPES: Readonly<Record<string, 'image' | 'index'>> = {
  'application/vnd.docker.distribution.manifest.v2+json': 'image',
  'application/vnd.oci.image.manifest.v1+json': 'image',
  'application/vnd.docker.distribution.manifest.list.v2+json': 'index',
  'application/vnd.oci.image.index.v1+json': 'index',
};

const getDigests = (descriptors: readonly z.output<typeof descriptorSchema>[]) =>
  descriptors.map((each) => each.digest);

/** @throws ZodError */
const readContent = (kind: 'image' | 'index', document: unknown): ManifestContent => {
  if (kind === 'index') {
    const { manifests, subject } = indexSchema.parse(document);
    return { blobs: [], manifests: getDigests(manifests), subject: subject?.digest };
  }
  const { config, layers, subject } = imageSchema.parse(document);
  // Foreign layers are fetched from their own URLs and are not stored in the registry.
  const stored = layers.filter(({ mediaType }) => !/foreign|nondistributable/.test(mediaType));
  return { blobs: getDigests([config, ...stored]), manifests: [], subject: subject?.digest };
};

/** Parses a manifest as ECR does when it is pushed. */
export const parseManifest = (manifest: Buffer, contentType: string): ManifestResult => {
  const declared = contentType.split(';')[0]?.trim() ?? '';
  try {
    const document: unknown = JSON.parse(manifest.toString('utf8'));
    const { mediaType = declared } = z.looseObject({ mediaType: z.string().optional() }).parse(document);
    if (declared !== '' && mediaType !== declared) {
      const message = `The media type ${mediaType} does not match the content type ${declared}`;
      return { kind: 'invalid', message };
    }
    const kind = Object.hasOwn(MEDIA_TYPES, mediaType) ? MEDIA_TYPES[mediaType] : undefined;
    if (kind === undefined) return { kind: 'invalid', message: `The media type '${mediaType}' is not supported` };
    return { kind: 'manifest', content: readContent(kind, document) };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return { kind: 'invalid', message: 'Invalid JSON syntax' };
    if (thrown instanceof z.ZodError) return { kind: 'invalid', message: z.prettifyError(thrown) };
    throw thrown;
  }
};
