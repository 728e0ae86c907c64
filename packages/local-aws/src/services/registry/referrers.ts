import type { HttpResponse } from '../../api-call.js';
import { isDocument, readDocument } from '../../protocols/document.js';
import type { Repository } from '../ecr/repository.js';
import { createResponse } from './protocol.js';

const INDEX_MEDIA_TYPE = 'application/vnd.oci.image.index.v1+json';

const parseManifest = (manifest: Buffer) => {
  return readDocument(JSON.parse(manifest.toString('utf8')));
};

/** The digest of a manifest's `subject`; undefined without one. */
export const getSubjectDigest = (manifest: Buffer): string | undefined => {
  const { subject } = parseManifest(manifest);
  return isDocument(subject) ? String(subject['digest']) : undefined;
};

/** The referrers of a digest as an index (OCI distribution specification 1.1, "Listing Referrers"). */
export const createReferrersResponse = ({ images }: Repository, digest: string): HttpResponse => {
  const manifests = [...images.values()]
    .filter(({ manifest }) => getSubjectDigest(manifest) === digest)
    .map(({ manifest, mediaType, digest: own }) => {
      const { artifactType, annotations } = parseManifest(manifest);
      return { mediaType, digest: own, size: manifest.length, artifactType, annotations };
    });
  const index = { schemaVersion: 2, mediaType: INDEX_MEDIA_TYPE, manifests };
  return createResponse(200, { 'content-type': INDEX_MEDIA_TYPE }, Buffer.from(JSON.stringify(index)));
};
