import type { Digest } from './digest.js';
import type { BlobFate, RegistryClient, Upload } from './registry-client.js';

/**
 * Which blobs of one registry are where, as far as this run knows: each travels to a repository at most once, however
 * many images share it, and from one repository to the next inside the registry where it lets blobs be mounted.
 */
export class BlobLedger {
  readonly #known = new Map<string, Promise<BlobFate>>();
  readonly #homes = new Map<Digest, { readonly repository: string; readonly arrival: Promise<BlobFate> }>();
  #mounting: 'unknown' | 'refused' = 'unknown';

  constructor(private readonly client: RegistryClient) {}

  /** Makes sure of a blob; `first` is false for those who only wait for, or profit from, somebody else's work. */
  ensure(upload: Upload): { readonly fate: Promise<BlobFate>; readonly first: boolean } {
    const { repository, descriptor } = upload;
    const key = `${repository} ${descriptor.digest}`;
    const known = this.#known.get(key);
    if (known !== undefined) return { fate: known, first: false };
    const fate = this.#push(upload, this.#homes.get(descriptor.digest));
    this.#known.set(key, fate);
    if (!this.#homes.has(descriptor.digest)) this.#homes.set(descriptor.digest, { repository, arrival: fate });
    // A failure is the failure of those who wait; the next image tries for itself.
    fate.catch(() => {
      this.#known.delete(key);
      if (this.#homes.get(descriptor.digest)?.arrival === fate) this.#homes.delete(descriptor.digest);
    });
    return { fate, first: true };
  }

  async #push(upload: Upload, home: { readonly repository: string; readonly arrival: Promise<BlobFate> } | undefined) {
    const from = upload.from ?? (await this.#homeOf(home));
    const fate = await this.client.push({ ...upload, from });
    // It was asked to mount and gave an upload instead: nobody needs to wait for a mount any more.
    if (from !== undefined && fate === 'uploaded') this.#mounting = 'refused';
    return fate;
  }

  async #homeOf(home: { readonly repository: string; readonly arrival: Promise<BlobFate> } | undefined) {
    if (home === undefined || this.#mounting === 'refused') return undefined;
    return home.arrival.then(
      () => home.repository,
      () => undefined,
    );
  }
}
