import type { WireResponse } from '../../call.js';
import { isDocument } from '../../wire/json.js';
import type { Repository } from '../ecr/repository.js';
import { answer } from './protocol.js';

const INDEX = 'application/vnd.oci.image.index.v1+json';

const documentOf = (manifest: Buffer) => {
  const document: unknown = JSON.parse(manifest.toString('utf8'));
  return isDocument(document) ? document : {};
};

/** The digest that a manifest refers to; undefined where it refers to none. */
export const subjectOf = (manifest: Buffer): string | undefined => {
  const { subject } = documentOf(manifest);
  return isDocument(subject) ? String(subject['digest']) : undefined;
};

/** What refers to a digest, as an index (OCI distribution specification 1.1, "Listing Referrers"). */
export const referrersOf = ({ images }: Repository, digest: string): WireResponse => {
  const manifests = [...images.values()]
    .filter(({ manifest }) => subjectOf(manifest) === digest)
    .map(({ manifest, mediaType, digest: own }) => {
      const { artifactType, annotations } = documentOf(manifest);
      return { mediaType, digest: own, size: manifest.length, artifactType, annotations };
    });
  const index = { schemaVersion: 2, mediaType: INDEX, manifests };
  return answer(200, { 'content-type': INDEX }, Buffer.from(JSON.stringify(index)));
};
