import type { Digest } from '../image/digest.js';
import type { BlobResult, BlobUpload, RegistryClient } from './registry-client.js';

/**
 * Which blobs of one registry are where, as far as this run knows: each travels to a repository at most once, however
 * many images share it, and from one repository to the next inside the registry where it lets blobs be mounted.
 */
export class BlobCache {
  private readonly results = new Map<string, Promise<BlobResult>>();
  private readonly locations = new Map<
    Digest,
    { readonly repository: string; readonly pending: Promise<BlobResult> }
  >();
  private canMount = true;

  constructor(private readonly client: RegistryClient) {}

  /** Makes sure of a blob; `first` is false for those who only wait for, or profit from, somebody else's work. */
  ensure(upload: BlobUpload): { readonly result: Promise<BlobResult>; readonly isFirst: boolean } {
    const { repository, descriptor } = upload;
    const key = `${repository} ${descriptor.digest}`;
    const known = this.results.get(key);
    if (known !== undefined) return { result: known, isFirst: false };
    const result = this.pushBlob(upload, this.locations.get(descriptor.digest));
    this.results.set(key, result);
    if (!this.locations.has(descriptor.digest)) this.locations.set(descriptor.digest, { repository, pending: result });
    // A failure is the failure of those who wait; the next image tries for itself.
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
    // It was asked to mount and gave an upload instead: nobody needs to wait for a mount any more.
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
