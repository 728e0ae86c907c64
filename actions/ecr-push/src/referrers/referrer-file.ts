import { stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { readRegularFile } from '@aws-delivery/action-kit/files/regular-file';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { toFileError } from '@aws-delivery/action-kit/util/file-error';
import { computeDigest, type Digest } from '@aws-delivery/oci/image/digest';
import { type Manifest, MEDIA_TYPES, parseManifest } from '@aws-delivery/oci/image/manifest';
import { detectArtifactType } from './artifact-type.js';

/** A file to push as a referrer, as the input names it. */
export interface ReferrerSpec {
  readonly path: string;
  /** Undefined to detect it from the file's content. */
  readonly artifactType: string | undefined;
}

// RFC 6838, section 4.2.
const MEDIA_TYPE = /^[a-z0-9][\w!#$&^.+-]{0,126}\/[a-z0-9][\w!#$&^.+-]{0,126}$/iu;

/** Parses `path` or `path=type`. Throws `invalid-input`. */
export const parseReferrer = (raw: string): ReferrerSpec => {
  const separator = raw.lastIndexOf('=');
  if (separator === -1) return { path: raw, artifactType: undefined };
  const [path, artifactType] = [raw.slice(0, separator), raw.slice(separator + 1)];
  if (path !== '' && MEDIA_TYPE.test(artifactType)) return { path, artifactType };
  throw new DeliveryError(
    'invalid-input',
    `referrer '${raw}' is invalid: write path or path=media-type, for example report.pdf=application/pdf`,
  );
};

/** A file to push as a referrer, with its content. */
export interface ReferrerFile {
  readonly path: string;
  readonly artifactType: string;
  readonly bytes: Buffer;
}

/** SBOMs of large systems have about 10 MiB. */
const MAX_REFERRER_BYTES = 256 * 1024 * 1024;

const EMPTY_JSON = Buffer.from('{}');

/** Configuration of an artifact without one (OCI image specification 1.1, "Guidance for an empty descriptor"). */
export const EMPTY_CONFIG = {
  mediaType: 'application/vnd.oci.empty.v1+json',
  digest: computeDigest(EMPTY_JSON),
  size: EMPTY_JSON.length,
  bytes: EMPTY_JSON,
} as const;

/** Reads a file and detects its type if none is given. Throws DeliveryError. */
export const readReferrer = async ({ path, artifactType }: ReferrerSpec, workspace: string): Promise<ReferrerFile> => {
  const absolutePath = resolve(workspace, path);
  try {
    const { size } = await stat(absolutePath);
    if (size > MAX_REFERRER_BYTES)
      throw new DeliveryError('invalid-input', `referrer '${path}' is larger than 256 MiB`);
    const bytes = await readRegularFile(absolutePath);
    const type = artifactType ?? detectArtifactType(bytes);
    if (type !== undefined) return { path, artifactType: type, bytes };
  } catch (error) {
    throw error instanceof DeliveryError ? error : toFileError(absolutePath, error);
  }
  const hint = `specify its media type: ${path}=application/…`;
  throw new DeliveryError(
    'invalid-input',
    `referrer '${path}' has an unknown format (not SPDX, CycloneDX, in-toto, DSSE, Sigstore or SARIF): ${hint}`,
  );
};

/** Descriptor of the image that a referrer refers to. */
export interface Subject {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
}

/** Builds the manifest of a referrer. It has no timestamp, so that its digest is the same in every run. */
export const buildReferrerManifest = ({ path, artifactType, bytes }: ReferrerFile, subject: Subject): Manifest => {
  const { bytes: _empty, ...config } = EMPTY_CONFIG;
  const annotations = { 'org.opencontainers.image.title': basename(path) };
  const layer = { mediaType: artifactType, digest: computeDigest(bytes), size: bytes.length, annotations };
  const { mediaType, digest, size } = subject;
  const document = {
    schemaVersion: 2,
    mediaType: MEDIA_TYPES.ociManifest,
    artifactType,
    config,
    layers: [layer],
    subject: { mediaType, digest, size },
  };
  return parseManifest(Buffer.from(JSON.stringify(document)), MEDIA_TYPES.ociManifest, path);
};
