import { DeliveryError } from '@aws-delivery/action-kit/error';
import { isAttestation, isManifest, type Manifest, platformText } from '../oci/manifest.js';
import type { Registry } from '../registry.js';
import type { Target } from './answer.js';

/** An image in a registry by its digest, an index among them. */
export interface Place {
  readonly registry: Registry;
  readonly repository: string;
  readonly digest: string;
}

const fetch = async ({ registry, repository, digest }: Place): Promise<Manifest> => {
  const found = await registry.client.find(repository, digest);
  if (found.kind === 'found') return found.manifest;
  throw new DeliveryError('not-found', `${repository}@${digest} is not there any more: somebody has deleted it`);
};

/**
 * What scanners look at: an index itself is never scanned, its images are (aws-facts §5.4); BuildKit's attestations are
 * none. Throws DeliveryError.
 */
export const targetsOf = async (place: Place, platform = ''): Promise<readonly Target[]> => {
  const manifest = await fetch(place);
  const { registry, repository } = place;
  if (manifest.kind === 'image') return [{ registry, repository, digest: manifest.digest, platform }];
  const children = manifest.manifests.filter((each) => isManifest(each) && !isAttestation(each));
  const below = await Promise.all(
    children.map((each) => targetsOf({ ...place, digest: each.digest }, platformText(each) || platform)),
  );
  return below.flat();
};
