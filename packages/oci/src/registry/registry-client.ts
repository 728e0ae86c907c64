import { Semaphore } from '@aws-delivery/action-kit/util/concurrency';
import { DeliveryError } from '@aws-delivery/action-kit/util/error';
import { computeDigest, createCorruptError, type Digest, isDigest, streamBytes, verifySize } from '../image/digest.js';
import {
  ACCEPTED_MEDIA_TYPES,
  type Descriptor,
  MAX_MANIFEST_BYTES,
  type Manifest,
  parseManifest,
} from '../image/manifest.js';
import { listReferrers, type ReferrersResult } from './referrers-list.js';
import { RegistryConnection, type RegistryConnectionOptions, type RepositoryRequest } from './registry-connection.js';
import { createRegistryError, hasRegistryErrorCode } from './registry-error.js';
import type { HttpResponse } from './transport.js';

/** Opens content from its beginning; called for each attempt. */
export type OpenContent = () => AsyncIterable<Uint8Array>;

/** `mounted`: linked from another repository of the registry. `uploaded`: its bytes were sent. */
export type BlobResult = 'present' | 'mounted' | 'uploaded';

/** The manifest, or the part of the reference that does not exist. */
export type ManifestLookup =
  | { readonly kind: 'found'; readonly manifest: Manifest }
  | { readonly kind: 'no-image' }
  | { readonly kind: 'no-repository' };

export interface BlobUpload {
  readonly repository: string;
  readonly descriptor: Descriptor;
  readonly open: OpenContent;
  /** Another repository of this registry that has the blob, to mount it from. */
  readonly mountSource: string | undefined;
}

/** Larger blobs have buffers in memory and fill the connection, so that only a few are uploaded at once. */
const SMALL_BLOB_BYTES = 1024 * 1024;
const MAX_LARGE_UPLOADS = 8;

/**
 * Client of one registry (OCI distribution specification 1.1). Methods retry transient errors and throw DeliveryError.
 */
export class RegistryClient {
  private readonly largeUploads = new Semaphore(MAX_LARGE_UPLOADS);
  private readonly connection: RegistryConnection;

  constructor(options: RegistryConnectionOptions) {
    this.connection = new RegistryConnection(options);
  }

  get origin(): URL {
    return this.connection.origin;
  }

  /** Fetches the manifest for a tag or digest and verifies its digest. */
  async findManifest(repository: string, reference: string): Promise<ManifestLookup> {
    const label = `manifest ${repository}:${reference}`;
    try {
      return {
        kind: 'found',
        manifest: await this.connection.runWithRetry(label, () => this.fetchManifest(repository, reference, label)),
      };
    } catch (error) {
      if (hasRegistryErrorCode(error, 'NAME_UNKNOWN')) return { kind: 'no-repository' };
      if (hasRegistryErrorCode(error, 404)) return { kind: 'no-image' };
      throw error;
    }
  }

  /**
   * Streams a blob's bytes, unverified. Throws `unavailable` when the connection breaks. Does not retry: the caller
   * repeats the whole transfer, and nested retries would multiply.
   */
  async *streamBlob(repository: string, digest: Digest): AsyncGenerator<Uint8Array> {
    const label = `blob ${digest} of ${repository}`;
    const response = await this.connection.sendRequest(
      { method: 'GET', repository, path: `blobs/${digest}` },
      label,
      [200],
    );
    yield* response.body;
  }

  /**
   * Ensures that a blob is in a repository. Each attempt checks first, since the response to an earlier one may have
   * been lost. With a mount source the mount comes first: it takes one request, and succeeds for existing blobs as well.
   */
  pushBlob(upload: BlobUpload): Promise<BlobResult> {
    const { repository, descriptor, mountSource } = upload;
    const label = `blob ${descriptor.digest} to ${repository}`;
    return this.connection.runWithRetry(label, async () => {
      const mount = mountSource === undefined ? undefined : await this.startUpload(upload, label);
      if (mount === 'mounted') return 'mounted';
      if (await this.hasBlob(repository, descriptor.digest)) return 'present';
      const location = mount ?? (await this.startUpload(upload, label));
      if (location === 'mounted') return 'mounted';
      const uploadContent = () => this.uploadContent(upload, location, label);
      await (descriptor.size > SMALL_BLOB_BYTES ? this.largeUploads.run(uploadContent) : uploadContent());
      return 'uploaded';
    });
  }

  /**
   * Puts a manifest under a tag or its digest and verifies the digest in the response. Returns true when the registry
   * has processed the manifest's `subject`.
   */
  async putManifest(repository: string, reference: string, manifest: Manifest): Promise<boolean> {
    const label = `manifest ${repository}:${reference}`;
    let attempts = 0;
    return this.connection.runWithRetry(label, async () => {
      attempts += 1;
      try {
        return await this.sendManifest(repository, reference, manifest, label);
      } catch (error) {
        // An immutable tag cannot be set twice, and the response to the first attempt may have been lost.
        const isTaken = attempts > 1 && hasRegistryErrorCode(error, 'TAG_INVALID');
        const found = isTaken ? await this.findManifest(repository, reference) : undefined;
        if (found?.kind !== 'found' || found.manifest.digest !== manifest.digest) throw error;
        return false;
      }
    });
  }

