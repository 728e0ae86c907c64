import type { HttpResponse } from '../../api-call.js';
import { readDocument } from '../../protocols/document.js';
import type { Image, Repository } from '../ecr/repository.js';
import { parseManifest } from './manifest.js';
import { createResponse } from './protocol.js';

const INDEX_MEDIA_TYPE = 'application/vnd.oci.image.index.v1+json';

/** The digest of a stored manifest's `subject`; undefined without one. */
const getSubjectDigest = ({ manifest, mediaType }: Image): string | undefined => {
  const result = parseManifest(manifest, mediaType);
  return result.kind === 'manifest' ? result.content.subject : undefined;
};

/** The referrers of a digest as an index (OCI distribution specification 1.1, "Listing Referrers"). */
export const createReferrersResponse = ({ images }: Repository, digest: string): HttpResponse => {
  const manifests = [...images.values()]
    .filter((image) => getSubjectDigest(image) === digest)
    .map(({ manifest, mediaType, digest: own }) => {
      const { artifactType, annotations } = readDocument(JSON.parse(manifest.toString('utf8')));
      return { mediaType, digest: own, size: manifest.length, artifactType, annotations };
    });
  const index = { schemaVersion: 2, mediaType: INDEX_MEDIA_TYPE, manifests };
  return createResponse(200, { 'content-type': INDEX_MEDIA_TYPE }, Buffer.from(JSON.stringify(index)));
};
