import type { Digest } from '../image/digest.js';
import type { BlobResult, BlobUpload, RegistryClient } from './registry-client.js';

/**
 * Blobs that this run has pushed to one registry. Each is pushed to a repository at most once, however many images
 * share it, and is mounted from another repository where the registry supports that.
 */
export class BlobCache {
  private readonly results = new Map<string, Promise<BlobResult>>();
  private readonly locations = new Map<
    Digest,
    { readonly repository: string; readonly pending: Promise<BlobResult> }
  >();
  private canMount = true;

  constructor(private readonly client: Pick<RegistryClient, 'pushBlob'>) {}

  /** Ensures that a blob is in a repository; `isFirst` is false when an earlier call pushed or is pushing it. */
  ensure(upload: BlobUpload): { readonly result: Promise<BlobResult>; readonly isFirst: boolean } {
    const { repository, descriptor } = upload;
    const key = `${repository} ${descriptor.digest}`;
    const known = this.results.get(key);
    if (known !== undefined) return { result: known, isFirst: false };
    const result = this.pushBlob(upload, this.locations.get(descriptor.digest));
    this.results.set(key, result);
    if (!this.locations.has(descriptor.digest)) this.locations.set(descriptor.digest, { repository, pending: result });
    // Calls that wait for a failed push fail with it; a later call tries again.
    result.catch(() => {
      this.results.delete(key);
      if (this.locations.get(descriptor.digest)?.pending === result) this.locations.delete(descriptor.digest);
    });
    return { result, isFirst: true };
  }

  private async pushBlob(
    upload: BlobUpload,
    location: { readonly repository: string; readonly pending: Promise<BlobResult> } | undefined,
  ) {
    const mountSource = upload.mountSource ?? (await this.findMountSource(location));
    const result = await this.client.pushBlob({ ...upload, mountSource });
    // The registry started an upload in place of a mount, so later blobs do not wait for a mount source.
    if (mountSource !== undefined && result === 'uploaded') this.canMount = false;
    return result;
  }

  private async findMountSource(
    location: { readonly repository: string; readonly pending: Promise<BlobResult> } | undefined,
  ) {
    if (location === undefined || !this.canMount) return undefined;
    return location.pending.then(
      () => location.repository,
      () => undefined,
    );
  }
}