  /** Lists the referrers of a manifest (distribution specification 1.1, "Listing Referrers"). */
  listReferrers(repository: string, digest: Digest): Promise<ReferrersResult> {
    return listReferrers(this.connection, repository, digest);
  }

  private async fetchManifest(repository: string, reference: string, label: string): Promise<Manifest> {
    const request: RepositoryRequest = {
      method: 'GET',
      repository,
      path: `manifests/${reference}`,
      headers: { accept: ACCEPTED_MEDIA_TYPES },
    };
    const response = await this.connection.sendRequest(request, label, [200]);
    const bytes = await response.readBytes(MAX_MANIFEST_BYTES);
    const declared = String(response.headers['content-type'] ?? '').split(';')[0] ?? '';
    const claimed = isDigest(reference) ? reference : response.headers['docker-content-digest'];
    const digest = computeDigest(bytes);
    if (claimed !== undefined && claimed !== digest) {
      throw new DeliveryError(
        'unavailable',
        `${label}: the registry sent a manifest with the digest ${digest}, expected ${String(claimed)}`,
      );
    }
    return parseManifest(bytes, declared, label);
  }

  private async hasBlob(repository: string, digest: Digest): Promise<boolean> {
    const label = `blob ${digest} of ${repository}`;
    const response = await this.connection.sendRequest(
      { method: 'HEAD', repository, path: `blobs/${digest}` },
      label,
      [200, 404],
    );
    response.drop();
    return response.status === 200;
  }

  /** Starts an upload. With a mount source the registry may mount the blob instead, or ignore the source. */
  private async startUpload(
    { repository, descriptor, mountSource }: BlobUpload,
    label: string,
  ): Promise<URL | 'mounted'> {
    const mount =
      mountSource === undefined ? '' : `?${new URLSearchParams({ mount: descriptor.digest, from: mountSource })}`;
    const response = await this.connection.sendRequest(
      { method: 'POST', repository, path: `blobs/uploads/${mount}` },
      label,
      [201, 202],
    );
    response.drop();
    if (response.status === 201) return 'mounted';
    const { location } = response.headers;
    if (location !== undefined && URL.canParse(location, this.origin.href)) return this.resolveUploadUrl(location);
    throw new DeliveryError('unexpected', `${label}: the registry started an upload without a location`);
  }

  /** A registry behind a proxy returns URLs with its own host: they are sent to the proxy. */
  private resolveUploadUrl(location: string): URL {
    const url = new URL(location, this.origin);
    const isRegistry = url.pathname.startsWith('/v2/');
    return isRegistry ? new URL(`${url.pathname}${url.search}`, this.origin) : url;
  }

  private async uploadContent(
    { repository, descriptor, open }: BlobUpload,
    location: URL,
    label: string,
  ): Promise<void> {
    const url = new URL(location);
    url.searchParams.set('digest', descriptor.digest);
    const { size, digest } = descriptor;
    const request = {
      method: 'PUT',
      headers: { 'content-type': 'application/octet-stream' },
      body: { size, open: () => verifySize(open(), size, `blob ${digest}`) },
    } as const;
    const response = await this.connection.sendAuthorized(url, repository, request, label).catch((error: unknown) => {
      throw hasRegistryErrorCode(error, 'DIGEST_INVALID')
        ? createCorruptError(`blob ${digest}`, 'the registry computed another digest', error)
        : error;
    });
    if (response.status !== 201) throw await createRegistryError(response, label);
    response.drop();
    this.verifyDigest(response, digest, label);
  }

  private async sendManifest(
    repository: string,
    reference: string,
    { bytes, mediaType, digest }: Manifest,
    label: string,
  ) {
    const request: RepositoryRequest = {
      method: 'PUT',
      repository,
      path: `manifests/${reference}`,
      headers: { 'content-type': mediaType },
      body: { size: bytes.length, open: () => streamBytes(bytes) },
    };
    const response = await this.connection.sendRequest(request, label, [201]);
    response.drop();
    this.verifyDigest(response, digest, label);
    return response.headers['oci-subject'] !== undefined;
  }

  private verifyDigest({ headers }: HttpResponse, digest: Digest, label: string): void {
    const claimed = headers['docker-content-digest'];
    if (claimed === undefined || claimed === digest) return;
    throw new DeliveryError(
      'unexpected',
      `${label}: the registry stored it with the digest ${String(claimed)}, expected ${digest}`,
    );
  }
}
