import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { formatPlatform, isAttestation, isManifest, type Manifest } from '@aws-delivery/oci/image/manifest';
import type { Registry } from '../login/registry.js';
import type { ScanTarget } from './scanner.js';

/** An image in a registry by its digest, an index among them. */
export interface ImageRef {
  readonly registry: Registry;
  readonly repository: string;
  readonly digest: string;
}

const fetchManifest = async ({ registry, repository, digest }: ImageRef): Promise<Manifest> => {
  const found = await registry.client.findManifest(repository, digest);
  if (found.kind === 'found') return found.manifest;
  throw new DeliveryError('not-found', `${repository}@${digest} is not there any more: somebody has deleted it`);
};

/**
 * What scanners look at: an index itself is never scanned, its images are (docs/aws-facts.md §5.4); BuildKit's attestations are
 * none. Throws DeliveryError.
 */
export const listScanTargets = async (imageRef: ImageRef, platform = ''): Promise<readonly ScanTarget[]> => {
  const manifest = await fetchManifest(imageRef);
  const { registry, repository } = imageRef;
  if (manifest.kind === 'image') return [{ registry, repository, digest: manifest.digest, platform }];
  const children = manifest.manifests.filter((each) => isManifest(each) && !isAttestation(each));
  const nested = await Promise.all(
    children.map((each) => listScanTargets({ ...imageRef, digest: each.digest }, formatPlatform(each) || platform)),
  );
  return nested.flat();
};
