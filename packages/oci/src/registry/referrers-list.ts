import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import type { Digest } from '../image/digest.js';
import { type Descriptor, MAX_MANIFEST_BYTES, MEDIA_TYPES, parseManifest } from '../image/manifest.js';
import type { RegistryConnection } from './registry-connection.js';
import { hasRegistryErrorCode, type RegistryError } from './registry-error.js';

/** A manifest's referrers. `unsupported`: the registry has no referrers API. */
export type ReferrersResult =
  | { readonly kind: 'listed'; readonly referrers: readonly Descriptor[] }
  | { readonly kind: 'unsupported' }
  | { readonly kind: 'denied'; readonly error: RegistryError };

/** Bounds the requests for one image. */
const MAX_REFERRERS = 1000;

const NEXT_PAGE = /^<([^<>]{1,4096})>; ?rel="?next"?$/u;

/** The query of the next page (distribution specification, "Listing Referrers"); undefined on the last page. */
const parseNextQuery = (link: unknown, origin: URL): string | undefined => {
  const [, url = ''] = NEXT_PAGE.exec(String(link ?? '')) ?? [];
  return url !== '' && URL.canParse(url, origin.href) ? new URL(url, origin).search : undefined;
};

const listPages = async (
  connection: RegistryConnection,
  repository: string,
  digest: Digest,
  label: string,
): Promise<readonly Descriptor[]> => {
  const referrers: Descriptor[] = [];
  let query: string | undefined = '';
  while (query !== undefined) {
    const path: string = `referrers/${digest}${query}`;
    const page = await connection.runWithRetry(label, async () => {
      const response = await connection.sendRequest({ method: 'GET', repository, path }, label, [200]);
      return { bytes: await response.readBytes(MAX_MANIFEST_BYTES), link: response.headers['link'] };
    });
    const index = parseManifest(page.bytes, MEDIA_TYPES.ociIndex, label);
    referrers.push(...(index.kind === 'index' ? index.manifests : []));
    if (referrers.length > MAX_REFERRERS)
      throw new DeliveryError('rejected', `${label}: more than ${MAX_REFERRERS}: delete those that are not needed`);
    query = parseNextQuery(page.link, connection.origin);
  }
  return referrers;
};

/** Lists the referrers of a manifest, page by page. Throws DeliveryError. */
export const listReferrers = async (
  connection: RegistryConnection,
  repository: string,
  digest: Digest,
): Promise<ReferrersResult> => {
  try {
    const label = `referrers of ${repository}@${digest}`;
    return { kind: 'listed', referrers: await listPages(connection, repository, digest, label) };
  } catch (error) {
    if (hasRegistryErrorCode(error, 403)) return { kind: 'denied', error };
    if (hasRegistryErrorCode(error, 404, 405)) return { kind: 'unsupported' };
    throw error;
  }
};
