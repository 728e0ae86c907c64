import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { formatPlatform, isAttestation, isManifest, type Manifest } from '@aws-delivery/oci/image/manifest';
import type { Registry } from '../login/registry.js';
import type { ScanTarget } from './scanner.js';

/** An image or index in a registry, by digest. */
export interface ImageRef {
  readonly registry: Registry;
  readonly repository: string;
  readonly digest: string;
}

const fetchManifest = async ({ registry, repository, digest }: ImageRef): Promise<Manifest> => {
  const found = await registry.client.findManifest(repository, digest);
  if (found.kind === 'found') return found.manifest;
  throw new DeliveryError('not-found', `${repository}@${digest} no longer exists: another process deleted it`);
};

/**
 * Lists the images to scan: scanners do not scan an index but its images (docs/aws-facts.md §5.4), without BuildKit's
 * attestations. Throws DeliveryError.
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
